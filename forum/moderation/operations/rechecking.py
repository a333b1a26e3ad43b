"""The neutrality check: a sample of decisions is looked at again by somebody who knows neither outcome nor target."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from forum.accounts.queries import chain_above
from forum.audit.operations import Actor, record
from forum.core import clock
from forum.core.db import row_id
from forum.core.errors import Refusal
from forum.core.tokens import keyed_hash
from forum.core.transactions import operation
from forum.extensions import db
from forum.moderation import registry
from forum.moderation.models import Decision, Recheck, Stance
from forum.moderation.neutrality import DRAWN
from forum.moderation.operations.keeping import involved_in, person_of, thing_in
from forum.moderation.policy import can_decide_appeal
from forum.moderation.vocabulary import ModerationAct

SHARE = 20  # of a hundred decisions


def draw(decision: Decision) -> None:
    """Put the decision into the sample, or not: by its number, under a key, so that nobody can tell which will be.

    A picture is never in it: who looks again reads a text.
    """
    if registry.kinds[decision.case.kind].picture is not None:
        return
    chance = int(keyed_hash(str(decision.id), "moderation.recheck")[:8], 16) % 100
    if decision.measure in DRAWN and chance < SHARE:
        db.session.add(Recheck(decision_id=decision.id))
        db.session.flush()


@operation
def look_again(*, actor: Actor, recheck: Recheck, breaks: bool) -> Recheck:
    """Say whether the masked text breaks the rule; once, and before its stance is asked."""
    recheck, person = _lock(recheck), person_of(actor)
    _moderated, thing = thing_in(recheck.decision.case)
    above = set(db.session.scalars(chain_above(person.id)))
    if not can_decide_appeal(person, recheck.decision, above, involved_in(recheck.decision.case, thing)):
        raise Refusal(_("Somebody else has to look at this again."))
    if recheck.breaks is not None:
        raise Refusal(_("Somebody has looked at this meanwhile."))
    recheck.breaks, recheck.looked_by_id, recheck.looked_at = breaks, person.id, clock.now()
    record(actor=person, act=ModerationAct.RECHECK_LOOK, subject=recheck, breaks=breaks)
    return recheck


@operation
def note_stance(*, actor: Actor, recheck: Recheck, stance: Stance) -> Recheck:
    """Say what the text says of the agency: who looked, once, afterwards."""
    recheck = _lock(recheck)
    if recheck.breaks is None or recheck.stance is not None or recheck.looked_by_id != row_id(actor):
        raise Refusal(_("Somebody has looked at this meanwhile."))
    recheck.stance = stance
    record(actor=actor, act=ModerationAct.RECHECK_STANCE, subject=recheck)
    return recheck


def _lock(recheck: Recheck) -> Recheck:
    held = select(Recheck).where(Recheck.id == row_id(recheck)).with_for_update(of=Recheck)
    return db.session.scalars(held.execution_options(populate_existing=True)).one()
