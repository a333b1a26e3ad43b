"""What stands on the page about something that its reader wrote."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from forum.accounts.models import Person
from forum.core import clock
from forum.core.languages import page_language
from forum.core.templating import moment
from forum.extensions import db
from forum.moderation import policy, registry
from forum.moderation.forms import AppealForm, MessageForm
from forum.moderation.models import Appeal, Case, Decision, Measure, Report
from forum.moderation.operations.profiles import KIND as PROFILE
from forum.moderation.operations.unwinding import lead_of
from forum.moderation.queries import appeals, cases, pauses, waves
from forum.moderation.queries.setting import setting
from forum.moderation.registry import Shown, Thing, excerpt
from forum.moderation.words import filter_meaning, filter_words, measure_words, told_words, verdict_told


def context(
    reader: Person,
    case: Case,
    thing: Thing,
    *,
    appeal_form: AppealForm | None = None,
    message_form: MessageForm | None = None,
) -> dict[str, Any]:
    """Template variables of ``moderation/case.html``."""
    decision = db.session.scalars(cases.decision_of(case.id)).one_or_none()
    lead = lead_of(decision) if decision else None
    appeal = db.session.scalars(appeals.appeal_of(lead.id)).one_or_none() if lead else None
    may_appeal = (
        lead is not None and appeal is None and policy.can_appeal(reader, lead, thing.author_id, clock.now())
    )
    is_open = appeal is not None and appeal.verdict is None
    return {
        "case": case, "thing": thing, "noun": registry.noun_of(thing),
        "decision": _decision(decision) if decision else None, "together": _together(lead, case) if lead else [],
        "waits": case.is_open, "held": thing.shown is Shown.HELD, "reasons": _reasons(case) if decision is None else [],
        "wait_hours": db.session.scalars(setting()).one().wait_hours,
        "edit_url": _edit_url(thing),
        "paused_until": pauses.paused_until(reader, clock.now()),
        "appeal": appeal, "messages": _messages(appeal) if appeal else [],
        "verdict": verdict_told(appeal.verdict) if appeal and appeal.verdict else "",
        "appeal_form": (appeal_form or AppealForm()) if may_appeal or appeal_form else None,
        "message_form": (message_form or _to_add(appeal_form)) if is_open else None,
        "late_message": message_form,
        "until": decision.decided_at + policy.APPEAL_WITHIN if decision else None,
    }  # fmt: skip


def _to_add(again: AppealForm | None) -> MessageForm:
    """The form for a word in an open appeal, with what came as a second appeal (*again*) and why it is none."""
    if again is None:
        return MessageForm()
    form = MessageForm(formdata=None, text=again.words.data)
    form.form_errors = [*again.form_errors, *again.words.errors]
    return form


def report_lines(rows: Iterable[tuple[Report, Decision | None]]) -> list[dict[str, Any]]:
    """What one reported, when, and what came of it."""
    return [
        {
            "rule": f"{report.rule.number}. {report.rule.title(page_language())}",
            "at": report.at,
            "words": report.words,
            "outcome": _decided(decision) if decision else _outcome(report.case),
        }
        for report, decision in rows
    ]


def message_lines(appeal: Appeal) -> list[dict[str, Any]]:
    """What was said in an appeal, as the desk reads it."""
    return [
        {
            **line,
            "who": (message.staff.name if message.staff else _("Staff"))
            if message.by_staff
            else _("The author"),
        }
        for line, message in zip(_messages(appeal), appeal.messages, strict=True)
    ]


def _messages(appeal: Appeal) -> list[dict[str, Any]]:
    return [
        {
            "who": _("Who looks again") if message.by_staff else _("You"),
            "side": "staff" if message.by_staff else "person",
            "text": message.text,
            "when": moment(message.at),
            "iso": message.at.isoformat(),
        }
        for message in appeal.messages
    ]


def _decision(decision: Decision) -> dict[str, Any]:
    language = page_language()
    return {
        "told": told_words(decision.measure, decision.pause_days, registry.kinds.get(decision.case.kind)),
        "number": decision.rule.number,
        "title": decision.rule.title(language),
        "text": decision.rule.text(language),
        "words": decision.words,
        "at": decision.decided_at,
        "moderator": decision.moderator.code,
        "kept": decision.measure is Measure.KEEP,
        "undone": decision.undone_at is not None,
    }


def _edit_url(thing: Thing) -> str:
    """Where it is edited, while that helps; another name can be chosen at any time, also where one was hidden."""
    helps = thing.shown in (Shown.GIVEN_BACK, Shown.HELD) or thing.kind == PROFILE
    return thing.edit_url if helps else ""


def _together(lead: Decision, case: Case) -> list[dict[str, str]]:
    """What else of the same author's the wave hid: all of it is this reader's own."""
    found = [item.decision.case for item in db.session.scalars(waves.led_by(lead.id)) if item.decision]
    things = registry.things_of((each.kind, each.thing_id) for each in found)
    return [
        {
            "text": excerpt(things[each.kind, each.thing_id]),
            "url": url_for("moderation.case", code=each.code),
        }
        for each in found
        if each.id != case.id and (each.kind, each.thing_id) in things
    ]


def _reasons(case: Case) -> list[dict[str, str]]:
    kinds = sorted({found.filter for found in db.session.scalars(cases.findings_of(case.id))})
    return [{"name": filter_words(kind), "meaning": filter_meaning(kind)} for kind in kinds]


def _decided(decision: Decision) -> str:
    outcome = measure_words(decision.measure)
    return _("%(outcome)s, and taken back later", outcome=outcome) if decision.undone_at else outcome


def _outcome(case: Case) -> str:
    return _("A person will look at it") if case.is_open else _("Its author changed it")
