"""What is said by mail about moderation: that something was decided, under which rule, and where to read it.

Mail is read on shared devices, so neither what was written nor what was said about it stands in one.
"""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from forum.core.languages import page_language
from forum.core.mail import Message, render
from forum.extensions import db
from forum.moderation import registry
from forum.moderation.models import Appeal, Decision, Measure, Report
from forum.moderation.queries.cases import decision_by_id, decision_of
from forum.moderation.queries.waves import led_by
from forum.moderation.registry import thing_of
from forum.moderation.vocabulary import ModerationNotice
from forum.moderation.words import told_words, verdict_told
from forum.notifications.models import Notification
from forum.notifications.registry import Recipient, register_message


def register() -> None:
    """Tell the outbox how each kind is worded."""
    register_message(ModerationNotice.DECIDED, decided)
    register_message(ModerationNotice.REPORT_ANSWERED, report_answered)
    register_message(ModerationNotice.APPEAL_ANSWERED, appeal_answered)
    register_message(ModerationNotice.APPEAL_DECIDED, appeal_decided)
    register_message(ModerationNotice.WAVE_UNDONE, wave_undone)


def decided(notification: Notification, to: Recipient) -> Message | None:
    """To the author; withdrawn when the thing is gone, or not theirs."""
    decision = db.session.scalars(decision_by_id(notification.subject_id or 0)).one_or_none()
    if decision is None or not _is_theirs(decision, to):
        return None
    return render(
        "moderation/decided",
        subject=_("About what you wrote"),
        told=told_words(decision.measure, decision.pause_days, registry.kinds.get(decision.case.kind)),
        together=_together(decision),
        rule=_rule(decision),
        url=_page(decision),
        can_appeal=decision.measure is not Measure.KEEP,
        reason=_("You get this because you wrote something on our site."),
        private=True,
    )


def wave_undone(notification: Notification, to: Recipient) -> Message | None:
    """To the author: what was hidden in a wave is back."""
    decision = db.session.scalars(decision_by_id(notification.subject_id or 0)).one_or_none()
    if decision is None or decision.undone_at is None or not _is_theirs(decision, to):
        return None
    return render(
        "moderation/wave_undone",
        subject=_("What you wrote is back"),
        url=_page(decision),
        reason=_("You get this because you wrote something on our site."),
        private=True,
    )


def report_answered(notification: Notification, to: Recipient) -> Message | None:
    """To who reported."""
    report = db.session.get(Report, notification.subject_id or 0)
    decision = db.session.scalars(decision_of(report.case_id)).one_or_none() if report is not None else None
    if report is None or decision is None or report.reporter_id != to.id:
        return None
    return render(
        "moderation/report_answered",
        subject=_("What came of your report"),
        kept=decision.measure is Measure.KEEP,
        rule=_rule(decision),
        url=url_for("moderation.my_reports", _external=True),
        reason=_("You get this because you reported something on our site."),
        private=True,
    )


def appeal_answered(notification: Notification, to: Recipient) -> Message | None:
    """To the author: somebody wrote to them about their appeal."""
    appeal = db.session.get(Appeal, notification.subject_id or 0)
    if appeal is None or not _is_theirs(appeal.decision, to):
        return None
    return render(
        "moderation/appeal_answered",
        subject=_("A question about your appeal"),
        url=_page(appeal.decision),
        reason=_("You get this because you appealed against a decision."),
        private=True,
    )


def appeal_decided(notification: Notification, to: Recipient) -> Message | None:
    """To the author: how it ended."""
    appeal = db.session.get(Appeal, notification.subject_id or 0)
    if appeal is None or appeal.verdict is None or not _is_theirs(appeal.decision, to):
        return None
    return render(
        "moderation/appeal_decided",
        subject=_("Your appeal was decided"),
        verdict=verdict_told(appeal.verdict),
        url=_page(appeal.decision),
        reason=_("You get this because you appealed against a decision."),
        private=True,
    )


def _is_theirs(decision: Decision, to: Recipient) -> bool:
    thing = thing_of(decision.case.kind, decision.case.thing_id)
    return thing is not None and thing.author_id is not None and thing.author_id == to.id


def _together(decision: Decision) -> str:
    """How much of theirs the same decision hid, where it was more than this."""
    count = len(db.session.scalars(led_by(decision.id)).all())
    if count < 2:
        return ""
    return ngettext(
        "It is about %(num)s post of yours together.", "It is about %(num)s posts of yours together.", count
    )


def _page(decision: Decision) -> str:
    return url_for("moderation.case", code=decision.case.code, _external=True)


def _rule(decision: Decision) -> dict[str, object]:
    return {"number": decision.rule.number, "title": decision.rule.title(page_language())}
