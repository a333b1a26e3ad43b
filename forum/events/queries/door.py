"""Who was counted at the door of one date."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Select, func, select

from forum.events.models import Arrival, Occurrence, Rsvp
from forum.events.policy import NAMES_AT_THE_DOOR, Viewer, can_edit_events


def arrivals_by_key(occurrence_id: int, keys: Collection[str]) -> Select[Arrival]:
    """Those of *keys* that were told of before."""
    return select(Arrival).where(Arrival.occurrence_id == occurrence_id, Arrival.key.in_(keys))


def people_counted(occurrence_id: int) -> Select[int]:
    """How many came: what was counted without a name, and of each answer the largest party told of.

    It does not depend on the order in which devices tell, so two phones that tick off one party count it once.
    """
    live = (Arrival.occurrence_id == occurrence_id, ~Arrival.undone)
    parties = (
        select(func.max(Arrival.people).label("people"))
        .where(*live, Arrival.rsvp_id.is_not(None))
        .group_by(Arrival.rsvp_id)
        .subquery()
    )
    counted = select(func.coalesce(func.sum(Arrival.people), 0)).where(*live, Arrival.rsvp_id.is_(None))
    named = select(func.coalesce(func.sum(parties.c.people), 0))
    return select(counted.scalar_subquery() + named.scalar_subquery())


def arrived(viewer: Viewer, occurrence_id: int) -> Select[int | None, str, int]:
    """(answer, key, people) of who was ticked off by name and not undone. Empty for who may not edit."""
    return (
        select(Arrival.rsvp_id, Arrival.key, Arrival.people)
        .where(
            Arrival.occurrence_id == occurrence_id,
            Arrival.rsvp_id.is_not(None),
            ~Arrival.undone,
            sa.true() if can_edit_events(viewer) else sa.false(),
        )
        .order_by(Arrival.id)
    )


def arrivals_of_answer(rsvp_id: int) -> Select[Arrival]:
    """What was counted of one answer and is not undone."""
    return select(Arrival).where(Arrival.rsvp_id == rsvp_id, ~Arrival.undone).order_by(Arrival.id)


def answers_among(rsvp_ids: Collection[int]) -> Select[int, int, int, bool]:
    """(id, date, party, kept by name) of the answers with these ids, of whatever date."""
    columns = (Rsvp.id, Rsvp.occurrence_id, Rsvp.party_size, Rsvp.keeps_attendance)
    return select(*columns).where(Rsvp.id.in_(rsvp_ids))


def dates_with_names_to_forget(now: datetime) -> Select[int]:
    """The dates whose door list is over and still says who came, though its owner did not choose that."""
    return (
        select(Occurrence.id)
        .where(
            Occurrence.ends_at <= now - NAMES_AT_THE_DOOR,
            sa.exists().where(
                Arrival.occurrence_id == Occurrence.id, Rsvp.id == Arrival.rsvp_id, ~Rsvp.keeps_attendance
            ),
        )
        .order_by(Occurrence.id)
    )


def names_to_forget(occurrence_id: int) -> Select[Arrival]:
    """The arrivals of a date that say who came and need not, by answer, the one that counts first."""
    return (
        select(Arrival)
        .join(Rsvp, Rsvp.id == Arrival.rsvp_id)
        .where(Arrival.occurrence_id == occurrence_id, ~Rsvp.keeps_attendance)
        .order_by(Arrival.rsvp_id, Arrival.undone, Arrival.people.desc(), Arrival.id)
    )


def arrivals_of_person(person_id: int) -> Select[Arrival]:
    """Every arrival by one person's name, date after date, of each answer the one that counts first."""
    return (
        select(Arrival)
        .join(Rsvp, Rsvp.id == Arrival.rsvp_id)
        .where(Rsvp.person_id == person_id)
        .order_by(Arrival.occurrence_id, Arrival.rsvp_id, Arrival.undone, Arrival.people.desc(), Arrival.id)
    )
