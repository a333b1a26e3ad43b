"""Keeping a concern from whom it is about."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import Select, select

from forum.accounts.models import Person, Role
from forum.accounts.queries import chain_above
from forum.audit.operations import Actor, record
from forum.concerns.acts import ConcernAct, ConcernNotice
from forum.concerns.models import About, Concern, Recusal
from forum.concerns.operations.keeping import hold_for, lock_concern
from forum.concerns.queries.colleagues import who_sees
from forum.core.errors import Refusal
from forum.core.transactions import operation
from forum.extensions import db
from forum.notifications.operations import notify


@operation
def recuse(*, actor: Actor | None, concern: Concern, people: Sequence[Person], named: bool = True) -> None:
    """Keep *concern* from *people* for good. *named*: it is about them, so also from all who answer to them, and, of a
    complaint or commendation, from those they answer to. Whoever had it assigned loses it.

    Refusal when nobody at the desk would be left who may read it. Where no supervisor is, reviewers outside the chain
    are told that it is theirs.
    """
    concern = lock_concern(concern)
    known = {recusal.person_id: recusal for recusal in db.session.scalars(_of(concern))}
    for person in people:
        _keep_out(concern, known, person.id, named=named)
        if named and concern.about is not About.TOWN:
            for superior in db.session.scalars(chain_above(person.id)):
                _keep_out(concern, known, superior, named=False)
        # Not from whom: the ledger's readers may be whom it is about. The rows of recusals say that, and since when.
        record(actor=actor, act=ConcernAct.CONCERN_RECUSE, subject=concern, named=named)
    db.session.flush()
    db.session.expire(concern, ["recusals"])
    _take_away(concern, {id_ for id_, recusal in known.items() if recusal.named})
    if actor is not None and named:
        _leave_to_somebody(concern)


@operation
def screen_concern(*, actor: Actor, concern: Concern, named: Sequence[Person]) -> None:
    """Say who is named in what is about an officer (perhaps nobody known yet), so that supervisors outside their chain
    may take it. More names may be added later by :func:`recuse`."""
    concern = hold_for(actor, concern)
    if concern.about is About.TOWN:
        raise Refusal(_("This concern is not about an officer."))
    recuse(actor=actor, concern=concern, people=named)
    concern.screened = True
    db.session.flush()
    record(actor=actor, act=ConcernAct.CONCERN_SCREEN, subject=concern, named=len(named))


def _of(concern: Concern) -> Select[Recusal]:
    return select(Recusal).where(Recusal.concern_id == concern.id)


def _keep_out(concern: Concern, known: dict[int, Recusal], person_id: int, *, named: bool) -> None:
    found = known.get(person_id)
    if found is None:
        known[person_id] = Recusal(concern_id=concern.id, person_id=person_id, named=named)
        db.session.add(known[person_id])
    elif named:
        found.named = True


def _leave_to_somebody(concern: Concern) -> None:
    """A name must not hide a concern: somebody outside the chain knows that they have it."""
    left = who_sees(concern)
    if not left:
        raise Refusal(
            _(
                "Nobody would be left who may read this concern. Ask an administrator for a reviewer who answers to "
                "none of them, then name them."
            ),
            "person",
        )
    if all(person.role is Role.REVIEWER for person in left):
        kind = ConcernNotice.CONCERN_LEFT
        for person in left:
            key = f"{kind}:{concern.id}:{person.id}"
            notify(person_id=person.id, kind=kind, key=key, subject_id=concern.id)


def _take_away(concern: Concern, named: set[int]) -> None:
    """Nobody keeps in hand what is kept from them."""
    holder = concern.assigned_to_id
    if holder is None:
        return
    above = set(db.session.scalars(chain_above(holder)))
    recused = {recusal.person_id for recusal in db.session.scalars(_of(concern))}
    if holder in recused or above & named:
        concern.assigned_to_id = None
        db.session.flush()
