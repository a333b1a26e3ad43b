"""What a list of events can be narrowed to, in pages and feeds alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, exists, or_, select

from forum.core import clock
from forum.core.words import query_words
from forum.events.models import Event, EventKind, Occurrence, event_neighborhood
from forum.neighborhoods.models import Neighborhood

CITY_WIDE = "city-wide"  # the word for events tied to no neighborhood, where a slug may stand


@dataclass(frozen=True)
class EventFilters:
    """The filters of ``/events`` and ``/events.ics``; local dates in the agency's zone, both inclusive."""

    neighborhood: str = ""  # a slug, or CITY_WIDE
    kind: str = ""  # a slug
    from_day: date | None = None
    to_day: date | None = None
    q: str = ""
    past: bool = False

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> EventFilters:
        """Read them from a query string; what cannot be read is left out."""
        return cls(
            neighborhood=args.get("neighborhood", "")[:120],
            kind=args.get("kind", "")[:60],
            from_day=_day(args.get("from", "")),
            to_day=_day(args.get("to", "")),
            q=args.get("q", "")[:200].strip(),
            past=args.get("past", "") == "1",
        )

    def as_args(self) -> dict[str, str]:
        """The query string again, without what is not set."""
        found = {
            "neighborhood": self.neighborhood,
            "kind": self.kind,
            "q": self.q,
            "from": self.from_day.isoformat() if self.from_day else "",
            "to": self.to_day.isoformat() if self.to_day else "",
            "past": "1" if self.past else "",
        }
        return {name: value for name, value in found.items() if value}

    def conditions(self) -> list[ColumnElement[bool]]:
        """What the filters ask of Event and Occurrence, dates left out."""
        found: list[ColumnElement[bool]] = []
        if self.neighborhood:
            found.append(_in_neighborhood(self.neighborhood))
        if self.kind:
            found.append(
                Occurrence.kind_id
                == select(EventKind.id).where(EventKind.slug == self.kind).scalar_subquery()
            )
        for word in query_words(self.q):
            found.append(Event.search_text.contains(word, autoescape=True))
        return found

    def day_conditions(self) -> list[ColumnElement[bool]]:
        """What ``from`` and ``to`` ask of Occurrence."""
        found: list[ColumnElement[bool]] = []
        if self.from_day:
            found.append(Occurrence.starts_at >= _midnight(self.from_day))
        if self.to_day:
            found.append(Occurrence.starts_at < _midnight(self.to_day + timedelta(days=1)))
        return found


def _in_neighborhood(slug: str) -> ColumnElement[bool]:
    tied = event_neighborhood.c.event_id == Event.id
    if slug == CITY_WIDE:
        return ~exists().where(tied)
    area = select(Neighborhood.id).where(Neighborhood.slug == slug).scalar_subquery()
    return exists().where(tied, event_neighborhood.c.neighborhood_id == area)


def in_any_neighborhood(ids: list[int]) -> ColumnElement[bool]:
    """Events tied to one of *ids*, or to none (they are everyone's)."""
    tied = event_neighborhood.c.event_id == Event.id
    return or_(exists().where(tied, event_neighborhood.c.neighborhood_id.in_(ids)), ~exists().where(tied))


def _midnight(day: date) -> datetime:
    return clock.to_utc(datetime.combine(day, datetime.min.time()), clock.agency_zone())


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if 1990 <= day.year <= 2100 else None
