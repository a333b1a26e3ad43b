"""What the door shows: how many came, and the list of names."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from flask import url_for
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from sqlalchemy import Row

from forum.core import clock, templating
from forum.events import policy
from forum.events.models import Occurrence
from forum.events.operations.door import Ending
from forum.events.policy import Viewer
from forum.events.queries import door, roster
from forum.events.queries.roster import Standing, standing_of
from forum.events.views import rows
from forum.events.views.date_tabs import date_tabs
from forum.events.views.roster_page import TONES, standing_words
from forum.extensions import db


def context(viewer: Viewer, occurrence: Occurrence, refused: str = "") -> dict[str, Any]:
    """Template variables of ``events/door.html``."""
    where: dict[str, Any] = {
        "event_id": occurrence.event_id,
        "day": occurrence.original_date.isoformat(),
    }
    here = arrived(viewer, occurrence)
    answers = db.session.execute(roster.whole_roster(viewer, occurrence.id)).all()
    lines = sorted((_line(row, here) for row in answers), key=lambda line: (line["nameless"], line["sort"]))
    return {
        "event": occurrence.event,
        "occurrence": occurrence,
        "row": rows.event_row(occurrence),
        "tabs": date_tabs(occurrence, "events_door.door"),
        "expected": [line for line in lines if line["expected"]],
        "others": [line for line in lines if not line["expected"]],
        "answers": len(lines),
        "person": viewer.id,
        "keeps_names": policy.keeps_door_list(occurrence, clock.now()),
        "key": str(uuid4()),
        "door_url": url_for("events_door.door", **where),
        "roster_url": url_for("events_dates.roster", **where),
        "back_url": url_for("events_desk.overview", event_id=occurrence.event_id),
        "made_at": int(clock.now().timestamp() * 1000),
        # Until then a device may keep the page; later it forgets the names.
        "until": int((occurrence.ends_at + policy.NAMES_AT_THE_DOOR).timestamp() * 1000),
        "refused": [(None, refused)] if refused else [],
    }


def arrived(viewer: Viewer, occurrence: Occurrence) -> dict[int, list[tuple[str, int]]]:
    """(key, people) of each answer that was ticked off."""
    found: dict[int, list[tuple[str, int]]] = {}
    for rsvp_id, key, people in db.session.execute(door.arrived(viewer, occurrence.id)):
        if rsvp_id is not None:
            found.setdefault(rsvp_id, []).append((key, people))
    return found


def state(viewer: Viewer, occurrence: Occurrence) -> dict[str, Any]:
    """What a device that has the page needs to know; no name."""
    return {
        "csrf": generate_csrf(),
        "person": viewer.id,  # whose counts a device may send now
        "at": int(clock.now().timestamp() * 1000),
        "total": occurrence.walk_ins,
        "arrived": arrived(viewer, occurrence),
        "answers": sum(row[2] for row in db.session.execute(roster.roster_totals(viewer, occurrence.id))),
    }


def ending_words(ending: Ending | None, elsewhere: Occurrence | None) -> str:
    """Why an item was not counted; "" when it was. *elsewhere* is the date that its ticket is for."""
    if ending is Ending.COUNTED:
        return ""
    if elsewhere is not None:
        row = rows.event_row(elsewhere)
        return _(
            "This ticket is for another date: %(title)s, %(when)s. Nothing was counted.",
            title=row.title,
            when=date_words(elsewhere),
        )
    return _("This is not a ticket of ours. Nothing was counted.")


def date_words(occurrence: Occurrence) -> str:
    """Its day and its time."""
    return f"{templating.date_short(rows.local_start(occurrence))}, {rows.when_words(occurrence)}"


def _line(row: Row[Any], here: dict[int, list[tuple[str, int]]]) -> dict[str, Any]:
    standing, counted = standing_of(row.place, row.answer), here.get(row.id, [])
    name = row.name or _("By headcount")
    return {
        "id": row.id,
        "name": name,
        "sort": name.casefold(),
        "nameless": not row.name,
        "party": row.party_size,
        "here": max((people for _key, people in counted), default=0),
        "counted": " ".join(key for key, _people in counted),
        "expected": standing is Standing.GOING or bool(counted),
        "standing": "" if standing is Standing.GOING else standing_words()[standing],
        "tone": TONES.get(standing, ""),
    }
