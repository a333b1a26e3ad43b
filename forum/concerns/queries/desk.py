"""The desk's queue: what a viewer sees there, narrowed by filters that stand in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, tuple_
from sqlalchemy.orm import contains_eager, defer, joinedload

from forum.accounts.models import Person
from forum.concerns.models import About, Category, Concern, Dispute, Mode, Status
from forum.concerns.policy import Sight
from forum.concerns.queries.sight import seen_on_desk
from forum.core.db import UTCDateTime
from forum.neighborhoods.models import Neighborhood, beat_neighborhood, beat_officer

COUNTED = 1000  # a count stops at "more than 1,000"
W = TypeVar("W", bound=StrEnum)
Key = tuple[datetime | None, int]  # when it is due, and its id: where a page of the queue ends


class Whose(StrEnum):
    """In whose hands."""

    ALL = "all"
    BEATS = "beats"
    FREE = "free"
    MINE = "mine"


OPEN, DISPUTED = "open", "disputed"  # words where a status may stand
# Named one by one, since an index finds what something is and not what it is not.
STILL_OPEN = tuple(status for status in Status if status is not Status.CLOSED)


@dataclass(frozen=True)
class QueueFilters:
    """The filters of ``/desk/concerns``. *status*: a word of Status, or OPEN or DISPUTED."""

    whose: Whose = Whose.BEATS
    status: str = OPEN
    category: str = ""  # a slug
    neighborhood: str = ""  # a slug
    mode: Mode | None = None
    about: str = ""  # "staff": what is about an officer
    language: str = ""
    interpreter: bool = False

    @classmethod
    def from_args(cls, args: Mapping[str, str], whose: Whose = Whose.BEATS) -> QueueFilters:
        """Read them from a query string; what cannot be read is left out. *whose*: where nothing is said."""
        status = args.get("status", "")
        return cls(
            whose=_word(Whose, args.get("whose", "")) or whose,
            status=status if status == DISPUTED or _word(Status, status) else OPEN,
            category=args.get("category", "")[:60],
            neighborhood=args.get("neighborhood", "")[:120],
            mode=_word(Mode, args.get("mode", "")),
            about="staff" if args.get("about") == "staff" else "",
            language=args.get("language", "")[:16],
            interpreter=args.get("interpreter") == "1",
        )

    def as_args(self) -> dict[str, Any]:
        """The query string again; whose it is always stands in it, the rest only where it narrows."""
        found = {
            "whose": str(self.whose),
            "status": "" if self.status == OPEN else self.status,
            "category": self.category,
            "neighborhood": self.neighborhood,
            "mode": str(self.mode or ""),
            "about": self.about,
            "language": self.language,
            "interpreter": "1" if self.interpreter else "",
        }
        return {name: value for name, value in found.items() if value}

    def changed(self, **changes: Any) -> dict[str, Any]:
        """The query string with *changes*."""
        return replace(self, **changes).as_args()

    def conditions(self, sight: Sight) -> list[ColumnElement[bool]]:
        """What the filters ask of Concern."""
        found = [*_of_whom(self.whose, sight), _of_status(self.status)]
        if self.category:
            found.append(Concern.category_id == _id_by_slug(Category, self.category))
        if self.neighborhood:
            found.append(Concern.neighborhood_id == _id_by_slug(Neighborhood, self.neighborhood))
        if self.mode:
            found.append(Concern.mode == self.mode)
        if self.about:
            found.append(Concern.about != About.TOWN)
        if self.language:
            found.append(Concern.language == self.language)
        if self.interpreter:
            found.append(Concern.interpreter.is_(True))
        return found


def queue(
    sight: Sight, filters: QueueFilters, after: Key | None = None, *, due: bool = True
) -> Select[Concern]:
    """What *sight* sees of the queue behind *after*: what is due first comes first, or (*due* false) what has no clock.

    Two statements rather than one: each walks its index in order and stops where the page ends, however long the queue.
    """
    wanted = (
        select(Concern)
        .join(Concern.category)
        .outerjoin(Concern.neighborhood)
        .outerjoin(Concern.assigned_to)
        .where(seen_on_desk(sight), *filters.conditions(sight))
        .options(
            contains_eager(Concern.category),
            contains_eager(Concern.neighborhood).load_only(Neighborhood.name),
            contains_eager(Concern.assigned_to).load_only(Person.name),
            defer(Concern.story, raiseload=True),
        )
    )
    if not due:
        # A sum, in whose order no index is: else SQLite looks for the few open ones in all that was ever closed.
        order = Concern.id + 0 if filters.status == OPEN else Concern.id
        wanted = wanted.where(Concern.due_at.is_(None)).order_by(order)
        return wanted.where(Concern.id > after[1]) if after is not None and after[0] is None else wanted
    wanted = wanted.where(Concern.due_at.is_not(None)).order_by(Concern.due_at, Concern.id)
    return (
        wanted if after is None else wanted.where(tuple_(Concern.due_at, Concern.id) > tuple_(*_key(after)))
    )


def counted(sight: Sight, filters: QueueFilters, now: datetime) -> Select[int, int]:
    """How many there are and how many of them are late, each counted up to ``COUNTED + 1``."""
    # In the order of an index, though nobody sees it: without one SQLite reads every concern there ever was.
    seen = select(Concern.id).where(seen_on_desk(sight), *filters.conditions(sight)).order_by(Concern.status)
    late = seen.where(Concern.due_at < now, Concern.status.in_(STILL_OPEN))
    both = [
        select(func.count()).select_from(wanted.limit(COUNTED + 1).subquery()).scalar_subquery()
        for wanted in (seen, late)
    ]
    return select(*both)


def open_in_hands_of(sight: Sight, person_id: int) -> Select[Concern]:
    """The open concerns that *person_id* has, as far as *sight* sees them."""
    return (
        select(Concern)
        .where(seen_on_desk(sight), Concern.assigned_to_id == person_id, Concern.status != Status.CLOSED)
        .order_by(Concern.id)
    )


def undecided(sight: Sight) -> Select[Dispute]:
    """Disputes that nobody has decided, the oldest first, of the concerns that *sight* sees."""
    return (
        select(Dispute)
        .join(Dispute.concern)
        .where(Dispute.outcome.is_(None), seen_on_desk(sight))
        .options(
            contains_eager(Dispute.concern).joinedload(Concern.category),
            joinedload(Dispute.closed_by).load_only(Person.name),
        )
        .order_by(Dispute.raised_at, Dispute.id)
    )


def undecided_of(concern_id: int) -> Select[Dispute]:
    """The dispute of this concern that waits for a decision."""
    return select(Dispute).where(Dispute.concern_id == concern_id, Dispute.outcome.is_(None))


def merged_into(sight: Sight, concern: Concern) -> Select[Concern]:
    """The concerns merged into this one, as far as *sight* sees them."""
    return (
        select(Concern)
        .where(Concern.merged_into_id == concern.id, seen_on_desk(sight))
        .order_by(Concern.reference)
    )


def _of_whom(whose: Whose, sight: Sight) -> list[ColumnElement[bool]]:
    if whose is Whose.ALL:
        return []
    if whose is Whose.MINE:
        return [Concern.assigned_to_id == sight.id]
    if whose is Whose.FREE:
        return [Concern.assigned_to_id.is_(None)]
    served = (
        select(beat_neighborhood.c.neighborhood_id)
        .join(beat_officer, beat_officer.c.beat_id == beat_neighborhood.c.beat_id)
        .where(beat_officer.c.person_id == sight.id)
    )
    nobodys = and_(Concern.neighborhood_id.is_(None), Concern.assigned_to_id.is_(None))
    return [or_(Concern.neighborhood_id.in_(served), Concern.assigned_to_id == sight.id, nobodys)]


def _of_status(status: str) -> ColumnElement[bool]:
    if status == OPEN:
        return Concern.status.in_(STILL_OPEN)
    if status == DISPUTED:
        return Concern.id.in_(select(Dispute.concern_id).where(Dispute.outcome.is_(None)))
    return Concern.status == Status(status)


def _id_by_slug(model: type[Category] | type[Neighborhood], slug: str) -> ColumnElement[int]:
    return select(model.id).where(model.slug == slug).scalar_subquery()


def _key(after: Key) -> tuple[ColumnElement[datetime | None], ColumnElement[int]]:
    return literal(after[0], UTCDateTime()), literal(after[1])


def _word(vocabulary: type[W], text: str) -> W | None:
    try:
        return vocabulary(text)
    except ValueError:
        return None
