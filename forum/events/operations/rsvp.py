"""Answering: going, maybe, not going, for oneself or for a caller."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import bindparam, inspect, select
from sqlalchemy.orm import InstanceState
from sqlalchemy.orm.attributes import set_committed_value

from forum.audit.operations import Actor, record
from forum.core import clock
from forum.core.db import row_id, write_now
from forum.core.errors import Refusal
from forum.core.prepared import PreparedSelect
from forum.core.transactions import operation
from forum.events import policy
from forum.events.acts import EventAct
from forum.events.models import Answer, Channel, Occurrence, Place, Rsvp
from forum.events.operations import line, telling
from forum.events.operations.needs import forget_needs
from forum.events.operations.occurrences import lock_occurrence
from forum.extensions import db

LARGEST_PARTY = 20
_ANSWER = PreparedSelect(
    select(Rsvp).where(
        Rsvp.occurrence_id == bindparam("occurrence_id"), Rsvp.person_id == bindparam("person_id")
    )
)


@operation
def answer(*, actor: Actor, occurrence: Occurrence | int, answer: Answer, party_size: int = 1) -> Rsvp:
    """Record *actor*'s own answer; asked again, it changes the one there is. Returns it with the place it holds.

    *occurrence* may be an id, so that whoever answers reads the date once, under the lock.

    Going takes places when they are free and nobody waits, else a turn at the end of the line. A smaller party keeps
    its turn (and may fit at once); a larger one takes a new turn. Who has an offer takes it so. Refusal when the date
    takes no answers, when the party could never fit, or when a confirmed or offered one cannot grow: what it has stays.
    """
    occurrence = lock_occurrence(occurrence)
    person = row_id(actor)
    rsvp: Rsvp | None = _ANSWER.scalar(db.session(), occurrence_id=occurrence.id, person_id=person)
    if rsvp is None:
        rsvp = Rsvp(occurrence_id=occurrence.id, person_id=person, place=Place.NONE, party_size=1)
    set_committed_value(rsvp, "occurrence", occurrence)  # it is at hand: nobody need read it again
    return settle(occurrence, rsvp, answer, party_size)


@operation
def add_phone_in(
    *, actor: Actor, occurrence: Occurrence, name: str, party_size: int = 1, answer: Answer = Answer.GOING
) -> Rsvp:
    """Record a caller's answer by name, in the same line and under the same rules as everyone's."""
    occurrence = lock_occurrence(occurrence)
    if not name.strip():
        raise Refusal(_("Write the caller's name, or what they want to be called."), "name")
    rsvp = Rsvp(
        occurrence_id=occurrence.id, name=name.strip(), channel=Channel.PHONE, place=Place.NONE, party_size=1
    )
    settle(occurrence, rsvp, answer, party_size)
    record(actor=actor, act=EventAct.RSVP_PHONE_IN, subject=rsvp, occurrence=occurrence.id)
    return rsvp


@operation
def change_for_caller(*, actor: Actor, rsvp: Rsvp, answer: Answer, party_size: int = 1) -> Rsvp:
    """Change any answer on the roster on its owner's word, given by telephone."""
    occurrence = lock_occurrence(rsvp.occurrence)
    db.session.refresh(rsvp)
    settle(occurrence, rsvp, answer, party_size)
    record(actor=actor, act=EventAct.RSVP_PHONE_IN_CHANGE, subject=rsvp, occurrence=occurrence.id)
    return rsvp


@operation
def erase_answers_of(person_id: int) -> None:
    """Remove every answer of a person who leaves; the places become free for the line."""
    held = select(Rsvp).where(Rsvp.person_id == person_id).order_by(Rsvp.occurrence_id)
    for rsvp in db.session.scalars(held).all():
        occurrence = lock_occurrence(rsvp.occurrence)
        db.session.refresh(rsvp)  # promoted, perhaps, while we waited
        line.release(occurrence, rsvp)
        db.session.delete(rsvp)
        line.fill_places(occurrence)


def settle(
    occurrence: Occurrence, rsvp: Rsvp, answer: Answer, party_size: int, *, by_mail: bool = False
) -> Rsvp:
    """Give *rsvp* what its new answer holds and let the line move; for operations that hold the date's lock.

    Its owner is told by mail, unless the answer came *by_mail*: their calendar knows.
    """
    before = telling.holding(rsvp)
    check_answer(occurrence, answer, party_size)
    line.end_offers(occurrence, but=rsvp)
    if answer == Answer.GOING:
        _go(occurrence, rsvp, party_size)
    else:
        line.release(occurrence, rsvp)
        rsvp.party_size = party_size
    rsvp.answer = answer
    rsvp.updated_at = rsvp.said_at = clock.now()
    state: InstanceState[Rsvp] = inspect(rsvp)
    if state.transient:
        db.session.add(rsvp)
    write_now(db.session(), rsvp, occurrence)
    if answer == Answer.NOT_GOING and rsvp.id is not None:
        forget_needs(rsvp.id)
    line.fill_places(occurrence)
    if not by_mail:
        telling.tell_owner(rsvp, before)
    return rsvp


def check_answer(occurrence: Occurrence, answer: Answer, party_size: int) -> None:
    """Refusal when the date takes no answers, or when a party of that size could never come."""
    if not policy.takes_answers(occurrence, clock.now()):
        raise Refusal(_("This date takes no answers any more."))
    if not 1 <= party_size <= LARGEST_PARTY:
        raise Refusal(_("Please give a number from 1 to %(most)s.", most=LARGEST_PARTY), "party_size")
    places = occurrence.places
    if answer == Answer.GOING and places is not None and party_size > places:
        raise Refusal(
            ngettext(
                "There is room for %(num)s person in all.", "There is room for %(num)s people in all.", places
            ),
            "party_size",
        )


def _go(occurrence: Occurrence, rsvp: Rsvp, party_size: int) -> None:
    if rsvp.place in (Place.CONFIRMED, Place.OFFERED):
        _resize(occurrence, rsvp, party_size)
    elif rsvp.place == Place.WAITING and party_size <= rsvp.party_size:
        occurrence.waiting -= rsvp.party_size - party_size
        rsvp.party_size = party_size
    else:
        line.release(occurrence, rsvp)
        if line.fits(occurrence, party_size):
            line.confirm(occurrence, rsvp, party_size)
        else:
            line.queue(occurrence, rsvp, party_size)


def _resize(occurrence: Occurrence, rsvp: Rsvp, party_size: int) -> None:
    """Confirm what is held, or was offered, for a party of another size, perhaps."""
    more = party_size - rsvp.party_size
    if more > 0 and not line.fits(occurrence, more):
        raise Refusal(
            _(
                "There are not enough free places for %(more)s more. Your %(kept)s stay yours.",
                more=more,
                kept=rsvp.party_size,
            ),
            "party_size",
        )
    line.confirm(occurrence, rsvp, party_size)
