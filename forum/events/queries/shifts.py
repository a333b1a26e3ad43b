"""Volunteer shifts: of one date, a person's own, and the hours given."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from forum.accounts.models import Person
from forum.events.models import Event, Occurrence, Shift, ShiftSignup
from forum.events.policy import Viewer, can_see_desk


def shifts_of(occurrence_id: int) -> Select[Shift]:
    """The shifts of a date, earliest first, without who took them."""
    return select(Shift).where(Shift.occurrence_id == occurrence_id).order_by(Shift.offset, Shift.id)


def shift_by_id(shift_id: int) -> Select[Shift]:
    """One shift with its date and event."""
    return (
        select(Shift)
        .where(Shift.id == shift_id)
        .options(joinedload(Shift.occurrence).joinedload(Occurrence.event))
    )


def taken_by(viewer: Viewer, occurrence_id: int) -> Select[int]:
    """The ids of the shifts of a date that *viewer* has taken."""
    return (
        select(ShiftSignup.shift_id)
        .join(ShiftSignup.shift)
        .where(Shift.occurrence_id == occurrence_id, ShiftSignup.person_id == viewer.id)
    )


def with_helpers(viewer: Viewer, occurrence_id: int) -> Select[Shift]:
    """The shifts of a date with who took them. None off the desk."""
    return (
        shifts_of(occurrence_id)
        .where(sa.true() if can_see_desk(viewer) else sa.false())
        .options(selectinload(Shift.signups).joinedload(ShiftSignup.person).load_only(Person.name))
    )


def hours_of(viewer: Viewer, occurrence_id: int) -> Select[ShiftSignup]:
    """Who helped at a date, shift by shift, for the export. None off the desk."""
    return (
        select(ShiftSignup)
        .join(ShiftSignup.shift)
        .where(Shift.occurrence_id == occurrence_id, sa.true() if can_see_desk(viewer) else sa.false())
        .order_by(Shift.offset, Shift.id, ShiftSignup.id)
        .options(
            contains_eager(ShiftSignup.shift),
            joinedload(ShiftSignup.person).load_only(Person.name),
        )
    )


def my_shifts(person: Person, *, since: datetime, most: int = 50) -> Select[ShiftSignup]:
    """The shifts a person has taken on public dates that end after *since*, soonest first."""
    return (
        select(ShiftSignup)
        .join(ShiftSignup.shift)
        .join(Shift.occurrence)
        .join(Occurrence.event)
        .where(ShiftSignup.person_id == person.id, Occurrence.ends_at > since, Occurrence.listed)
        .order_by(Occurrence.starts_at, Shift.offset, Shift.id)
        .limit(most)
        .options(
            contains_eager(ShiftSignup.shift)
            .contains_eager(Shift.occurrence)
            .contains_eager(Occurrence.event)
            .load_only(Event.title, Event.slug, Event.zone, Event.status, Event.rrule, Event.extra_starts)
        )
    )


def minutes_worked(person: Person) -> Select[Any]:
    """The minutes a person has given in all shifts."""
    return select(func.coalesce(func.sum(ShiftSignup.worked), 0)).where(ShiftSignup.person_id == person.id)
