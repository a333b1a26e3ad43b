"""Rules found in lists of dates, held to an expansion that is not ours."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from dateutil.rrule import MONTHLY, TU, rrule, rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.events.importing.model import ImportedEvent
from forum.events.importing.series import fits, into_series

pytestmark = pytest.mark.once


def meeting(
    number: int, day: date, hour: int = 19, place: str = "Library", status: str = "published"
) -> ImportedEvent:
    starts = datetime(day.year, day.month, day.day, hour)
    return ImportedEvent(
        key=f"k{number}",
        title="Beat meeting 1711",
        starts=starts,
        ends=starts + timedelta(hours=1),
        row=number,
        place_name=place,
        status=status,
    )


def second_tuesdays(count: int) -> list[date]:
    return [
        found.date() for found in rrule(MONTHLY, byweekday=TU(2), dtstart=datetime(2026, 1, 1), count=count)
    ]


def starts_of(event: ImportedEvent) -> list[datetime]:
    """Every start of an event, its overrides applied, by dateutil alone."""
    if not event.rrule:
        return [event.starts]  # type: ignore[list-item]
    made = set(rrulestr(event.rrule, dtstart=event.starts)) | set(event.extra_dates)
    made -= set(event.skipped_dates)
    moved = {override.original: override.starts or override.original for override in event.overrides}
    assert set(moved) <= made
    return sorted(moved.get(start, start) for start in made)  # type: ignore[type-var]


def joined(events: list[ImportedEvent]) -> list[ImportedEvent]:
    return into_series(events, lambda event: event.title)


def test_twelve_second_tuesdays_are_one_series_by_the_rule_people_say() -> None:
    (series,) = joined([meeting(n, day) for n, day in enumerate(second_tuesdays(12), start=1)])
    assert series.rrule == "FREQ=MONTHLY;BYDAY=2TU;COUNT=12"
    assert (series.key, series.overrides, series.skipped_dates) == ("k1", (), ())


def test_a_month_without_its_meeting_is_skipped_and_a_moved_one_is_an_override() -> None:
    days = second_tuesdays(12)
    days[5] += timedelta(days=7)
    del days[8]
    (series,) = joined([meeting(n, day) for n, day in enumerate(days, start=1)])
    assert len(series.skipped_dates) == 1
    assert [override.starts for override in series.overrides] == [datetime(2026, 6, 16, 19)]
    assert [start.date() for start in starts_of(series)] == days


def test_a_rule_that_slid_by_whole_weeks_is_found_as_a_window_of_seven_days() -> None:
    days = [day + timedelta(weeks=492) for day in second_tuesdays(12)]
    (series,) = joined([meeting(n, day) for n, day in enumerate(days, start=1)])
    assert "BYMONTHDAY=" in series.rrule
    assert [start.date() for start in starts_of(series)] == days


def test_two_dates_are_no_series() -> None:
    assert not [e for e in joined([meeting(n, day) for n, day in enumerate(second_tuesdays(2))]) if e.rrule]


def test_dates_without_a_rhythm_stay_single() -> None:
    days = [date(2026, 1, 5) + timedelta(days=n * n) for n in range(1, 15)]
    events = [meeting(n, day) for n, day in enumerate(days)]
    exceptions = [
        len(e.skipped_dates) + len(e.overrides) + len(e.extra_dates) for e in joined(events) if e.rrule
    ]
    assert sum(exceptions) <= len(days) / 3


def test_another_hour_and_another_place_on_one_date_are_overrides() -> None:
    events = [meeting(n, day) for n, day in enumerate(second_tuesdays(9), start=1)]
    events[3] = meeting(4, second_tuesdays(9)[3], hour=18)
    events[6] = meeting(7, second_tuesdays(9)[6], place="Park")
    (series,) = joined(events)
    assert [(o.starts and o.starts.hour, o.place_name) for o in series.overrides] == [
        (18, None),
        (None, "Park"),
    ]  # type: ignore[union-attr]


def test_a_cancelled_date_is_cancelled_in_its_series() -> None:
    events = [meeting(n, day) for n, day in enumerate(second_tuesdays(9), start=1)]
    events[2] = meeting(3, second_tuesdays(9)[2], status="cancelled")
    (series,) = joined(events)
    assert [override.cancelled for override in series.overrides] == [True]


def test_two_meetings_on_one_day_are_not_forced_into_one_series() -> None:
    events = [meeting(n, day) for n, day in enumerate(second_tuesdays(6), start=1)]
    events.append(meeting(99, second_tuesdays(6)[0], hour=10, place="Church"))
    result = joined(events)
    assert sorted(start for event in result for start in starts_of(event)) == sorted(e.starts for e in events)  # type: ignore[type-var]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.integers(min_value=0, max_value=800), min_size=1, max_size=24, unique=True),
    st.integers(min_value=1, max_value=3),
    st.integers(min_value=0, max_value=520),
)
def test_whatever_the_dates_the_expansion_is_exactly_the_dates(
    noise: list[int], every: int, weeks: int
) -> None:
    regular = second_tuesdays(18)[::every]
    days = sorted({*regular, *(date(2026, 1, 1) + timedelta(days=n) for n in noise[: len(noise) // 3])})
    days = [day + timedelta(weeks=weeks) for day in days]
    events = [meeting(n, day, hour=18 + n % 2, place="AB"[n % 3 == 0]) for n, day in enumerate(days)]
    result = joined(events)
    assert sorted(start for event in result for start in starts_of(event)) == sorted(e.starts for e in events)  # type: ignore[type-var]
    for event in result:
        if event.rrule:
            odd = len(event.overrides) + len(event.skipped_dates) + len(event.extra_dates)
            assert 3 * odd <= len(starts_of(event))
            assert len(starts_of(event)) >= 3


def test_fits_use_a_date_once() -> None:
    days = second_tuesdays(18)
    found = fits([*days, *(day + timedelta(days=9) for day in days)])
    used = sorted(day for fit in found for day in fit.dates)
    assert all(first < second for first, second in pairwise(used))
