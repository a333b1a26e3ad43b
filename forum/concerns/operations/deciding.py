"""A closing was disputed: somebody else looks again."""

from __future__ import annotations

from flask_babel import gettext as _

from forum.accounts.models import Person
from forum.audit.operations import Actor, record
from forum.concerns.acts import ConcernAct
from forum.concerns.models import Author, Concern, Dispute, Outcome, Status
from forum.concerns.operations.keeping import add_entry, hold_for
from forum.concerns.policy import can_decide
from forum.concerns.queries.desk import undecided_of
from forum.concerns.queries.sight import sight_of
from forum.concerns.queries.thread import closing_of
from forum.core import clock
from forum.core.db import row_id
from forum.core.errors import Refusal
from forum.core.transactions import operation
from forum.extensions import db


@operation
def decide_dispute(*, actor: Actor, concern: Concern, outcome: Outcome, text: str) -> Dispute:
    """Overturn the closing, and the concern goes on; or uphold it, and it is closed again as it was. The person reads
    *text* either way.

    Refusal for whoever closed it, and for who answers to them.
    """
    concern = hold_for(actor, concern)
    dispute = db.session.scalars(undecided_of(concern.id).with_for_update(of=Dispute)).one_or_none()
    if dispute is None:
        raise Refusal(_("Nothing waits for a decision here. Somebody may have decided meanwhile."))
    decider = db.session.get_one(Person, row_id(actor))
    if not can_decide(sight_of(decider), concern, dispute.closed_by_id):
        raise Refusal(_("Somebody else than who closed it, and who does not answer to them, has to decide."))
    if not text.strip():
        raise Refusal(_("Say why, in words that the person will read."), "text")
    dispute.decided_by_id, dispute.decided_at, dispute.outcome = decider.id, clock.now(), outcome
    closing = db.session.scalars(closing_of(concern)).first()
    closes = outcome is Outcome.UPHELD and concern.is_open and closing is not None
    add_entry(
        concern, Author.STAFF, text=text.strip(), staff_id=decider.id, public=True,
        status=Status.CLOSED if closes else None, closed_as=closing.closed_as if closing and closes else None,
    )  # fmt: skip
    record(actor=actor, act=ConcernAct.CONCERN_DISPUTE_DECIDE, subject=concern, outcome=str(outcome))
    return dispute
