"""The waitlist: first in, first out, under the lock of the occurrence's row.

Callers hold that lock. Every place that becomes free passes through :func:`fill_places`, so a free place that the head
of the line could take never outlives the unit of work that freed it.
"""

from __future__ import annotations

from sqlalchemy import select

from forum.core import clock
from forum.events.acts import EventNotice
from forum.events.models import Occurrence, Place, Rsvp
from forum.extensions import db
from forum.notifications.operations import notify


def free_places(occurrence: Occurrence) -> int | None:
    """Places nobody holds; None when there is no limit."""
    return None if occurrence.places is None else occurrence.places - occurrence.places_taken


def fits(occurrence: Occurrence, party_size: int) -> bool:
    """Whether a party of that size could take places now: enough are free, and nobody stands in line before it."""
    free = free_places(occurrence)
    return free is None or (occurrence.waiting == 0 and party_size <= free)


def confirm(occurrence: Occurrence, rsvp: Rsvp, party_size: int) -> None:
    """Give *rsvp* places; the caller has checked that they are there."""
    rsvp.place, rsvp.party_size, rsvp.ticket = Place.CONFIRMED, party_size, None
    occurrence.places_taken += party_size


def queue(occurrence: Occurrence, rsvp: Rsvp, party_size: int) -> None:
    """Put *rsvp* at the end of the line."""
    rsvp.place, rsvp.party_size, rsvp.ticket = Place.WAITING, party_size, occurrence.next_ticket
    occurrence.next_ticket += 1
    occurrence.waiting += party_size


def release(occurrence: Occurrence, rsvp: Rsvp) -> None:
    """Take *rsvp*'s places or its turn away; the answer is the caller's to set."""
    if rsvp.place == Place.CONFIRMED:
        occurrence.places_taken -= rsvp.party_size
    elif rsvp.place == Place.WAITING:
        occurrence.waiting -= rsvp.party_size
    rsvp.place, rsvp.ticket = Place.NONE, None


def fill_places(occurrence: Occurrence) -> list[Rsvp]:
    """Let the line move up while its head fits; who is promoted is told by mail. Nobody passes a party that does not.

    A party that is larger than the room (the number of places was lowered since) keeps its turn but holds nobody up.
    """
    promoted: list[Rsvp] = []
    db.session.flush()
    line = select(Rsvp).where(Rsvp.occurrence_id == occurrence.id, Rsvp.place == Place.WAITING)
    if occurrence.places is not None:
        line = line.where(Rsvp.party_size <= occurrence.places)
    while occurrence.waiting:
        head = db.session.scalars(line.order_by(Rsvp.ticket).limit(1)).first()
        free = free_places(occurrence)
        if head is None or (free is not None and head.party_size > free):
            break
        promoted.append(_promote(occurrence, head))
    return promoted


def _promote(occurrence: Occurrence, head: Rsvp) -> Rsvp:
    ticket, party = head.ticket, head.party_size
    occurrence.waiting -= party
    confirm(occurrence, head, party)
    head.updated_at = clock.now()
    db.session.flush()
    if head.person_id is not None and occurrence.ends_at > clock.now():
        key = f"{EventNotice.RSVP_PROMOTED}:{head.id}:{ticket}"
        notify(person_id=head.person_id, kind=EventNotice.RSVP_PROMOTED, key=key, subject_id=head.id)
    return head
