"""Who may be given a concern."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Select, select

from forum.accounts.models import Person
from forum.concerns.models import Concern
from forum.concerns.policy import DESK, Sight, may_be_given
from forum.extensions import db


def desk_people() -> Select[Person]:
    """Everyone who works at the desk now, by name."""
    return (
        select(Person)
        .where(
            Person.role.in_(DESK),
            Person.confirmed_at.is_not(None),
            Person.suspended_at.is_(None),
            Person.erased_at.is_(None),
        )
        .order_by(Person.name, Person.id)
    )


def desk_person(person_id: int) -> Select[Person]:
    """One of them."""
    return desk_people().where(Person.id == person_id)


def may_be_given_to(concern: Concern) -> list[Person]:
    """Whom it may be given to, by name; two queries, however many there are."""
    superiors = {
        row.id: row.answers_to_id
        for row in db.session.execute(
            select(Person.id, Person.answers_to_id).where(Person.answers_to_id.is_not(None))
        )
    }
    return [
        person
        for person in db.session.scalars(desk_people())
        if may_be_given(Sight(person.id, person.role, _above(person.id, superiors)), concern)
    ]


def _above(person_id: int, superiors: Mapping[int, int | None]) -> frozenset[int]:
    """Everyone this person answers to; ends even if the data held a circle."""
    found: set[int] = set()
    current = superiors.get(person_id)
    while current is not None and current not in found:
        found.add(current)
        current = superiors.get(current)
    return frozenset(found)
