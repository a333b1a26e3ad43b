"""Events and answers, made through the same operations as everyone's."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from forum.core import clock
from forum.events.models import Event, EventKind, Occurrence
from forum.events.operations.details import EventDetails
from forum.events.operations.events import create_event, publish_event
from forum.extensions import db

ZONE = "America/Chicago"


def kind(slug: str = "beat-meeting") -> EventKind:
    """One of the kinds the site starts with."""
    return db.session.scalars(select(EventKind).where(EventKind.slug == slug)).one()


def evening(days: int = 7, hour: int = 18, minute: int = 30) -> datetime:
    """A naive local moment *days* from today."""
    return datetime.combine(clock.today() + timedelta(days=days), datetime.min.time()).replace(
        hour=hour, minute=minute
    )


def details(**changes: Any) -> EventDetails:
    """Details of an hour's beat meeting in a week; *changes* replace fields."""
    start = changes.pop("starts_local", None) or evening()
    values: dict[str, Any] = {
        "title": "1433 beat meeting",
        "kind_id": kind(changes.pop("kind", "beat-meeting")).id,
        "zone": ZONE,
        "starts_local": start,
        "ends_local": changes.pop("ends_local", None) or start + timedelta(hours=1),
        "place_name": "Pulaski Park fieldhouse",
        "place_address": "1419 W. Blackhawk",
    }
    return EventDetails(**(values | changes))


def event(*, published: bool = True, **changes: Any) -> Event:
    """An event, public unless told otherwise."""
    made = create_event(actor=None, details=details(**changes))
    if published:
        publish_event(actor=None, event=made)
    return made


def occurrence(**changes: Any) -> Occurrence:
    """The (first) date of a new public event."""
    return event(**changes).occurrences[0]


def next_weekday(weekday: int, nth: int, hour: int = 18) -> datetime:
    """The *nth* *weekday* (Monday is 0) of a month that lies wholly ahead, as a naive local evening."""
    first = (clock.today().replace(day=1) + timedelta(days=63)).replace(day=1)
    day = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
    return datetime.combine(day, datetime.min.time()).replace(hour=hour)
