"""What people need to take part in one date, for who can edit its event and nobody else."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select, case, func, select

from forum.accounts.models import Person
from forum.events.models import AccessNeed, Rsvp
from forum.events.policy import Viewer, can_see_needs

MOST = 300  # lines of the list; the totals count everybody


def needs_totals(viewer: Viewer, occurrence_id: int) -> Select[int, int, int, int, int, int]:
    """Answers with needs, with an interpreter, step-free, children, quiet space, with a note. Zeros off the desk."""
    return (
        select(
            func.count(),
            _how_many(AccessNeed.interpreter != ""),
            _how_many(AccessNeed.step_free.is_(True)),
            func.coalesce(func.sum(AccessNeed.children), 0),
            _how_many(AccessNeed.quiet_space.is_(True)),
            _how_many(AccessNeed.note != ""),
        )
        .select_from(AccessNeed)
        .join(Rsvp, Rsvp.id == AccessNeed.rsvp_id)
        .where(*_of(viewer, occurrence_id))
    )


def needs_list(viewer: Viewer, occurrence_id: int) -> Select[AccessNeed, str, Rsvp]:
    """(needs, name, answer) of a date, by name; a headcount has no name."""
    name = case((Rsvp.person_id.is_not(None), Person.name), else_=Rsvp.name).label("name")
    return (
        select(AccessNeed, name, Rsvp)
        .join(Rsvp, Rsvp.id == AccessNeed.rsvp_id)
        .outerjoin(Person, Person.id == Rsvp.person_id)
        .where(*_of(viewer, occurrence_id))
        .order_by(name, Rsvp.id)
        .limit(MOST)
    )


def needs_of(rsvp_id: int) -> Select[AccessNeed]:
    """The needs of one answer; the caller has made sure that its owner, or an editor, asks."""
    return select(AccessNeed).where(AccessNeed.rsvp_id == rsvp_id)


def _of(viewer: Viewer, occurrence_id: int) -> tuple[ColumnElement[bool], ...]:
    return Rsvp.occurrence_id == occurrence_id, sa.true() if can_see_needs(viewer) else sa.false()


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
