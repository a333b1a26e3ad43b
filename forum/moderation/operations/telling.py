"""Who is told of what. The outbox holds ids; no text and no name."""

from __future__ import annotations

from forum.extensions import db
from forum.moderation.models import Appeal, AppealMessage, Case, Decision, Measure
from forum.moderation.queries import cases
from forum.moderation.registry import Shown, Thing
from forum.moderation.vocabulary import ModerationNotice
from forum.notifications.operations import notify


def tell_author(decision: Decision, thing: Thing) -> None:
    """What was decided about theirs (*thing* as it was before). What stays is told only if it was held."""
    if thing.author_id is None or (decision.measure is Measure.KEEP and thing.shown is not Shown.HELD):
        return
    notify(
        person_id=thing.author_id,
        kind=ModerationNotice.DECIDED,
        key=f"{ModerationNotice.DECIDED}:{decision.id}",
        subject_id=decision.id,
    )


def tell_reporters(case: Case) -> None:
    """What came of their report."""
    for report in db.session.scalars(cases.reports_of(case.id)):
        if report.reporter_id is not None:
            notify(
                person_id=report.reporter_id,
                kind=ModerationNotice.REPORT_ANSWERED,
                key=f"{ModerationNotice.REPORT_ANSWERED}:{report.id}",
                subject_id=report.id,
            )


def tell_of_appeal(appeal: Appeal, thing: Thing) -> None:
    """How their appeal ended."""
    if thing.author_id is not None:
        notify(
            person_id=thing.author_id,
            kind=ModerationNotice.APPEAL_DECIDED,
            key=f"{ModerationNotice.APPEAL_DECIDED}:{appeal.id}",
            subject_id=appeal.id,
        )


def tell_of_message(message: AppealMessage, thing: Thing) -> None:
    """That somebody wrote to them about their appeal."""
    if thing.author_id is not None:
        notify(
            person_id=thing.author_id,
            kind=ModerationNotice.APPEAL_ANSWERED,
            key=f"{ModerationNotice.APPEAL_ANSWERED}:{message.id}",
            subject_id=message.appeal_id,
        )
