"""What is true of a concern's clocks, reckoned by walking through its hours, and written apart from clocks.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from forum.concerns.calendar import Calendar
from forum.concerns.models import Author, Closing, Status

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Act:
    """Something that happened at a full hour, as it truly happened."""

    at: datetime
    author: Author
    words: bool = False
    status: Status | None = None
    closed_as: Closing | None = None
    overturned: bool = True


@dataclass(frozen=True)
class Promise:
    answer_hours: int
    update_days: int
    closing_days: int


@dataclass
class Truth:
    """When each promise was broken: the first hour in which it was; None where it was kept until the end."""

    answer: datetime | None = None
    update: datetime | None = None
    closing: datetime | None = None


def is_open(moment: datetime, calendar: Calendar) -> bool:
    """Whether somebody is there; asked of the wall clock."""
    local = moment.astimezone(calendar.zone)
    day = date(local.year, local.month, local.day)
    hours = calendar.hours.get(local.weekday(), ())
    return day not in calendar.holidays and any(
        opens <= local.time().replace(tzinfo=None) < closes for opens, closes in hours
    )


def walked_to_opening(
    moment: datetime, calendar: Calendar, step: timedelta = timedelta(minutes=1)
) -> datetime:
    """The first moment from *moment* on, *step* by *step*, when somebody is there."""
    while not is_open(moment, calendar):
        moment += step
    return moment


def days_reached(start: datetime, now: datetime, days: int, zone: ZoneInfo) -> bool:
    """Whether the wall clock has come to the same time, *days* later."""
    begun, here = (moment.astimezone(zone).replace(tzinfo=None) for moment in (start, now))
    return here >= begun + timedelta(days=days)


def walk(
    arrived: datetime, acts: Sequence[Act], promise: Promise, calendar: Calendar, until: datetime
) -> Truth:
    """Live through every hour from *arrived* to *until*.

    Each promise of days is a store of hours. An hour passes against it unless the concern rested in that hour: it
    waited, or it lay closed and was reopened without the closing having been wrong. What lies closed at the end broke
    nothing since.
    """
    truth, waiting, answer_given = Truth(), False, False
    update_since: datetime | None = None
    closing_left = _hours(arrived, promise.closing_days, calendar.zone)
    update_left = 0
    answer_due = walked_to_opening(arrived + promise.answer_hours * HOUR, calendar, HOUR)
    now, todo = arrived, sorted(acts, key=lambda act: act.at)
    while now < until:
        for act in [each for each in todo if each.at == now]:
            said = act.author is Author.STAFF and act.words
            only_acknowledges = act.status in (Status.RECEIVED, Status.ACKNOWLEDGED)
            if said and not only_acknowledges and act.closed_as is not Closing.DUPLICATE:
                answer_given = True
            if said and answer_given:
                update_since, update_left = now, _hours(now, promise.update_days, calendar.zone)
            if act.status is not None:
                waiting = act.status is Status.WAITING
        if not answer_given and now >= answer_due and not _over(acts, now):
            truth.answer = truth.answer or now
        rests = waiting or _lay_closed_rightly(acts, now) or _over(acts, now)
        if not rests:
            if closing_left <= 0:
                truth.closing = truth.closing or now + HOUR
            closing_left -= 1
            if update_since is not None:
                if update_left <= 0:
                    truth.update = truth.update or now + HOUR
                update_left -= 1
        now += HOUR
    return truth


def _hours(start: datetime, days: int, zone: ZoneInfo) -> int:
    """How many hours pass until the wall clock has come round *days* times."""
    count = 0
    while not days_reached(start, start + count * HOUR, days, zone):
        count += 1
    return count


def _last(acts: Sequence[Act], now: datetime) -> Act | None:
    """The last change of status until now."""
    found = [act for act in acts if act.status is not None and act.at <= now]
    return found[-1] if found else None


def _lay_closed_rightly(acts: Sequence[Act], now: datetime) -> bool:
    last = _last(acts, now)
    if last is None or last.status is not Status.CLOSED:
        return False
    later = [act for act in acts if act.status is not None and act.at > now]
    return bool(later) and not later[0].overturned


def _over(acts: Sequence[Act], now: datetime) -> bool:
    """Closed, and for good; a duplicate's person must have had an answer too."""
    last = _last(acts, now)
    if last is None or last.status is not Status.CLOSED:
        return False
    if any(act.status is not None and act.at > now for act in acts):
        return False
    if last.closed_as is not Closing.DUPLICATE:
        return True
    return any(
        act.author is Author.STAFF
        and act.words
        and act.status not in (Status.RECEIVED, Status.ACKNOWLEDGED)
        and act.closed_as is not Closing.DUPLICATE
        for act in acts
        if act.at <= now
    )
