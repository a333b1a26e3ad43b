"""A rule that the desk takes makes the same dates everywhere: in ours, in ical.js and in libical."""

from __future__ import annotations

import ctypes
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from forum.events.recurrence import RecurrenceError, check, presets_for
from forum.events.recurrence.rules import WEEKDAYS, iteration
from tests.interop.icaljs import ical_js
from tests.interop.libical import libical_library

pytestmark = [
    pytest.mark.once,
    pytest.mark.browser,
    pytest.mark.client("ical.js"),
    pytest.mark.client("libical"),
]

CHICAGO = ZoneInfo("America/Chicago")
RULES, DATES, LAST_YEAR = 400, 25, 2060
WALK = """
([rule, start, most]) => {
  const dates = ICAL.Recur.fromString(rule).iterator(ICAL.Time.fromDateTimeString(start)), found = [];
  for (let next = dates.next(); next && found.length < most; next = dates.next()) found.push(next.toString());
  return found;
}
"""
Series = tuple[str, datetime]


def random_rule(dice: random.Random) -> Series:
    """A rule that may or may not be taken, with a start that often fits it."""
    start = datetime(2026, 1, 1, 18, 30) + timedelta(days=dice.randrange(1500))
    frequency = dice.choice(("DAILY", "WEEKLY", "MONTHLY", "MONTHLY", "YEARLY"))
    parts = [f"FREQ={frequency}"]
    if dice.random() < 0.6:
        parts.append(f"INTERVAL={dice.choice((2, 2, 3, 4, 5, 6, 7, 10, 13))}")
    if dice.random() < 0.35:
        parts.append("BYMONTH=" + listed({start.month, *dice.sample(range(1, 13), dice.randrange(4))}))
    if dice.random() < 0.3:
        near = range(max(1, start.day - 3), min(31, start.day + 3) + 1) if dice.random() < 0.4 else []
        other = [dice.choice((-1, -2, -5, 1, 5, 15, 28, 29, 30, 31)) for _ in range(dice.randrange(3))]
        parts.append("BYMONTHDAY=" + listed({start.day, *other, *near}))
    if dice.random() < 0.6:
        parts.append("BYDAY=" + random_days(dice, start, frequency))
    if dice.random() < 0.15:
        parts.append(f"BYSETPOS={dice.choice((1, 2, 3, -1, -2))}")
    if dice.random() < 0.15:
        parts.append(f"WKST={dice.choice(('SU', 'WE', 'SA'))}")
    if dice.random() < 0.3:
        parts.append(f"COUNT={dice.randrange(1, 20)}")
    return ";".join(parts), start


def random_days(dice: random.Random, start: datetime, frequency: str) -> str:
    day = WEEKDAYS[start.weekday()]
    if frequency in ("MONTHLY", "YEARLY") and dice.random() < 0.7:
        nth = (start.day - 1) // 7 + 1
        more = [
            f"{dice.choice((1, 2, 3, 4, -1, -2))}{dice.choice(WEEKDAYS)}" for _ in range(dice.randrange(2))
        ]
        return ",".join([f"{dice.choice((nth, nth, nth, -1))}{day}", *more])
    return ",".join([day, *dice.sample(WEEKDAYS, dice.randrange(4))])


def listed(numbers: set[int]) -> str:
    return ",".join(map(str, numbers))


def taken(drawn: Iterator[Series]) -> Iterator[Series]:
    """Those that the desk takes, as it writes them."""
    for rule, start in drawn:
        try:
            yield check(rule, start, zone=CHICAGO), start
        except RecurrenceError:
            continue


@pytest.fixture(scope="module")
def series() -> list[Series]:
    """Random ones, always the same; and every preset of each day of two years, one of them a leap year."""
    dice = random.Random(20261120)
    drawn = list(islice(taken(random_rule(dice) for _ in iter(int, 1)), RULES))
    days = [datetime(2027, 1, 1, 18, 30) + timedelta(days=n) for n in range(0, 731, 7)]
    presets = [(rule, day) for day in days for _code, rule in presets_for(day)]
    return [
        *drawn,
        *presets,
        *taken(("FREQ=" + word, days[n]) for n in (0, 6) for word in ("MONTHLY", "YEARLY")),
    ]


def ours(rule: str, start: datetime) -> list[datetime]:
    return list(
        islice(takewhile(lambda moment: moment.year < LAST_YEAR, iteration(rule, start, CHICAGO)), DATES)
    )


def test_ical_js_makes_the_same_dates(series: list[Series]) -> None:
    with ical_js() as page:
        for rule, start in series:
            wanted = [moment.isoformat() for moment in ours(rule, start)]
            assert page.evaluate(WALK, [rule, start.isoformat(), len(wanted)]) == wanted, (rule, start)


def test_libical_makes_the_same_dates(series: list[Series]) -> None:
    expand: Any = libical_library().icalrecur_expand_recurrence
    expand.argtypes = [ctypes.c_char_p, ctypes.c_long, ctypes.c_int, ctypes.POINTER(ctypes.c_long)]
    for rule, start in series:
        wanted = [int(moment.replace(tzinfo=UTC).timestamp()) for moment in ours(rule, start)]
        found = (ctypes.c_long * len(wanted))()
        expand(rule.encode(), wanted[0], len(wanted), found)
        assert list(found) == wanted, (rule, start)
