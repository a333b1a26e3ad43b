"""When the clocks of a zone change, as rules a calendar file can carry.

A compiled zone file ends in a POSIX TZ line that governs every year after its table (RFC 8536 3.3). That line becomes
two yearly rules; each is believed only where it agrees with :mod:`zoneinfo`.
"""

from __future__ import annotations

import re
import zoneinfo
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

DAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")  # POSIX counts from Sunday

_NAME = r"(?:<[^>]+>|[A-Za-z]{3,})"
_TIME = r"[+-]?\d{1,3}(?::\d{2}){0,2}"
_RULE = rf"M\d{{1,2}}\.[1-5]\.[0-6](?:/{_TIME})?"
_POSIX = re.compile(rf"({_NAME})({_TIME})({_NAME})({_TIME})?,({_RULE}),({_RULE})")


@dataclass(frozen=True)
class Change:
    """One change of the clocks: ``at`` is naive, on the wall clock that was valid until then."""

    at: datetime
    offset_from: timedelta
    offset_to: timedelta
    name: str

    @property
    def forward(self) -> bool:
        return self.offset_to > self.offset_from


@dataclass(frozen=True)
class YearlyRule:
    """A change that comes every year: the ``week``-th ``weekday`` of ``month`` (5 is the last), plus ``time``.

    ``time`` counts from that day's midnight and may lie outside the day. ``since`` is the first year it is true of.
    """

    month: int
    week: int
    weekday: int
    time: timedelta
    offset_from: timedelta
    offset_to: timedelta
    name: str
    since: int = 0

    def change(self, year: int) -> Change:
        """The change of *year*."""
        first = date(year, self.month, 1)
        day = 1 + (self.weekday - first.isoweekday()) % 7 + 7 * (self.week - 1)
        if day > monthrange(year, self.month)[1]:
            day -= 7
        midnight = datetime(year, self.month, day)  # noqa: DTZ001 - wall-clock time of the zone
        return Change(midnight + self.time, self.offset_from, self.offset_to, self.name)

    def rrule(self) -> str | None:
        """The RRULE (RFC 5545 3.3.10) of the day it falls on; None when the time carries it into another month."""
        shift = self.time // timedelta(days=1)
        if shift == 0:
            week = -1 if self.week == 5 else self.week
            return f"FREQ=YEARLY;BYMONTH={self.month};BYDAY={week}{DAYS[self.weekday]}"
        if self.month == 2:
            return None
        length = monthrange(2001, self.month)[1]
        last = (length if self.week == 5 else 7 * self.week) + shift
        days = range(last - 6, last + 1)
        if days[0] < 1 or days[-1] > length:
            return None
        listed = ",".join(str(day) for day in days)
        return (
            f"FREQ=YEARLY;BYMONTH={self.month};BYMONTHDAY={listed};BYDAY={DAYS[(self.weekday + shift) % 7]}"
        )


@cache
def changes_of(zone: ZoneInfo, year: int) -> tuple[Change, ...]:
    """Every change of *zone*'s clocks within the UTC year, found by asking zoneinfo, in order."""
    start = datetime(year, 1, 1, tzinfo=UTC)
    days = (datetime(year + 1, 1, 1, tzinfo=UTC) - start).days
    offsets = [(start + timedelta(days=n)).astimezone(zone).utcoffset() for n in range(days + 1)]
    return tuple(
        _pin_down(zone, start + timedelta(days=n)) for n in range(days) if offsets[n] != offsets[n + 1]
    )


def skips(zone: ZoneInfo, local: datetime) -> bool:
    """Whether a clock change of that year or the next skips *local*'s time of day, whatever the day."""
    for year in (local.year, local.year + 1):
        for change in changes_of(zone, year):
            if change.forward:
                into = (local - change.at) % timedelta(days=1)
                if into < change.offset_to - change.offset_from:
                    return True
    return False


@cache
def yearly_rules(key: str, year: int) -> tuple[YearlyRule, YearlyRule] | None:
    """The two rules of a zone that changes its clocks every year, checked from *year* on, each with its first year.

    None when it does not, or when no pair of rules tells the truth (Morocco follows the moon).
    """
    pair = _parse(_posix_line(key))
    zone = ZoneInfo(key)
    if pair is None or any(
        set(changes_of(zone, y)) != {r.change(y) for r in pair} for y in range(year - 1, year + 11)
    ):
        return None
    first, second = (_with_since(rule, zone, year) for rule in pair)
    return first, second


def _with_since(rule: YearlyRule, zone: ZoneInfo, year: int) -> YearlyRule:
    while year > 1970 and rule.change(year - 1) in changes_of(zone, year - 1):
        year -= 1
    return YearlyRule(**{**rule.__dict__, "since": year})


def _pin_down(zone: ZoneInfo, low: datetime) -> Change:
    """The change inside the day after *low*, to the second."""
    before = low.astimezone(zone).utcoffset()
    left, right = 0, 86400
    while right - left > 1:
        middle = (left + right) // 2
        if (low + timedelta(seconds=middle)).astimezone(zone).utcoffset() == before:
            left = middle
        else:
            right = middle
    after = (low + timedelta(seconds=right)).astimezone(zone)
    offset_from, offset_to = before or timedelta(), after.utcoffset() or timedelta()
    return Change(
        (low + timedelta(seconds=right) + offset_from).replace(tzinfo=None),
        offset_from,
        offset_to,
        after.tzname() or "",
    )


def _posix_line(key: str) -> str:
    return _zone_file(key).rstrip(b"\n").rpartition(b"\n")[2].decode("ascii", "replace")


def _zone_file(key: str) -> bytes:
    """The file zoneinfo itself reads for *key*: the system's, else the tzdata package's."""
    for folder in zoneinfo.TZPATH:
        path = Path(folder, *key.split("/"))
        if path.is_file():
            return path.read_bytes()
    folder, _, name = f"zoneinfo/{key}".rpartition("/")
    return resources.files("tzdata." + folder.replace("/", ".")).joinpath(name).read_bytes()


def _parse(line: str) -> tuple[YearlyRule, YearlyRule] | None:
    match = _POSIX.fullmatch(line)
    if match is None:
        return None
    standard, west, other, other_west, starts, ends = match.groups()
    base = -_duration(west)  # POSIX counts hours west of Greenwich
    shifted = -_duration(other_west) if other_west else base + timedelta(hours=1)
    return _rule(starts, base, shifted, other), _rule(ends, shifted, base, standard)


def _rule(text: str, offset_from: timedelta, offset_to: timedelta, name: str) -> YearlyRule:
    day, _, time = text[1:].partition("/")
    month, week, weekday = (int(part) for part in day.split("."))
    return YearlyRule(month, week, weekday, _duration(time or "2"), offset_from, offset_to, name.strip("<>"))


def _duration(text: str) -> timedelta:
    hours, minutes, seconds = [*map(int, text.lstrip("+-").split(":")), 0, 0][:3]
    length = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -length if text.startswith("-") else length
