"""Who comes to one date, as columns: a roster of thousands is read in pages, its totals in one count."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, or_, select

from forum.accounts.models import Person
from forum.events.models import Answer, EventMessage, Place, Rsvp
from forum.events.policy import Viewer, can_see_desk
from forum.neighborhoods.models import Neighborhood

PAGE = 50  # answers on one page
MOST_PAGES = 10_000
LONGEST_WORDS = 80


class Standing(StrEnum):
    """What an answer amounts to, in the roster's order."""

    GOING = "going"
    OFFERED = "offered"
    WAITING = "waiting"
    MAYBE = "maybe"
    NOT_GOING = "not_going"


_IS: dict[Standing, ColumnElement[bool]] = {
    Standing.GOING: Rsvp.place == Place.CONFIRMED,
    Standing.OFFERED: Rsvp.place == Place.OFFERED,
    Standing.WAITING: Rsvp.place == Place.WAITING,
    Standing.MAYBE: and_(Rsvp.place == Place.NONE, Rsvp.answer == Answer.MAYBE),
    Standing.NOT_GOING: and_(Rsvp.place == Place.NONE, Rsvp.answer == Answer.NOT_GOING),
}
_RANK = case(*((condition, number) for number, condition in enumerate(_IS.values())), else_=len(_IS))
_ORDER = (_RANK, Rsvp.ticket, Rsvp.id)


@dataclass(frozen=True)
class RosterFilter:
    """What a roster is narrowed to; *page* counts from 1."""

    words: str = ""
    standing: Standing | None = None
    page: int = 1

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> RosterFilter:
        """Out of an address; what makes no sense there narrows nothing."""
        page, standing = args.get("page", "")[:9], args.get("standing", "")
        return cls(
            words=" ".join(args.get("q", "")[:LONGEST_WORDS].split()),
            standing=Standing(standing) if standing in list(Standing) else None,
            page=min(max(1, int(page)), MOST_PAGES) if page.isascii() and page.isdigit() else 1,
        )


def standing_of(place: Place, answer: Answer) -> Standing:
    """The standing of an answer that holds *place*."""
    held = {Place.CONFIRMED: Standing.GOING, Place.OFFERED: Standing.OFFERED, Place.WAITING: Standing.WAITING}
    return held.get(place) or (Standing.MAYBE if answer == Answer.MAYBE else Standing.NOT_GOING)


def roster_page(viewer: Viewer, occurrence_id: int, wanted: RosterFilter) -> Select[Any]:
    """One page of answers in the roster's order; the ids are found first, so that only a page's names are read."""
    numbers = {"occurrence_id": occurrence_id, "first": (wanted.page - 1) * PAGE}
    if not wanted.words and can_see_desk(viewer):
        return _PAGES[wanted.standing].params(numbers)
    return _paged(_narrowed(viewer, occurrence_id, wanted)).params(numbers)


def whole_roster(viewer: Viewer, occurrence_id: int) -> Select[Any]:
    """Every answer, for a table to take along."""
    return _columns().where(*_of(viewer, occurrence_id)).order_by(*_ORDER)


def roster_count(viewer: Viewer, occurrence_id: int, wanted: RosterFilter) -> Select[int]:
    """How many answers fit the words and the standing."""
    return _narrowed(viewer, occurrence_id, wanted).with_only_columns(func.count())


def roster_totals(viewer: Viewer, occurrence_id: int) -> Select[Place, Answer, int, int]:
    """(place, answer, answers, people) for each that there is."""
    return _TOTALS.params(occurrence_id=occurrence_id if can_see_desk(viewer) else 0)


def positions_in_line(occurrence_id: int, rsvp_ids: Collection[int]) -> Select[int, int]:
    """(id, turn) of those of *rsvp_ids* who wait; the head of the line is 1."""
    turn = func.row_number().over(order_by=Rsvp.ticket).label("turn")
    line = (
        select(Rsvp.id, turn)
        .where(Rsvp.occurrence_id == occurrence_id, Rsvp.place == Place.WAITING)
        .subquery()
    )
    return select(line.c.id, line.c.turn).where(line.c.id.in_(rsvp_ids))


def reachable(occurrence_id: int, standings: Collection[Standing]) -> Select[int, int | None, str]:
    """(id, person, language) of the answers of *standings* whose owner can be written to: an account, or a guest."""
    chosen = or_(*(_IS[standing] for standing in standings)) if standings else sa.false()
    has_address = or_(Rsvp.person_id.is_not(None), Rsvp.email != "")
    return (
        select(Rsvp.id, Rsvp.person_id, Rsvp.language)
        .where(Rsvp.occurrence_id == occurrence_id, chosen, has_address)
        .order_by(Rsvp.id)
    )


def reachable_counts(viewer: Viewer, occurrence_id: int) -> Select[Place, Answer, int]:
    """(place, answer, how many of them can be written to)."""
    has_address = or_(Rsvp.person_id.is_not(None), Rsvp.email != "")
    return (
        select(Rsvp.place, Rsvp.answer, func.count())
        .where(*_of(viewer, occurrence_id), has_address)
        .group_by(Rsvp.place, Rsvp.answer)
    )


def messages_about(viewer: Viewer, event_id: int, most: int = 20) -> Select[EventMessage, str | None]:
    """What was written to who answered, newest first, each with its author's name. Empty off the desk."""
    return (
        select(EventMessage, Person.name)
        .outerjoin(Person, Person.id == EventMessage.author_id)
        .where(EventMessage.event_id == event_id, sa.true() if can_see_desk(viewer) else sa.false())
        .order_by(EventMessage.created_at.desc(), EventMessage.id.desc())
        .limit(most)
    )


def _of(viewer: Viewer, occurrence_id: int) -> tuple[ColumnElement[bool], ...]:
    return Rsvp.occurrence_id == occurrence_id, sa.true() if can_see_desk(viewer) else sa.false()


def _columns() -> Select[Any]:
    return (
        select(
            Rsvp.id,
            case((Rsvp.person_id.is_not(None), Person.name), else_=Rsvp.name).label("name"),
            Rsvp.person_id,
            Rsvp.channel,
            Rsvp.answer,
            Rsvp.place,
            Rsvp.party_size,
            Rsvp.offer_ends_at,
            Rsvp.code_hash.is_not(None).label("is_headcount"),
            Rsvp.updated_at,
            Neighborhood.name.label("resident_of"),
        )
        .outerjoin(Person, Person.id == Rsvp.person_id)
        .outerjoin(Neighborhood, Neighborhood.id == Rsvp.shown_neighborhood_id)
    )


def _narrowed(viewer: Viewer, occurrence_id: int, wanted: RosterFilter) -> Select[Any]:
    found = select(Rsvp).where(*_of(viewer, occurrence_id))
    if wanted.standing is not None:
        found = found.where(_IS[wanted.standing])
    if wanted.words:
        found = found.outerjoin(Person, Person.id == Rsvp.person_id)
        for word in wanted.words.split():
            found = found.where(
                or_(Person.name.icontains(word, autoescape=True), Rsvp.name.icontains(word, autoescape=True))
            )
    return found


def _paged(ids: Select[Any]) -> Select[Any]:
    """The page of *ids* that begins at the parameter ``first``."""
    page = ids.with_only_columns(Rsvp.id).order_by(*_ORDER).offset(bindparam("first")).limit(PAGE).subquery()
    return _columns().join(page, page.c.id == Rsvp.id).order_by(*_ORDER)


# Made once, with parameters: for a page that is opened all evening, making them took as long as asking.
_OF_DATE = Rsvp.occurrence_id == bindparam("occurrence_id")
_PAGES: dict[Standing | None, Select[Any]] = {
    standing: _paged(select(Rsvp).where(_OF_DATE, condition))
    for standing, condition in (*_IS.items(), (None, sa.true()))
}
_TOTALS = (
    select(Rsvp.place, Rsvp.answer, func.count(), func.coalesce(func.sum(Rsvp.party_size), 0))
    .where(_OF_DATE)
    .group_by(Rsvp.place, Rsvp.answer)
)
