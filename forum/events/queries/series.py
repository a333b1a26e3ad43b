"""Whom a change of several dates reaches."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Select, func, select, union

from forum.events.models import Answer, Rsvp, Shift, ShiftSignup


def people_reached(occurrence_ids: Iterable[int]) -> tuple[Select[int], Select[int]]:
    """How many accounts, and how many guests by their address, said going or maybe or help at any of these dates."""
    ids = list(occurrence_ids)
    said = (Rsvp.occurrence_id.in_(ids), Rsvp.answer != Answer.NOT_GOING)
    helping = (
        select(ShiftSignup.person_id)
        .join(ShiftSignup.shift)
        .where(Shift.occurrence_id.in_(ids), ShiftSignup.person_id.is_not(None))
    )
    accounts = union(select(Rsvp.person_id).where(*said, Rsvp.person_id.is_not(None)), helping).subquery()
    guests = select(Rsvp.email).where(*said, Rsvp.email != "").distinct().subquery()
    return select(func.count()).select_from(accounts), select(func.count()).select_from(guests)


def answers_unreached(occurrence_ids: Iterable[int]) -> Select[int]:
    """How many answers of going or maybe to these dates nobody can be mailed about: from callers, or a number alone."""
    return select(func.count()).where(
        Rsvp.occurrence_id.in_(list(occurrence_ids)),
        Rsvp.answer != Answer.NOT_GOING,
        Rsvp.person_id.is_(None),
        Rsvp.email == "",
    )
