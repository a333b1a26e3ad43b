"""Whose answer a reply by mail is about. There is no viewer: the sealed address says who it is."""

from __future__ import annotations

from sqlalchemy import Select, and_, false, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from forum.events.models import Event, Occurrence, Rsvp


def answered(rsvp_id: int) -> Select[Rsvp]:
    """The answer with its date, event and person."""
    return (
        select(Rsvp)
        .join(Rsvp.occurrence)
        .join(Occurrence.event)
        .where(Rsvp.id == rsvp_id)
        .options(
            contains_eager(Rsvp.occurrence).contains_eager(Occurrence.event),
            joinedload(Rsvp.person),
        )
    )


def of_same_owner(rsvp: Rsvp, uid: str) -> Select[Rsvp]:
    """Every answer of whoever gave *rsvp* to dates that mails call *uid*; itself alone where nobody is known."""
    if rsvp.person_id is not None:
        mine = Rsvp.person_id == rsvp.person_id
    elif rsvp.email:
        mine = Rsvp.email == rsvp.email
    else:
        mine = false()
    called = or_(Event.uid == uid, Event.follows_uid == uid, Occurrence.known_uid == uid)
    return (
        select(Rsvp)
        .join(Rsvp.occurrence)
        .join(Occurrence.event)
        .where(or_(and_(mine, called), Rsvp.id == rsvp.id))
        .options(contains_eager(Rsvp.occurrence).contains_eager(Occurrence.event), joinedload(Rsvp.person))
        .order_by(Rsvp.id)
    )
