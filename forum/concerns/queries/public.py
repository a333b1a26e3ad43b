"""What everybody reads: public concerns, narrowed by the address. Keyset by (public_changed_at, id), newest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, case, func, select, tuple_
from sqlalchemy.orm import contains_eager, joinedload, load_only

from forum.concerns.models import Category, Concern, Entry, Status
from forum.concerns.queries.sight import listed
from forum.concerns.queries.thread import shown_to_all
from forum.core.words import query_words
from forum.extensions import db
from forum.neighborhoods.models import Neighborhood

COUNTED = 1000  # a count stops at "more than 1,000"
ENTRIES = 50  # of an Atom feed
OPEN = "open"  # where a status may stand: every one but closed

Key = tuple[datetime, int]  # the (public_changed_at, id) of a row


@dataclass(frozen=True)
class ConcernFilters:
    """The filters of ``/concerns`` and ``/concerns.atom``."""

    neighborhood: str = ""  # a slug
    category: str = ""  # a slug
    status: str = ""  # a Status, or OPEN
    q: str = ""

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> ConcernFilters:
        """Read them from a query string; what cannot be read is left out."""
        status = args.get("status", "")
        return cls(
            neighborhood=args.get("neighborhood", "")[:120],
            category=args.get("category", "")[:60],
            status=status if status == OPEN or status in list(Status) else "",
            q=args.get("q", "")[:200].strip(),
        )

    def as_args(self) -> dict[str, str]:
        """The query string again, without what is not set."""
        return {name: value for name, value in self.__dict__.items() if value}

    def conditions(self) -> list[ColumnElement[bool]]:
        """What they ask of Concern."""
        found: list[ColumnElement[bool]] = []
        if self.neighborhood:
            area = select(Neighborhood.id).where(Neighborhood.slug == self.neighborhood)
            found.append(Concern.neighborhood_id == area.scalar_subquery())
        if self.category:
            kind = select(Category.id).where(Category.slug == self.category)
            found.append(Concern.category_id == kind.scalar_subquery())
        if self.status == OPEN:
            found.append(Concern.status != Status.CLOSED)
        elif self.status:
            found.append(Concern.status == Status(self.status))
        found += [Concern.search_text.contains(word, autoescape=True) for word in query_words(self.q)]
        return found


def listed_page(
    filters: ConcernFilters, *, after: Key | None = None, before: Key | None = None
) -> Select[Concern]:
    """Rows of the list; *after* and *before* are keys of rows already shown. With *before* they come in reverse."""
    wanted = select(Concern).where(listed(), *filters.conditions())
    place = tuple_(Concern.public_changed_at, Concern.id)
    if before is not None:
        wanted = wanted.where(place > before).order_by(Concern.public_changed_at, Concern.id)
    else:
        if after is not None:
            wanted = wanted.where(place < after)
        wanted = wanted.order_by(Concern.public_changed_at.desc(), Concern.id.desc())
    return _with_rows(wanted)


def counted(filters: ConcernFilters) -> int:
    """How many the list has in all, up to ``COUNTED + 1``."""
    ids = select(Concern.id).where(listed(), *filters.conditions()).limit(COUNTED + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(ids)) or 0


def counted_by_area(filters: ConcernFilters) -> Select[int | None, int]:
    """(id of the area, how many); None: those of the whole town, or of nobody knows where."""
    wanted = select(Concern.neighborhood_id, func.count()).where(listed(), *filters.conditions())
    return wanted.group_by(Concern.neighborhood_id)


def latest_in(neighborhood_id: int, most: int) -> Select[Concern]:
    """The public concerns of one area that lately changed."""
    wanted = select(Concern).where(listed(), Concern.neighborhood_id == neighborhood_id)
    return _with_rows(wanted.order_by(Concern.public_changed_at.desc(), Concern.id.desc()).limit(most))


def answered_lately(most: int) -> Select[Concern]:
    """The public concerns that were lately answered or closed."""
    wanted = select(Concern).where(listed(), Concern.status.in_((Status.ANSWERED, Status.CLOSED)))
    return _with_rows(wanted.order_by(Concern.public_changed_at.desc(), Concern.id.desc()).limit(most))


def last_public_entries(concern_ids: list[int]) -> Select[Entry]:
    """Of each of these public concerns the last words for everybody, and the last step, for a feed: in their order."""
    newest = (
        select(
            Entry.concern_id,
            func.max(Entry.number).label("step"),
            func.max(case((Entry.public, Entry.number))).label("words"),
        )
        .where(Entry.concern_id.in_(concern_ids), shown_to_all())
        .group_by(Entry.concern_id)
        .subquery()
    )
    last = Entry.number.in_((newest.c.step, newest.c.words))
    return select(Entry).join(newest, (Entry.concern_id == newest.c.concern_id) & last).order_by(Entry.number)


def last_changed() -> Select[datetime, datetime]:
    """When a public concern last changed for everybody, and when one was last taken from the public pages or brought
    back."""
    newest = select(func.max(Concern.public_changed_at)).where(listed()).scalar_subquery()
    unlisted = select(func.max(Concern.unlisted_at)).where(Concern.unlisted_at.is_not(None))
    return select(newest, unlisted.scalar_subquery())


def _with_rows(wanted: Select[Concern]) -> Select[Concern]:
    return wanted.join(Concern.category).options(
        load_only(
            Concern.reference,
            Concern.mode,
            Concern.title,
            Concern.story,
            Concern.place,
            Concern.status,
            Concern.arrived_at,
            Concern.public_changed_at,
            Concern.others_count,
        ),
        contains_eager(Concern.category).load_only(Category.slug, Category.names),
        joinedload(Concern.neighborhood).load_only(Neighborhood.name, Neighborhood.slug),
    )
