"""Dates that are over, shifts, and what came of a meeting. Call inside a unit of work."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from forum.accounts.models import Person, Role
from forum.core import clock
from forum.events.models import ActionItem, Minutes, Occurrence, Shift
from forum.events.operations.minutes import ItemDetails, add_item, publish_minutes, write_minutes
from forum.events.operations.shifts import ShiftDetails, add_shift
from tests.factories import accounts, events


def past(days: int = 1, **changes: Any) -> Occurrence:
    """The date of a public event that is over since *days*."""
    date = events.occurrence(starts_local=events.evening(-days, hour=10), **changes)
    assert date.event.slug  # read now: tests use it detached
    return date


def officer() -> Person:
    return accounts.person(Role.OFFICER, title="Beat sergeant, 14th District")


def minutes(
    occurrence: Occurrence, *, actor: Person | None = None, text: str = "We spoke of **lights** and trees."
) -> Minutes:
    """Published minutes of a date that has begun."""
    actor = actor or officer()
    write_minutes(actor=actor, occurrence=occurrence, text=text, shows_attendance=False)
    return publish_minutes(actor=actor, occurrence=occurrence)


def item(occurrence: Occurrence, *, actor: Person | None = None, **changes: Any) -> ActionItem:
    """An action item that is due in a week."""
    given: dict[str, Any] = {
        "text": "Ask for a lamp on Kedzie Avenue",
        "owner": "Beat 1433 team",
        "due_on": clock.today() + timedelta(days=7),
    }
    return add_item(actor=actor or officer(), occurrence=occurrence, details=ItemDetails(**(given | changes)))


def shift(occurrence: Occurrence, *, actor: Person | None = None, **changes: Any) -> Shift:
    """A shift as long as its date, for two helpers."""
    zone = occurrence.event.tz
    given: dict[str, Any] = {
        "title": "Paint the fence",
        "starts": local(occurrence.starts_at, zone),
        "ends": local(occurrence.ends_at, zone),
        "capacity": 2,
        "bring": "Gloves",
    }
    return add_shift(
        actor=actor or officer(), occurrence=occurrence, details=ShiftDetails(**(given | changes))
    )


def local(moment: datetime, zone: Any) -> datetime:
    """*moment* on the wall clock, naive."""
    return clock.to_local(moment, zone).replace(tzinfo=None)
