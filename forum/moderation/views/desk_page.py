"""What stands on the desk's pages: lines of the queue, and a case with its timeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from forum.accounts.models import Person
from forum.core import clock
from forum.core.languages import page_language
from forum.core.templating import moment
from forum.extensions import db
from forum.moderation import policy, registry
from forum.moderation.forms import DecideForm
from forum.moderation.models import Case, CaseFinding, CaseState, Decision
from forum.moderation.operations.unwinding import lead_of
from forum.moderation.queries import appeals, cases, waves
from forum.moderation.queries.cases import QueueFilters, Whose
from forum.moderation.queries.selection import Selection
from forum.moderation.registry import Thing
from forum.moderation.views.waiting import waits_for
from forum.moderation.views.waves_page import hint_lines
from forum.moderation.words import (
    actor_words,
    filter_words,
    measure_words,
    state_words,
    step_words,
    verdict_words,
)
from forum.neighborhoods.queries import neighborhood_options

PAGE = 50


def queue_context(viewer: Person, args: Mapping[str, str]) -> dict[str, Any]:
    """Template variables of ``moderation/desk_queue.html``."""
    filters = QueueFilters.from_args(args if "whose" in args else {**args, "whose": str(_first_view(viewer))})
    given = args.get("after", "")
    behind = cases.by_id(int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0)
    after = db.session.scalars(behind).one_or_none()
    found = db.session.scalars(cases.queue(viewer, filters, after).limit(PAGE + 1)).all()
    count, late = db.session.execute(cases.counted(viewer, filters, clock.now())).one()
    more = {**filters.as_args(), "after": found[PAGE - 1].id} if len(found) > PAGE else None
    return {
        "rows": _rows(found[:PAGE]),
        "count": _count(count, late),
        "whose": _whose(filters),
        "filters": filters,
        "options": {"state": _states(), "neighborhood": [("", _("All")), *neighborhood_options()]},
        "is_set": filters.state != "open" or bool(filters.neighborhood),
        "clear_url": url_for("moderation_desk.queue", whose=str(filters.whose)),
        "more_url": url_for("moderation_desk.queue", **more) if more else None,
        "first_url": url_for("moderation_desk.queue", **filters.as_args()) if after else None,
        "appeals": len(waits_for(viewer)) if viewer.role in policy.APPEAL_DECIDERS else None,
    }


def case_context(viewer: Person, case: Case, form: DecideForm) -> dict[str, Any]:
    """Template variables of ``moderation/desk_case.html``."""
    thing = registry.thing_of(case.kind, case.thing_id)
    involved = {thing.author_id, *db.session.scalars(cases.reporters_of(case.id))} if thing else set()
    findings = list(db.session.scalars(cases.findings_of(case.id)))
    decision = db.session.scalars(cases.decision_of(case.id)).one_or_none()
    lead = lead_of(decision) if decision else None
    appeal = db.session.scalars(appeals.appeal_of(lead.id)).one_or_none() if lead else None
    if thing is not None and not form.is_submitted():
        form.replacement.data = thing.text
    return {
        "case": case, "thing": thing, "noun": registry.noun_of(thing) if thing else "", "form": form,
        "about": registry.about_of(viewer, thing) if thing else None,
        "has_picture": thing is not None and registry.picture_of(case.kind, case.thing_id) is not None,
        "measures": registry.kinds[case.kind].measures if thing else (),
        "hints": hint_lines(viewer, thing) if thing else [],
        "author_url": _author_url(thing), "wave_id": _wave_of(decision),
        "row": _row(case, thing),
        "pieces": _pieces(thing, findings) if thing else [],
        "reasons": [filter_words(kind) for kind in sorted({each.filter for each in findings})],
        "reports": _reports(case), "steps": _steps(case), "earlier": _earlier(case, thing),
        "decision": decision, "outcome": measure_words(decision.measure) if decision else "",
        "appeal": verdict_words(appeal.verdict) if appeal else "",
        "original": db.session.scalars(cases.original_of(decision.id)).one_or_none() if decision else None,
        "may_decide": thing is not None and policy.can_decide(viewer, case, involved - {None}),
        "may_release": case.state is CaseState.TAKEN and case.assigned_to_id == viewer.id,
        "may_open_original": policy.can_open_original(viewer),
    }  # fmt: skip


def _rows(found: Sequence[Case]) -> list[dict[str, Any]]:
    things = registry.things_of((case.kind, case.thing_id) for case in found)
    return [_row(case, things.get((case.kind, case.thing_id))) for case in found]


def _row(case: Case, thing: Thing | None) -> dict[str, Any]:
    moderated = registry.kinds.get(case.kind)
    late = case.is_open and case.due_at < clock.now()
    return {
        "url": url_for("moderation_desk.case", case_id=case.id),
        "title": _excerpt(thing) if thing else _("Gone"),
        "noun": registry.noun_of(thing) if thing else moderated.noun if moderated else case.kind,
        "area": case.neighborhood.name if case.neighborhood else "",
        "state": state_words(case.state),
        "tone": {CaseState.NEW: "wait", CaseState.TAKEN: "accent"}.get(case.state, ""),
        "held": case.held and case.is_open,
        "who": case.assigned_to.name if case.assigned_to else "",
        "due": moment(case.due_at) if case.is_open else "",
        "late": late,
        "age": _age(case) if case.is_open else "",
    }


def _author_url(thing: Thing | None) -> str:
    """Everything that its author wrote in the week around it; nothing behind a veil."""
    if thing is None or thing.author_id is None or thing.veiled or registry.kinds[thing.kind].within is None:
        return ""
    week = timedelta(days=7)
    until = min(thing.created_at + week, clock.now())
    around = Selection(thing.created_at - week, until, (thing.author_id,))
    return url_for("moderation_waves.preview", **around.as_args())


def _wave_of(decision: Decision | None) -> int | None:
    return db.session.scalar(waves.wave_of(decision.id)) if decision is not None else None


def _excerpt(thing: Thing) -> str:
    first, _line_end, _rest = (thing.title or thing.as_written).partition("\n")
    text = " ".join(first.split())
    return text if len(text) <= 80 else text[:79].rstrip() + "…"


def _age(case: Case) -> str:
    hours = int((clock.now() - case.opened_at).total_seconds() // 3600)
    if hours < 1:
        return _("less than an hour")
    if hours < 48:
        return ngettext("%(num)s hour", "%(num)s hours", hours)
    return ngettext("%(num)s day", "%(num)s days", hours // 24)


def _pieces(thing: Thing, findings: list[CaseFinding]) -> list[dict[str, str]]:
    """The text in pieces; what a filter found has its reason. What was edited since is not marked."""
    if not findings:
        return [{"text": thing.as_written, "why": ""}]
    found, at = [], 0
    for each in findings:
        if each.start >= at and each.start < each.end <= len(thing.text):
            found += [{"text": thing.text[at : each.start], "why": ""}]
            found += [{"text": thing.text[each.start : each.end], "why": filter_words(each.filter)}]
            at = each.end
    return [piece for piece in [*found, {"text": thing.text[at:], "why": ""}] if piece["text"]]


def _reports(case: Case) -> list[dict[str, Any]]:
    language = page_language()
    return [
        {
            "rule": f"{each.rule.number}. {each.rule.title(language)}",
            "words": each.words,
            "when": moment(each.at),
        }
        for each in db.session.scalars(cases.reports_of(case.id))
    ]


def _steps(case: Case) -> list[dict[str, Any]]:
    steps = db.session.scalars(cases.steps_of(case.id))
    return [
        {
            "who": actor_words(step),
            "what": step_words(step),
            "when": moment(step.at),
            "iso": step.at.isoformat(),
        }
        for step in steps
    ]


def _earlier(case: Case, thing: Thing | None) -> list[dict[str, Any]]:
    """Other cases of the same thing."""
    found = db.session.scalars(cases.all_of(case.kind, case.thing_id).limit(20))
    return [_row(each, thing) | {"when": moment(each.opened_at)} for each in found if each.id != case.id]


def _first_view(viewer: Person) -> Whose:
    """Who serves a beat begins with it; a reviewer or a supervisor without one sees all."""
    return Whose.BEATS if db.session.scalar(cases.serves_a_beat(viewer.id)) is not None else Whose.ALL


def _whose(filters: QueueFilters) -> list[dict[str, Any]]:
    labels = {
        Whose.BEATS: _("My beats"), Whose.MINE: _("Mine"), Whose.FREE: _("Nobody's yet"), Whose.ALL: _("All"),
    }  # fmt: skip
    return [
        {
            "label": label,
            "url": url_for("moderation_desk.queue", **{**filters.as_args(), "whose": str(whose)}),
            "current": whose is filters.whose,
        }
        for whose, label in labels.items()
    ]


def _states() -> list[tuple[str, str]]:
    return [("", _("Open")), *((str(state), state_words(state)) for state in CaseState)]


def _count(count: int, late: int) -> str:
    words = ngettext("%(num)s case", "%(num)s cases", count)
    return words if not late else f"{words}, {ngettext('%(num)s late', '%(num)s late', late)}"
