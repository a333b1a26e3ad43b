"""When the agency opens next: right on every day of the year, clock changes and holidays among them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.concerns.calendar import Calendar, next_opening
from tests.concerns.truth import is_open, walked_to_opening

pytestmark = pytest.mark.once

CHICAGO = ZoneInfo("America/Chicago")
OFFICE = {day: ((time(9), time(17)),) for day in range(5)}
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1)).map(
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=UTC)
)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Any hours, any zone, some days off; at least one span, or nobody ever comes."""
    zone = ZoneInfo(draw(st.sampled_from(["America/Chicago", "Australia/Lord_Howe", "UTC", "Europe/Dublin"])))
    times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
    pairs = st.tuples(times, times).map(sorted).filter(lambda pair: pair[0] < pair[1]).map(tuple)
    days = draw(st.dictionaries(st.integers(0, 6), st.lists(pairs, min_size=1, max_size=2), min_size=1))
    off = draw(st.frozensets(st.dates(date(2026, 1, 1), date(2028, 1, 1)), max_size=5))
    return Calendar(zone, {day: tuple(spans) for day, spans in days.items()}, off)


@given(MOMENTS, calendars())
def test_the_next_opening_is_the_first_minute_when_somebody_is_there(
    moment: datetime, calendar: Calendar
) -> None:
    found = next_opening(moment, calendar)
    assert found >= moment
    skipped = _changes_its_clocks(found, calendar.zone) or _changes_its_clocks(moment, calendar.zone)
    if not skipped:  # a span that a clock change cuts in two is asked of below
        assert is_open(found, calendar)
        assert found == moment or not is_open(found - timedelta(minutes=1), calendar)


@given(MOMENTS)
def test_an_office_is_found_as_a_person_with_a_watch_would(moment: datetime) -> None:
    calendar = Calendar(
        CHICAGO, OFFICE, frozenset({date(2026, 3, 9), date(2026, 11, 26), date(2026, 11, 27)})
    )
    assert next_opening(moment, calendar) == walked_to_opening(moment, calendar)


def _changes_its_clocks(moment: datetime, zone: ZoneInfo) -> bool:
    offsets = {(moment + timedelta(days=days)).astimezone(zone).utcoffset() for days in (-1, 1)}
    return len(offsets) > 1


@pytest.mark.parametrize(
    ("local", "opens"),
    [
        ("2026-03-06T16:59", "2026-03-06T16:59"),  # a Friday, still there
        ("2026-03-06T17:00", "2026-03-09T09:00"),  # the clocks go forward that Sunday
        ("2026-10-30T18:00", "2026-11-02T09:00"),  # and back
        ("2026-11-25T17:30", "2026-11-30T09:00"),  # two holidays and a weekend
    ],
)
def test_an_answer_due_at_night_is_due_when_the_door_opens(local: str, opens: str) -> None:
    calendar = Calendar(CHICAGO, OFFICE, frozenset({date(2026, 11, 26), date(2026, 11, 27)}))
    moment, expected = (datetime.fromisoformat(text).replace(tzinfo=CHICAGO) for text in (local, opens))
    assert next_opening(moment.astimezone(UTC), calendar) == expected


def test_a_calendar_without_any_hours_moves_no_promise_away() -> None:
    moment = datetime(2026, 3, 6, 23, tzinfo=UTC)
    assert next_opening(moment, Calendar(CHICAGO)) == moment
