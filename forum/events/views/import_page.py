"""What an import would do, and did, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _

from forum.core import clock
from forum.events.importing.held import Held
from forum.events.importing.model import Case, ImportResult, RowProblem
from forum.events.importing.plan import Item, Plan
from forum.events.models import EventStatus
from forum.events.queries import single
from forum.events.recurrence import RecurrenceError, describe
from forum.extensions import db

SHOWN = 100
"""Lines of one list; the rest is counted."""


def digest_of(plan: Plan) -> str:
    """What tells this plan from another: which events it makes and changes, in what, and as of when."""
    ids = [item.existing_id for item in plan.changed]
    stamps = {row.id: row.updated_at for row in db.session.execute(single.last_changes(ids))}
    lines = [f"new {item.source_key}" for item in plan.new]
    lines += [
        f"changed {item.source_key} {item.words} {stamps.get(item.existing_id or 0)}" for item in plan.changed
    ]
    return sha256("\n".join(lines).encode()).hexdigest()


def plan_context(held: Held, result: ImportResult, plan: Plan) -> dict[str, Any]:
    """Template variables of ``events/import_plan.html``, the form left out."""
    problems = sorted([*result.problems, *plan.problems], key=lambda problem: problem.row)
    return {
        "name": held.name,
        "new": [_line(item) for item in plan.new[:SHOWN]],
        "new_count": len(plan.new),
        "changed": [
            _line(item) | {"words": ", ".join(_changes(item)), "url": _desk_url(item)}
            for item in plan.changed[:SHOWN]
        ],
        "changed_count": len(plan.changed),
        "unchanged_count": len(plan.unchanged),
        "gone": plan.gone[:SHOWN],
        "gone_count": len(plan.gone),
        "problems": problems[:SHOWN],
        "problem_count": len(problems),
        "cases": _cases(result.report),
        "writes": len(plan.new) + len(plan.changed),
        "shown": SHOWN,
        "again_url": url_for("events_desk.import_file"),
    }


def result_of(plan: Plan, refused: Sequence[RowProblem]) -> dict[str, Any]:
    """What came of it, as it is kept and shown."""
    rows = {problem.row for problem in refused}
    return {
        "new": sum(item.imported.row not in rows for item in plan.new),
        "changed": sum(item.imported.row not in rows for item in plan.changed),
        "unchanged": len(plan.unchanged),
        "refused": [[problem.row, problem.what, problem.why] for problem in refused],
    }


def _line(item: Item) -> dict[str, Any]:
    event = item.imported
    return {
        "row": event.row,
        "title": event.title,
        "day": event.starts,
        "repeats": _repeats(item),
        "place": ", ".join(part for part in (event.place_name, event.place_address) if part),
        "notes": _notes(item),
    }


def _repeats(item: Item) -> str:
    if not item.imported.rrule:
        return ""
    try:
        return describe(item.imported.rrule, item.details.starts_local, ZoneInfo(item.details.zone))
    except RecurrenceError:
        return item.imported.rrule


def _notes(item: Item) -> list[str]:
    notes = []
    if item.status in (EventStatus.CANCELLED, EventStatus.POSTPONED):
        notes.append(_("Cancelled") if item.status == EventStatus.CANCELLED else _("Postponed"))
    if item.existing_id is None and item.status is None:
        notes.append(_("Draft"))
    over = item.details.ends_local < clock.to_local(clock.now()).replace(tzinfo=None)
    if over and not item.imported.rrule:
        notes.append(_("In the past"))
    return notes


def _changes(item: Item) -> Iterable[str]:
    names = {
        "title": _("the title"),
        "story": _("the story"),
        "kind_id": _("the kind"),
        "zone": _("the time zone"),
        "all_day": _("all day"),
        "starts": _("the start"),
        "ends": _("the end"),
        "rrule": _("how it repeats"),
        "extra_starts": _("extra dates"),
        "skipped_starts": _("dates left out"),
        "place_name": _("the place"),
        "place_address": _("the address"),
        "latitude": _("where it is on the map"),
        "longitude": _("where it is on the map"),
        "capacity": _("the places"),
        "neighborhood": _("the neighborhoods"),
        "neighborhoods": _("the neighborhoods"),
        "hosts": _("the hosts"),
        "online_url": _("the link"),
        "contact_email": _("the contact"),
        "contact_phone": _("the contact"),
    }
    found = [names.get(name, name.replace("_", " ")) for name in item.changed]
    if item.status is not None:
        found.append(_("cancelled") if item.status == EventStatus.CANCELLED else _("postponed"))
    found += [_("the date %(day)s", day=f"{override.original:%Y-%m-%d}") for override in item.overrides]
    return dict.fromkeys(found)


def _desk_url(item: Item) -> str:
    return url_for("events_desk.overview", event_id=item.existing_id)


def _cases(report: Iterable[Case]) -> list[dict[str, Any]]:
    """The odd things that were met, and what was done about each."""
    words = {
        "no end": (_("No end"), _("an hour is assumed, or the one day")),
        "floating time": (
            _("A time without a zone"),
            _("taken in the calendar’s zone, or else the agency’s"),
        ),
        "time in UTC": (_("A time in UTC"), _("brought to the calendar’s zone, or else the agency’s")),
        "start is not a date of its rule": (
            _("A start that its rule does not make"),
            _("the rule’s first date is the start; the other is kept as an extra date"),
        ),
        "skipped date that the rule never makes": (_("A skipped date that never was"), _("ignored")),
        "change to an occurrence of no series here": (
            _("A changed date whose series is not in the file"),
            _("taken as an event of its own"),
        ),
        "private or confidential": (_("Private or confidential"), _("left out")),
        "an older version of the same event": (_("An older version of the same event"), _("left out")),
        "no key": (
            _("No key"),
            _("one is made of start, title and place: do not change those between two imports"),
        ),
        "unknown kind": (_("A kind that is not known here"), _("filed under “other”")),
    }
    met = [case for case in report if case.count and case.name in words]
    return [{"count": case.count, "what": words[case.name][0], "done": words[case.name][1]} for case in met]
