"""The agency's business calendar: when somebody is there to answer. Pure; queries/clocks.py reads the tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from forum.core.clock import to_utc

Span = tuple[time, time]
FARTHEST = 400  # days looked ahead; an agency that is closed for longer has no opening to wait for


@dataclass(frozen=True)
class Calendar:
    """Opening hours by weekday (0 is Monday), on the wall clock of *zone*, and the days when nobody is there."""

    zone: ZoneInfo
    hours: Mapping[int, tuple[Span, ...]] = field(default_factory=dict)
    holidays: frozenset[date] = frozenset()

    def spans_on(self, day: date) -> list[tuple[datetime, datetime]]:
        """The moments (aware, UTC) between which the agency is open on *day*, in order."""
        if day in self.holidays:
            return []
        spans = sorted(self.hours.get(day.weekday(), ()))
        return [
            (
                to_utc(datetime.combine(day, opens), self.zone),
                to_utc(datetime.combine(day, closes), self.zone),
            )
            for opens, closes in spans
        ]


def next_opening(moment: datetime, calendar: Calendar) -> datetime:
    """*moment* when the agency is open then, else when it opens next (aware, UTC).

    A span holds its beginning and not its end. *moment* itself where the calendar knows no opening within 400 days:
    a calendar that nobody has filled in must not move a promise away for ever.
    """
    first = moment.astimezone(calendar.zone).date()
    for ahead in range(FARTHEST):
        for opens, closes in calendar.spans_on(first + timedelta(days=ahead)):
            if moment < closes:
                return max(moment, opens)
    return moment
