"""An author appeals; somebody who did not decide, and does not answer to who did, looks again."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from forum.accounts.queries import chain_above
from forum.audit.operations import Actor, record
from forum.core import clock
from forum.core.db import row_id
from forum.core.errors import Refusal
from forum.core.transactions import operation
from forum.extensions import db
from forum.moderation.models import Appeal, AppealMessage, Decision, Step, Verdict
from forum.moderation.operations.deciding import take_back
from forum.moderation.operations.keeping import due, involved_in, note, person_of, thing_in
from forum.moderation.operations.telling import tell_of_appeal, tell_of_message
from forum.moderation.operations.unwinding import give_back_with, lead_of
from forum.moderation.policy import APPEAL_DAYS, can_appeal, can_decide_appeal
from forum.moderation.queries import appeals
from forum.moderation.registry import Thing
from forum.moderation.vocabulary import ModerationAct


@operation
def raise_appeal(*, actor: Actor, decision: Decision, words: str) -> Appeal:
    """Appeal, once, within 14 days. Refusal for anybody but the author, too late, or without words.

    An appeal against a decision of a wave is one against all that the wave did to the same author.
    """
    person, decision = person_of(actor), lead_of(decision)
    _moderated, thing = thing_in(decision.case)
    if db.session.scalars(appeals.appeal_of(decision.id)).one_or_none() is not None:
        raise Refusal(_("You have appealed already. What you add goes into the same appeal."))
    if not can_appeal(person, decision, thing.author_id, clock.now()):
        raise Refusal(_("An appeal is possible within 14 days after the decision, by who wrote it."))
    if not words.strip():
        raise Refusal(_("Say why the decision is wrong."), "words")
    now = clock.now()
    made = Appeal(decision_id=decision.id, raised_at=now, due_at=due(now, APPEAL_DAYS))
    db.session.add(made)
    db.session.flush()
    db.session.add(AppealMessage(appeal_id=made.id, by_staff=False, text=words.strip()))
    note(decision.case, Step.APPEAL)
    record(actor=None if thing.veiled else person, act=ModerationAct.APPEAL_RAISE, subject=made)
    return made


@operation
def add_message(*, actor: Actor, appeal: Appeal, text: str) -> AppealMessage:
    """Say something in an open appeal, as its author or as who may decide it."""
    appeal, person = _lock(appeal), person_of(actor)
    _moderated, thing = thing_in(appeal.decision.case)
    by_author = person.id == thing.author_id
    if appeal.verdict is not None:
        raise Refusal(_("This appeal has been decided."))
    if not by_author and not _may_decide(appeal, actor, thing):
        raise Refusal(_("Somebody else has to answer this appeal."))
    if not text.strip():
        raise Refusal(_("Write something."), "text")
    made = AppealMessage(
        appeal_id=appeal.id,
        by_staff=not by_author,
        staff_id=None if by_author else person.id,
        text=text.strip(),
    )
    db.session.add(made)
    db.session.flush()
    if not by_author:
        note(appeal.decision.case, Step.APPEAL_ANSWER, person)
        record(actor=person, act=ModerationAct.APPEAL_ANSWER, subject=appeal)
        tell_of_message(made, thing)
    return made


@operation
def decide_appeal(*, actor: Actor, appeal: Appeal, verdict: Verdict, text: str) -> Appeal:
    """Uphold the decision, or overturn it: what it took away is then back in its place.

    Refusal for who decided, for who answers to them, for who wrote or reported it, and without words.
    """
    appeal, person = _lock(appeal), person_of(actor)
    decision = appeal.decision
    moderated, thing = thing_in(decision.case)
    if appeal.verdict is not None:
        raise Refusal(_("Somebody has decided this meanwhile."))
    if not _may_decide(appeal, actor, thing):
        raise Refusal(_("Somebody who did not decide, and does not answer to who did, has to look again."))
    if not text.strip():
        raise Refusal(_("Say why, in words that the author will read."), "why")
    appeal.verdict, appeal.decided_by_id, appeal.decided_at = verdict, person.id, clock.now()
    db.session.add(AppealMessage(appeal_id=appeal.id, by_staff=True, staff_id=person.id, text=text.strip()))
    if verdict is Verdict.OVERTURNED:
        take_back(decision, moderated, thing)
        give_back_with(decision)
    note(decision.case, Step.APPEAL_DECIDE, person, verdict=str(verdict))
    record(actor=person, act=ModerationAct.APPEAL_DECIDE, subject=appeal, verdict=str(verdict))
    tell_of_appeal(appeal, thing)
    return appeal


def _may_decide(appeal: Appeal, actor: Actor, thing: Thing) -> bool:
    person = person_of(actor)
    above = set(db.session.scalars(chain_above(person.id)))
    return can_decide_appeal(person, appeal.decision, above, involved_in(appeal.decision.case, thing))


def _lock(appeal: Appeal) -> Appeal:
    held = select(Appeal).where(Appeal.id == row_id(appeal)).with_for_update(of=Appeal)
    return db.session.scalars(held.execution_options(populate_existing=True)).one()
