"""Parts of a series, and the same series at other times."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.events.recurrence import RecurrenceError, check, presets_for
from forum.events.recurrence.shifting import Pattern, turns

CHICAGO = ZoneInfo("America/Chicago")
TUESDAY = datetime(2026, 11, 10, 18, 30)  # the second of its month

pytestmark = pytest.mark.once


def pattern(rrule: str | None, start: datetime = TUESDAY) -> Pattern:
    return Pattern(start, check(rrule, start, zone=CHICAGO) if rrule else None, CHICAGO, all_day=False)


def firsts(of: Pattern, count: int = 4) -> list[str]:
    return [f"{start:%m-%d %H:%M}" for start in islice(of.starts(), count)]


@given(
    code=st.integers(0, 20),
    ending=st.sampled_from(("", ";COUNT=9", ";UNTIL=20270601")),
    number=st.integers(1, 6),
)
def test_the_two_parts_of_a_series_are_the_series(code: int, ending: str, number: int) -> None:
    rules = [rule for _code, rule in presets_for(TUESDAY)]
    whole = pattern(rules[code % len(rules)] + ending)
    starts = list(islice(whole.starts(), 30))
    if number >= len(starts):
        return
    day = starts[number].date()
    after = whole.since(day)
    assert after is not None
    assert [*whole.before(day).starts(), *islice(after.starts(), 30 - number)] == starts


@pytest.mark.parametrize(
    ("rrule", "new", "expected"),
    (
        ("FREQ=WEEKLY", datetime(2026, 11, 18, 19), ["11-11 19:00", "11-18 19:00", "11-25 19:00"]),
        (
            "FREQ=WEEKLY;BYDAY=TU,TH",
            datetime(2026, 11, 18, 18),
            ["11-11 18:00", "11-13 18:00", "11-18 18:00"],
        ),
        ("FREQ=DAILY;INTERVAL=7", datetime(2026, 11, 18, 8), ["11-11 08:00", "11-18 08:00", "11-25 08:00"]),
    ),
)
def test_a_week_moves_with_one_of_its_dates(rrule: str, new: datetime, expected: list[str]) -> None:
    assert firsts(pattern(rrule).moved(TUESDAY + timedelta(days=7), new), 3) == expected


def test_a_second_tuesday_moved_to_a_wednesday_is_the_second_wednesday_from_the_first_month_on() -> None:
    series = pattern("FREQ=MONTHLY;BYDAY=2TU;UNTIL=20270301")
    moved = series.moved(datetime(2027, 1, 12, 18, 30), datetime(2027, 1, 13, 17))
    assert firsts(moved, 9) == ["11-11 17:00", "12-09 17:00", "01-13 17:00", "02-10 17:00"]
    assert turns(series, moved) == {
        date(2026, 11, 10): datetime(2026, 11, 11, 17),
        date(2026, 12, 8): datetime(2026, 12, 9, 17),
        date(2027, 1, 12): datetime(2027, 1, 13, 17),
        date(2027, 2, 9): datetime(2027, 2, 10, 17),
    }


def test_a_rule_of_ones_own_that_has_no_counterpart_is_refused() -> None:
    with pytest.raises(RecurrenceError):
        pattern("FREQ=MONTHLY;BYDAY=2TU,4TU").moved(TUESDAY, TUESDAY + timedelta(days=1))


def test_another_way_to_repeat_is_another_series() -> None:
    assert turns(pattern("FREQ=WEEKLY"), pattern("FREQ=MONTHLY;BYDAY=2TU")) == {}
    assert turns(pattern("FREQ=WEEKLY"), pattern("FREQ=WEEKLY;BYDAY=TU,TH")) == {}


def test_a_rule_that_has_ended_leaves_nothing_for_later() -> None:
    assert pattern("FREQ=WEEKLY;COUNT=3").since(date(2027, 1, 1)) is None
