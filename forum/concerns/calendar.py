"""The agency's business calendar: when somebody is there to answer. Pure; queries/clocks.py reads the tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from forum.core.clock import to_utc

Span = tuple[time, time]
Moments = tuple[tuple[datetime, datetime], ...]
FARTHEST = 400  # days looked ahead; an agency that is closed for longer has no opening to wait for


@dataclass(frozen=True)
class Calendar:
    """Opening hours by weekday (0 is Monday), on the wall clock of *zone*, and the days when nobody is there."""

    zone: ZoneInfo
    hours: Mapping[int, tuple[Span, ...]] = field(default_factory=dict)
    holidays: frozenset[date] = frozenset()
    _found: dict[date, Moments] = field(default_factory=dict, compare=False, repr=False)

    def spans_on(self, day: date) -> Moments:
        """The moments (aware, UTC) between which the agency is open on *day*, in order."""
        found = self._found.get(day)
        if found is None:  # most clocks run to the same few days
            found = self._found[day] = self._spans_on(day)
        return found

    def _spans_on(self, day: date) -> Moments:
        if day in self.holidays:
            return ()
        return tuple(
            (
                to_utc(datetime.combine(day, opens), self.zone),
                to_utc(datetime.combine(day, closes), self.zone),
            )
            for opens, closes in sorted(self.hours.get(day.weekday(), ()))
        )


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
