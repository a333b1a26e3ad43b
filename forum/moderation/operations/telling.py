"""Who is told of what. The outbox holds ids; no text and no name."""

from __future__ import annotations

from forum.extensions import db
from forum.moderation.models import Appeal, AppealMessage, Case, Decision, Measure, Report
from forum.moderation.queries import cases
from forum.moderation.registry import Shown, Thing
from forum.moderation.vocabulary import ModerationNotice
from forum.notifications.operations import notify


def tell_author(decision: Decision, thing: Thing) -> None:
    """What was decided about theirs (*thing* as it was before). What stays is told only if it was held."""
    if thing.author_id is None or (decision.measure is Measure.KEEP and thing.shown is not Shown.HELD):
        return
    _tell(thing.author_id, ModerationNotice.DECIDED, decision.id)


def tell_reporters(case: Case, decision: Decision) -> None:
    """What came of their report; of another decision about the same they hear again."""
    for report in db.session.scalars(cases.reports_of(case.id)):
        if report.reporter_id is not None:
            notice, key = ModerationNotice.REPORT_ANSWERED, answer_key(report, decision)
            notify(person_id=report.reporter_id, kind=notice, key=key, subject_id=report.id)


def answer_key(report: Report, decision: Decision) -> str:
    """What the answer to a report is known by in the outbox."""
    return f"{ModerationNotice.REPORT_ANSWERED}:{report.id}:{decision.id}"


def decided_key(decision_id: int) -> str:
    """What the word to the author is known by in the outbox."""
    return f"{ModerationNotice.DECIDED}:{decision_id}"


def tell_of_undo(decision: Decision, thing: Thing) -> None:
    """That what was hidden in a wave is back."""
    _tell(thing.author_id, ModerationNotice.WAVE_UNDONE, decision.id)


def tell_of_appeal(appeal: Appeal, thing: Thing) -> None:
    """How their appeal ended."""
    _tell(thing.author_id, ModerationNotice.APPEAL_DECIDED, appeal.id)


def tell_of_message(message: AppealMessage, thing: Thing) -> None:
    """That somebody wrote to them about their appeal."""
    _tell(thing.author_id, ModerationNotice.APPEAL_ANSWERED, message.id, subject_id=message.appeal_id)


def _tell(
    person_id: int | None, notice: ModerationNotice, occasion: int, subject_id: int | None = None
) -> None:
    """Once for each *occasion*, which is the subject too where no other is named; nobody who has left."""
    if person_id is not None:
        subject = occasion if subject_id is None else subject_id
        notify(person_id=person_id, kind=notice, key=f"{notice}:{occasion}", subject_id=subject)
