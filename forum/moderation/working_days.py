"""How long the agency gives itself: whole working days, Monday to Friday without holidays. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from forum.core.clock import to_utc

FARTHEST = 400  # days; a calendar with nothing but holidays must not count for ever


def after_working_days(
    moment: datetime, days: int, zone: ZoneInfo, holidays: Collection[date] = ()
) -> datetime:
    """The same time of day *days* working days after *moment* (aware, UTC).

    What comes when nobody works counts from the beginning of the next working day.
    """
    local = moment.astimezone(zone)
    day, clock_time = local.date(), local.time()
    if not _works(day, holidays):
        clock_time = time()
    left, counted = days, 0
    while not _works(day, holidays) and counted < FARTHEST:
        day, counted = day + timedelta(days=1), counted + 1
    while left > 0 and counted < FARTHEST:
        day, counted = day + timedelta(days=1), counted + 1
        left -= _works(day, holidays)
    return to_utc(datetime.combine(day, clock_time), zone)


def _works(day: date, holidays: Collection[date]) -> bool:
    return day.weekday() < 5 and day not in holidays
