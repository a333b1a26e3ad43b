"""Who may be given a concern."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import selectinload

from forum.accounts.models import Person
from forum.accounts.queries import working
from forum.concerns.models import About, Concern, Mode, Status
from forum.concerns.policy import DESK, Sight, can_see_on_desk, may_be_given
from forum.extensions import db


def desk_people() -> Select[Person]:
    """Everyone who works at the desk now, by name."""
    return working(*DESK).order_by(Person.name, Person.id)


def desk_person(person_id: int) -> Select[Person]:
    """One of them."""
    return desk_people().where(Person.id == person_id)


def may_be_given_to(concern: Concern) -> list[Person]:
    """Whom it may be given to, by name; two queries, however many there are."""
    return [person for person, sight in _desk() if may_be_given(sight, concern)]


def who_sees(concern: Concern) -> list[Person]:
    """Who at the desk sees it as it is, by name."""
    return [person for person, sight in _desk() if can_see_on_desk(sight, concern)]


def seen_by_nobody() -> bool:
    """Whether there is an open concern that nobody at the desk may read. Only what is about an officer, confidential or
    kept from somebody can be one."""
    narrow = or_(Concern.about != About.TOWN, Concern.mode == Mode.CONFIDENTIAL, Concern.recusals.any())
    wanted = (
        select(Concern).where(Concern.status != Status.CLOSED, narrow).options(selectinload(Concern.recusals))
    )
    sights = [sight for _person, sight in _desk()]
    found = db.session.scalars(wanted.order_by(Concern.id))
    return any(not any(can_see_on_desk(sight, concern) for sight in sights) for concern in found)


def _desk() -> list[tuple[Person, Sight]]:
    """Everyone at the desk with how they see; two queries, however many there are."""
    superiors = {
        row.id: row.answers_to_id
        for row in db.session.execute(
            select(Person.id, Person.answers_to_id).where(Person.answers_to_id.is_not(None))
        )
    }
    return [
        (person, Sight(person.id, person.role, _above(person.id, superiors)))
        for person in db.session.scalars(desk_people())
    ]


def _above(person_id: int, superiors: Mapping[int, int | None]) -> frozenset[int]:
    """Everyone this person answers to; ends even if the data held a circle."""
    found: set[int] = set()
    current = superiors.get(person_id)
    while current is not None and current not in found:
        found.add(current)
        current = superiors.get(current)
    return frozenset(found)
