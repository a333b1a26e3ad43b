"""From a rule to its dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from forum.events.recurrence.rules import Problem, RecurrenceError, iteration

LIMIT = 1000


def expand(
    start: datetime,
    rrule: str | None,
    *,
    zone: ZoneInfo,
    extra: Iterable[datetime] = (),
    skipped: Iterable[datetime] = (),
    after: datetime | None = None,
    until: datetime | None = None,
    limit: int = LIMIT,
) -> list[datetime]:
    """The starts of a series in order, at most one a local date (the local date is an occurrence's address).

    All times are naive and local to *zone*; *after* and *until* bound the answer, both inclusive. *start* comes first
    unless it is *skipped*; COUNT counts skipped dates too (RFC 5545 3.8.5.3). RecurrenceError when two starts share a
    date (TWICE_A_DAY), when there are more than *limit* (TOO_MANY), or when the whole series is empty (NOTHING).
    """
    gone = set(skipped)
    added = sorted({moment for moment in extra if moment not in gone})
    found: set[datetime] = set()
    for moment in _until(_starts(start, rrule, zone), until):
        if moment not in gone and (after is None or moment >= after):
            found.add(moment)
            if len(found) > limit:
                raise RecurrenceError(Problem.TOO_MANY)
    found.update(moment for moment in _until(iter(added), until) if after is None or moment >= after)
    if not found and after is None and until is None:
        raise RecurrenceError(Problem.NOTHING)
    if len(found) > limit:
        raise RecurrenceError(Problem.TOO_MANY)
    if len({moment.date() for moment in found}) < len(found):
        raise RecurrenceError(Problem.TWICE_A_DAY)
    return sorted(found)


def _starts(start: datetime, rrule: str | None, zone: ZoneInfo) -> Iterator[datetime]:
    """*start*, then what the rule adds: DTSTART is an occurrence even where an unchecked rule misses it."""
    yield start
    if rrule is not None:
        yield from (moment for moment in iteration(rrule, start, zone) if moment > start)


def _until(moments: Iterator[datetime], until: datetime | None) -> Iterator[datetime]:
    for moment in moments:
        if until is not None and moment > until:
            return
        yield moment
