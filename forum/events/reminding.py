"""When a reminder is due."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from forum.core import clock
from forum.events.models import Event, Occurrence

HOURS = timedelta(hours=2)
MORNING, EVENING, ALL_DAY = time(8), time(21), time(9)
# A worker that was away reminds for so long after the moment, and never once it has begun.
LATE = timedelta(hours=3)
# The longest way from a reminder to its start: from 9 in the evening to midnight of a day with 25 hours.
AHEAD = timedelta(hours=28)


class Occasion(StrEnum):
    """Which of the two reminders."""

    DAY = "day"
    HOURS = "hours"


def due_occasions(occurrence: Occurrence, now: datetime) -> list[tuple[Occasion, datetime]]:
    """The reminders of a date that are due at *now*, each with the moment since when it is."""
    found = []
    for occasion in Occasion:
        moment = moment_of(occasion, occurrence.starts_at, occurrence.event)
        if moment is not None and moment <= now < min(moment + LATE, occurrence.starts_at):
            found.append((occasion, moment))
    return found


def moment_of(occasion: Occasion, start: datetime, event: Event) -> datetime | None:
    """When (aware, UTC) people are reminded of a date that starts at *start*; None where there is no such reminder.

    The day before is by the wall clock, at the same time as the start, whatever clocks do in between: "tomorrow" is
    then always true. At night it waits until 8 in the morning, or comes at 9 in the evening before it is too late. Of
    a whole day one is reminded at 9 in the morning of the day before, and not by the hour.
    """
    if occasion is Occasion.HOURS:
        return None if event.all_day else start - HOURS
    zone: ZoneInfo = event.tz
    local = start.astimezone(zone)
    at = ALL_DAY if event.all_day else min(max(local.time(), MORNING), EVENING)
    return clock.to_utc(datetime.combine(local.date() - timedelta(days=1), at), zone)
