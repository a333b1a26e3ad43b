"""Answers by what opens them, and how they are shown on an event's page."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from forum.accounts.models import Person
from forum.events.models import Event, GuestRequest, Occurrence, Place, Rsvp, event_neighborhood
from forum.neighborhoods.models import Neighborhood
from forum.neighborhoods.queries import followed_by, listed


def answer_of_person(occurrence_id: int, person_id: int) -> Select[Rsvp]:
    """The answer of an account to a date."""
    return select(Rsvp).where(Rsvp.occurrence_id == occurrence_id, Rsvp.person_id == person_id)


def last_answer_of(person_id: int) -> Select[Rsvp]:
    """The newest answer of an account to any date: its choices are offered again."""
    return select(Rsvp).where(Rsvp.person_id == person_id).order_by(Rsvp.id.desc()).limit(1)


def answer_of_guest(occurrence_id: int, email: str) -> Select[Rsvp]:
    """The answer of a guest by their folded address."""
    return select(Rsvp).where(Rsvp.occurrence_id == occurrence_id, Rsvp.email == email, Rsvp.email != "")


def answer_by_code(code_hash: str) -> Select[Rsvp]:
    """The headcount with this hash."""
    return _with_date().where(Rsvp.code_hash == code_hash)


def answer_by_id(rsvp_id: int) -> Select[Rsvp]:
    """An answer with its date and event."""
    return _with_date().where(Rsvp.id == rsvp_id)


def latest_request(occurrence_id: int, email: str, since: datetime) -> Select[GuestRequest]:
    """The newest unconfirmed request of an address for a date, made after *since*."""
    return (
        select(GuestRequest)
        .where(
            GuestRequest.occurrence_id == occurrence_id,
            GuestRequest.email == email,
            GuestRequest.created_at > since,
        )
        .order_by(GuestRequest.id.desc())
        .limit(1)
    )


def forget_earlier(request: GuestRequest) -> sa.Delete:
    """Removes what the same address asked for before *request*: a link of yesterday must not undo today's."""
    return (
        sa.delete(GuestRequest)
        .where(
            GuestRequest.occurrence_id == request.occurrence_id,
            GuestRequest.email == request.email,
            GuestRequest.id < request.id,
        )
        .execution_options(synchronize_session="fetch")
    )


def residents_shown(occurrence_id: int) -> Select[str, int]:
    """(neighborhood, answers) of who has a place and wants to be shown as a resident, most first."""
    count = func.count()
    return (
        select(Neighborhood.name, count)
        .join(Rsvp, Rsvp.shown_neighborhood_id == Neighborhood.id)
        .where(Rsvp.occurrence_id == occurrence_id, Rsvp.place == Place.CONFIRMED)
        .group_by(Neighborhood.id, Neighborhood.name)
        .order_by(count.desc(), Neighborhood.name)
    )


def areas_to_be_shown(event: Event, person: Person | None) -> Select[Neighborhood]:
    """The areas whose resident one may be shown as: the event's, those *person* follows; all where there is none."""
    own = select(event_neighborhood.c.neighborhood_id).where(event_neighborhood.c.event_id == event.id)
    near: sa.ColumnElement[bool] = Neighborhood.id.in_(own)
    if person is not None:
        near |= Neighborhood.id.in_(followed_by(person).with_only_columns(Neighborhood.id).order_by(None))
    return listed().where(near | ~sa.exists(own))


def _with_date() -> Select[Rsvp]:
    return select(Rsvp).options(joinedload(Rsvp.occurrence, innerjoin=True).joinedload(Occurrence.event))
