"""The waitlist: first in, first out, under the lock of the occurrence's row.

Callers hold that lock. A place that becomes free is offered to the head of the line, which has until ``offer_ends_at``
to take it; what is offered counts as held. Every free place passes through :func:`fill_places`, so one that the head
could take never outlives the unit of work that freed it, and an offer whose time is over ends with the next write on
its date, whoever writes (docs/decisions/0008-timed-offers.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, select

from forum.core import clock
from forum.events import policy
from forum.events.acts import EventNotice
from forum.events.models import Answer, Occurrence, Place, Rsvp
from forum.events.operations.telling import can_be_mailed, tell_about
from forum.extensions import db

OFFER_LASTS = timedelta(hours=24)
SETTLED_BEFORE_START = timedelta(hours=2)  # every offer ends at least so long before the start
SHORTEST_OFFER = timedelta(minutes=15)  # with less time nobody is asked: the place is theirs at once


def free_places(occurrence: Occurrence) -> int | None:
    """Places that nobody holds and that are offered to nobody; None when there is no limit."""
    if occurrence.places is None:
        return None
    return occurrence.places - occurrence.places_taken - occurrence.places_offered


def fits(occurrence: Occurrence, party_size: int) -> bool:
    """Whether a party of that size could take places now: enough are free, and nobody stands in line before it."""
    free = free_places(occurrence)
    return free is None or (occurrence.waiting == 0 and party_size <= free)


def offer_until(occurrence: Occurrence, now: datetime) -> datetime | None:
    """When an offer made at *now* ends (aware, UTC); None when there is no limit, or no time, to be asked."""
    until = min(now + OFFER_LASTS, occurrence.starts_at - SETTLED_BEFORE_START)
    return until if occurrence.places is not None and until - now >= SHORTEST_OFFER else None


def confirm(occurrence: Occurrence, rsvp: Rsvp, party_size: int) -> None:
    """Give *rsvp* places in the stead of what it held; the caller has checked that they are there."""
    release(occurrence, rsvp)
    rsvp.place, rsvp.party_size = Place.CONFIRMED, party_size
    occurrence.places_taken += party_size


def queue(occurrence: Occurrence, rsvp: Rsvp, party_size: int) -> None:
    """Put *rsvp* at the end of the line."""
    release(occurrence, rsvp)
    rsvp.place, rsvp.party_size, rsvp.ticket = Place.WAITING, party_size, occurrence.next_ticket
    occurrence.next_ticket += 1
    occurrence.waiting += party_size


def release(occurrence: Occurrence, rsvp: Rsvp) -> None:
    """Take *rsvp*'s places, its offer or its turn away; the answer is the caller's to set."""
    if rsvp.place == Place.CONFIRMED:
        occurrence.places_taken -= rsvp.party_size
    elif rsvp.place == Place.OFFERED:
        occurrence.places_offered -= rsvp.party_size
    elif rsvp.place == Place.WAITING:
        occurrence.waiting -= rsvp.party_size
    rsvp.place, rsvp.ticket, rsvp.offer_ends_at = Place.NONE, None, None


def fill_places(occurrence: Occurrence) -> list[Rsvp]:
    """End what offers are over, then let the line move up while its head fits; returns who was served, told by mail.

    Nobody passes a party that does not fit. A party that is larger than the room (the number of places was lowered
    since) keeps its turn but holds nobody up. While the date takes no answers the line stands still.
    """
    served: list[Rsvp] = []
    db.session.flush()
    end_offers(occurrence)
    if not occurrence.waiting or not policy.takes_answers(occurrence, clock.now()):
        return served
    line = _holding(occurrence, Place.WAITING)
    if occurrence.places is not None:
        line = line.where(Rsvp.party_size <= occurrence.places)
    while occurrence.waiting:
        head = next(iter(_read(line.limit(1))), None)
        free = free_places(occurrence)
        if head is None or (free is not None and head.party_size > free):
            break
        _serve(occurrence, head)
        served.append(head)
    return served


def end_offers(occurrence: Occurrence, *, but: Rsvp | None = None) -> None:
    """End the offers whose time is over, all *but* the one whose owner is just answering, who may still take it.

    Their owners leave the line for "maybe" and are told so; the places are free for whoever is next.
    """
    if not occurrence.places_offered:
        return
    over = _holding(occurrence, Place.OFFERED).where(Rsvp.offer_ends_at <= clock.now())
    for rsvp in _read(over):
        if rsvp is not but:
            ticket = rsvp.ticket
            release(occurrence, rsvp)
            rsvp.answer, rsvp.updated_at = Answer.MAYBE, clock.now()
            _tell(occurrence, rsvp, EventNotice.RSVP_LAPSED, str(ticket))


def review(occurrence: Occurrence, *, moved: bool = False) -> None:
    """Bring the line in agreement with a date that was changed, or *moved* to another time.

    Where no answers are taken any more, offers end without a word and their owners have their turn again. On a moved
    date, or one without a limit now, each offer gets the end that it would have if it were made now.
    """
    if not (occurrence.waiting or occurrence.places_offered):
        return
    if not policy.takes_answers(occurrence, clock.now()):
        _withdraw_offers(occurrence)
        return
    end_offers(occurrence)
    if moved or occurrence.places is None:
        _renew_offers(occurrence)
    fill_places(occurrence)


def _serve(occurrence: Occurrence, rsvp: Rsvp) -> None:
    """Offer *rsvp*, in line or with an offer, the places it waits for; confirm them where nobody can be asked in time.

    Nor can callers and who gave no address: they would never hear of an offer, and have said they come.
    """
    now, ticket, party = clock.now(), rsvp.ticket, rsvp.party_size
    until = offer_until(occurrence, now) if can_be_mailed(rsvp) else None
    if until is None:
        confirm(occurrence, rsvp, party)
    else:
        release(occurrence, rsvp)
        rsvp.place, rsvp.ticket, rsvp.offer_ends_at = Place.OFFERED, ticket, until
        occurrence.places_offered += party
    rsvp.updated_at = now
    db.session.flush()
    if until is None:
        _tell(occurrence, rsvp, EventNotice.RSVP_PROMOTED, str(ticket))
    else:
        # A turn may be offered twice (the date was cancelled and reinstated, or moved): the moment tells them apart.
        _tell(occurrence, rsvp, EventNotice.RSVP_OFFERED, f"{ticket}:{now.isoformat()}")


def _withdraw_offers(occurrence: Occurrence) -> None:
    for rsvp in _read(_holding(occurrence, Place.OFFERED)):
        ticket = rsvp.ticket
        release(occurrence, rsvp)
        rsvp.place, rsvp.ticket, rsvp.updated_at = Place.WAITING, ticket, clock.now()
        occurrence.waiting += rsvp.party_size
    db.session.flush()


def _renew_offers(occurrence: Occurrence) -> None:
    until = offer_until(occurrence, clock.now())
    for rsvp in _read(_holding(occurrence, Place.OFFERED)):
        if rsvp.offer_ends_at != until:
            _serve(occurrence, rsvp)


def _holding(occurrence: Occurrence, place: Place) -> Select[Rsvp]:
    """Who holds *place*, in the order of their turns."""
    return select(Rsvp).where(Rsvp.occurrence_id == occurrence.id, Rsvp.place == place).order_by(Rsvp.ticket)


def _read(wanted: Select[Rsvp]) -> Sequence[Rsvp]:
    """Rows as they are under the lock, whatever was read before it."""
    db.session.flush()
    return db.session.scalars(wanted.execution_options(populate_existing=True)).all()


def _tell(occurrence: Occurrence, rsvp: Rsvp, notice: EventNotice, turn: str) -> None:
    if can_be_mailed(rsvp) and occurrence.ends_at > clock.now():
        tell_about(rsvp, notice, turn)
