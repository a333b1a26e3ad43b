"""What the town's moderators have on their desk: criticism that stays, an address that waits, appeals won and open.

Made by the operations that everyone uses; then each case is moved to the days when it is said to have happened.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from forum.accounts.models import Person
from forum.core import clock, search
from forum.core.transactions import operation
from forum.demo.judged import DISPUTES, Dispute
from forum.discussions.models import Post, Topic
from forum.discussions.operations.moderating import KIND
from forum.discussions.operations.writing import reply
from forum.discussions.operations.written import Written
from forum.discussions.queries.posts import last_published
from forum.extensions import db
from forum.moderation.models import Appeal, AppealMessage, Case, CaseStep, Decision, Report, Step
from forum.moderation.operations.appealing import decide_appeal, raise_appeal
from forum.moderation.operations.deciding import decide, take
from forum.moderation.operations.keeping import due
from forum.moderation.operations.reporting import report
from forum.moderation.policy import APPEAL_DAYS
from forum.moderation.queries import cases


@operation
def play(people: dict[str, Person]) -> None:
    """Every dispute, in one unit of work; nothing where there is a case already."""
    if db.session.scalar(sa.select(sa.exists().where(Case.id.is_not(None)))):
        return
    for dispute in DISPUTES:
        _happen(dispute, people)


def _happen(dispute: Dispute, people: dict[str, Person]) -> None:
    post = _written(dispute, people) if dispute.who else _post_that_says(dispute.text)
    for who, rule, words in dispute.reports:
        report(actor=people[who], kind=KIND, thing_id=post.id, rule_number=rule, words=words)
    case = db.session.scalars(cases.all_of(KIND, post.id).limit(1)).one()
    if dispute.taken_by:
        take(actor=people[dispute.taken_by], case=case)
    if dispute.measure is not None:
        decision = decide(
            actor=people[dispute.taken_by], case=case, measure=dispute.measure, rule_number=dispute.rule,
            words=dispute.said, replacement=dispute.replacement,
        )  # fmt: skip
        if dispute.appeal:
            _appealed(dispute, decision, people)
    _redate(dispute, case, post)
    post.topic.posted_at = db.session.scalars(last_published(post.topic_id)).one()  # not of the decision
    db.session.flush()
    search.renew(KIND, post.id)  # under its day


def _written(dispute: Dispute, people: dict[str, Person]) -> Post:
    topic = db.session.scalars(sa.select(Topic).where(Topic.title == dispute.topic)).one()
    return reply(actor=people[dispute.who], topic=topic, written=Written(text=dispute.text))


def _post_that_says(beginning: str) -> Post:
    return db.session.scalars(sa.select(Post).where(Post.text.startswith(beginning, autoescape=True))).one()


def _appealed(dispute: Dispute, decision: Decision, people: dict[str, Person]) -> None:
    appeal = raise_appeal(actor=people[dispute.who], decision=decision, words=dispute.appeal)
    if dispute.verdict is not None:
        decide_appeal(
            actor=people[dispute.heard_by], appeal=appeal, verdict=dispute.verdict, text=dispute.answer
        )


def _redate(dispute: Dispute, case: Case, post: Post) -> None:
    """The case begins *days* ago; what came of it follows in steps of some hours, an appeal in steps of a day."""
    began = clock.now() - timedelta(days=dispute.days)
    case.opened_at, case.due_at = began, due(began, 1)
    if dispute.who:
        post.created_at = began
    decided = began + timedelta(hours=dispute.after)
    for place, made in enumerate(_rows(Report, Report.case_id == case.id)):
        made.at = began + timedelta(minutes=20 * place)
    for place, step in enumerate(_rows(CaseStep, CaseStep.case_id == case.id)):
        step.at = began + timedelta(minutes=20 * place)
    decision = db.session.scalars(cases.decision_of(case.id)).one_or_none()
    if decision is not None:
        decision.decided_at = decided
        for step in _rows(CaseStep, CaseStep.case_id == case.id, CaseStep.step == Step.DECIDE):
            step.at = decided
        _redate_appeal(decision)
    db.session.flush()


def _redate_appeal(decision: Decision) -> None:
    for appeal in _rows(Appeal, Appeal.decision_id == decision.id):
        appeal.raised_at = decision.decided_at + timedelta(days=1)
        appeal.due_at = due(appeal.raised_at, APPEAL_DAYS)
        if appeal.decided_at is not None:
            appeal.decided_at = appeal.raised_at + timedelta(days=2)
            decision.undone_at = appeal.decided_at if decision.undone_at else None
        for place, message in enumerate(_rows(AppealMessage, AppealMessage.appeal_id == appeal.id)):
            message.at = appeal.raised_at + timedelta(days=2 * place)
        steps = _rows(
            CaseStep,
            CaseStep.case_id == decision.case_id,
            CaseStep.step.in_((Step.APPEAL, Step.APPEAL_DECIDE)),
        )
        for place, step in enumerate(steps):
            step.at = appeal.raised_at + timedelta(days=2 * place)


def _rows(table: type[Any], *where: sa.ColumnElement[bool]) -> Sequence[Any]:
    return db.session.scalars(sa.select(table).where(*where).order_by(sa.inspect(table).primary_key[0])).all()
