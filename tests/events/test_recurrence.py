"""Which rules are taken, and that their dates are those an independent expansion finds."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.events import recurrence
from forum.events.recurrence import Problem, RecurrenceError, check, describe, expand, presets_for, with_end
from tests.alike import quickest

CHICAGO = ZoneInfo("America/Chicago")
START = datetime(2026, 11, 10, 18, 30)  # the second Tuesday of a month

pytestmark = pytest.mark.once


def refused(rrule: str, start: datetime = START, zone: ZoneInfo = CHICAGO) -> Problem:
    with pytest.raises(RecurrenceError) as caught:
        check(rrule, start, zone=zone)
    return caught.value.code


@pytest.mark.parametrize(
    ("rrule", "code"),
    (
        ("", Problem.MALFORMED),
        ("FREQ", Problem.MALFORMED),
        ("FREQ=WEEKLY;FREQ=DAILY", Problem.MALFORMED),
        ("INTERVAL=2", Problem.FREQUENCY),
        ("FREQ=HOURLY", Problem.FREQUENCY),
        ("FREQ=SECONDLY;COUNT=5", Problem.FREQUENCY),
        ("FREQ=DAILY;COUNT=3;UNTIL=20270101", Problem.COUNT_AND_UNTIL),
        ("FREQ=WEEKLY;BYDAY=2TU", Problem.ORDINAL_WEEKLY),
        ("FREQ=DAILY;BYDAY=-1TU", Problem.ORDINAL_WEEKLY),
        ("FREQ=WEEKLY;BYDAY=TUE", Problem.MALFORMED),
        ("FREQ=WEEKLY;INTERVAL=0", Problem.MALFORMED),
        ("FREQ=WEEKLY;INTERVAL=-1", Problem.MALFORMED),
        ("FREQ=WEEKLY;INTERVAL=99999999999", Problem.MALFORMED),
        ("FREQ=WEEKLY;COUNT=0", Problem.MALFORMED),
        ("FREQ=WEEKLY;COUNT=1,2", Problem.MALFORMED),
        ("FREQ=MONTHLY;BYMONTHDAY=0", Problem.MALFORMED),
        ("FREQ=MONTHLY;BYMONTHDAY=32", Problem.MALFORMED),
        ("FREQ=WEEKLY;BYMONTHDAY=10", Problem.MALFORMED),
        ("FREQ=WEEKLY;UNTIL=soon", Problem.MALFORMED),
        ("FREQ=WEEKLY;UNTIL=20261340", Problem.MALFORMED),
        ("FREQ=WEEKLY;WKST=XX", Problem.MALFORMED),
        ("FREQ=DAILY;BYHOUR=9,18", Problem.TWICE_A_DAY),
        ("FREQ=DAILY;BYHOUR=9", Problem.UNSUPPORTED),
        ("FREQ=YEARLY;BYWEEKNO=20", Problem.UNSUPPORTED),
        ("FREQ=YEARLY;BYYEARDAY=100", Problem.UNSUPPORTED),
        ("FREQ=YEARLY;BYDAY=20MO", Problem.UNSUPPORTED),
        ("FREQ=WEEKLY;BYDAY=TU;BYSETPOS=1", Problem.UNSUPPORTED),
        ("FREQ=WEEKLY;BYDAY=WE", Problem.START),
        ("FREQ=MONTHLY;BYDAY=1TU", Problem.START),
        ("FREQ=MONTHLY;BYMONTHDAY=11", Problem.START),
        ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=1", Problem.START),
        ("FREQ=WEEKLY;UNTIL=20261109T235959Z", Problem.NOTHING),
        ("FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=10;X-WHAT=1", Problem.UNSUPPORTED),
        # What programs read differently (tests/interop/test_rules.py).
        ("FREQ=DAILY;BYMONTHDAY=10", Problem.UNSUPPORTED),
        ("FREQ=MONTHLY;INTERVAL=2;BYMONTH=11", Problem.UNSUPPORTED),
        ("FREQ=MONTHLY;BYMONTHDAY=10;BYDAY=2TU", Problem.UNSUPPORTED),
        ("FREQ=MONTHLY;BYMONTHDAY=10;BYSETPOS=1", Problem.UNSUPPORTED),
        ("FREQ=MONTHLY;BYDAY=2TU;BYSETPOS=1", Problem.UNSUPPORTED),
        ("FREQ=YEARLY;BYMONTHDAY=10", Problem.UNSUPPORTED),
        ("FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=-21", Problem.UNSUPPORTED),
        ("FREQ=YEARLY;BYMONTH=2,11;BYMONTHDAY=10,29", Problem.UNSUPPORTED),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=TU;BYSETPOS=2", Problem.UNSUPPORTED),
        ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=9", Problem.UNSUPPORTED),
        ("FREQ=WEEKLY;WKST=WE", Problem.UNSUPPORTED),
    ),
)
def test_rule_is_refused_with_its_reason(rrule: str, code: Problem) -> None:
    assert refused(rrule) == code


@pytest.mark.parametrize(
    "rrule",
    (
        "FREQ=MONTHLY;INTERVAL=7;BYDAY=MO;BYSETPOS=2",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYMONTHDAY=30,31;BYDAY=MO",
        "FREQ=YEARLY;BYMONTH=2;BYDAY=5TU",
        "FREQ=DAILY;INTERVAL=7;BYDAY=WE",
    ),
)
def test_rule_that_makes_nothing_is_refused_quickly(rrule: str) -> None:
    assert refused(rrule) == Problem.START
    assert quickest(lambda: refused(rrule), enough=1) <= 1


@pytest.mark.parametrize(
    ("zone", "time", "wanted"),
    (
        ("America/Chicago", (1, 59), False),
        ("America/Chicago", (2, 0), True),
        ("America/Chicago", (2, 59), True),
        ("America/Chicago", (3, 0), False),
        ("Europe/London", (1, 30), True),
        ("Europe/London", (2, 30), False),
        ("Australia/Lord_Howe", (2, 15), True),
        ("Australia/Lord_Howe", (2, 30), False),
        ("America/Phoenix", (2, 30), False),
        ("Asia/Kolkata", (2, 30), False),
        ("America/Havana", (0, 30), True),
    ),
)
def test_series_cannot_start_in_an_hour_that_clocks_skip(
    zone: str, time: tuple[int, int], wanted: bool
) -> None:
    start = datetime(2026, 11, 10, *time)
    if wanted:
        assert refused("FREQ=DAILY", start, ZoneInfo(zone)) == Problem.GAP
    else:
        assert check("FREQ=DAILY", start, zone=ZoneInfo(zone)) == "FREQ=DAILY"


def test_all_day_series_may_begin_anywhere() -> None:
    assert (
        check("FREQ=DAILY", datetime(2026, 11, 10), zone=ZoneInfo("America/Havana"), all_day=True)
        == "FREQ=DAILY"
    )


@pytest.mark.parametrize(
    ("given", "canonical"),
    (
        ("rrule:freq=weekly;interval=1;byday=tu;", "FREQ=WEEKLY;BYDAY=TU"),
        ("FREQ=WEEKLY;BYHOUR=18;BYMINUTE=30;BYSECOND=0", "FREQ=WEEKLY"),
        ("COUNT=4;BYDAY=2TU;FREQ=MONTHLY", "FREQ=MONTHLY;BYDAY=2TU;COUNT=4"),
        ("FREQ=WEEKLY;UNTIL=20261231T235959Z", "FREQ=WEEKLY;UNTIL=20261231T235959Z"),
        ("FREQ=WEEKLY;UNTIL=20261231T183000", "FREQ=WEEKLY;UNTIL=20270101T003000Z"),
        ("FREQ=WEEKLY;UNTIL=20261231", "FREQ=WEEKLY;UNTIL=20270101T055959Z"),
        ("FREQ=WEEKLY;BYDAY=TH,TU,TH", "FREQ=WEEKLY;BYDAY=TU,TH"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1,20,10", "FREQ=MONTHLY;BYMONTHDAY=10,20,-1"),
        ("FREQ=MONTHLY;BYMONTH=11,2,9;BYDAY=2TU", "FREQ=YEARLY;BYMONTH=2,9,11;BYDAY=2TU"),
        ("FREQ=YEARLY", "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=10"),
        ("FREQ=MONTHLY;BYMONTH=11,2", "FREQ=YEARLY;BYMONTH=2,11;BYMONTHDAY=10"),
    ),
)
def test_rule_is_written_one_way(given: str, canonical: str) -> None:
    assert check(given, START, zone=CHICAGO) == canonical
    assert check(canonical, START, zone=CHICAGO) == canonical


def test_until_of_an_all_day_series_is_a_date() -> None:
    start = datetime(2026, 11, 10)
    assert (
        check("FREQ=WEEKLY;UNTIL=20270101T055959Z", start, zone=CHICAGO, all_day=True)
        == "FREQ=WEEKLY;UNTIL=20261231"
    )


def test_end_is_set_replaced_and_removed() -> None:
    weekly = with_end("FREQ=WEEKLY", START, zone=CHICAGO, last=date(2026, 11, 24))
    assert expand(START, weekly, zone=CHICAGO) == [START, START + timedelta(7), START + timedelta(14)]
    assert with_end(weekly, START, zone=CHICAGO, count=2) == "FREQ=WEEKLY;COUNT=2"
    assert with_end(weekly, START, zone=CHICAGO) == "FREQ=WEEKLY"
    with pytest.raises(RecurrenceError):
        with_end(weekly, START, zone=CHICAGO, count=2, last=date(2027, 1, 1))


def test_until_is_inclusive_across_a_clock_change() -> None:
    # 18:30 in Chicago is 23:30Z in summer and 00:30Z the next day in winter.
    start = datetime(2026, 10, 27, 18, 30)
    rule = with_end("FREQ=WEEKLY", start, zone=CHICAGO, last=date(2026, 11, 3))
    assert expand(start, rule, zone=CHICAGO) == [start, datetime(2026, 11, 3, 18, 30)]


def test_endless_rule_needs_a_horizon() -> None:
    with pytest.raises(RecurrenceError) as caught:
        expand(START, "FREQ=DAILY", zone=CHICAGO)
    assert caught.value.code == Problem.TOO_MANY
    assert len(expand(START, "FREQ=DAILY", zone=CHICAGO, until=START + timedelta(days=999))) == 1000


def test_old_series_is_expanded_within_a_window_only() -> None:
    start = datetime(1990, 1, 1, 18)
    dates = expand(start, "FREQ=DAILY", zone=CHICAGO, after=START, until=START + timedelta(days=9))
    assert [day.date() for day in dates] == [START.date() + timedelta(days=n) for n in range(1, 10)]


def test_extra_dates_join_and_skipped_dates_leave() -> None:
    extra = START + timedelta(days=1)
    dates = expand(
        START, "FREQ=WEEKLY;COUNT=3", zone=CHICAGO, extra=[extra, START], skipped=[START + timedelta(7)]
    )
    assert dates == [START, extra, START + timedelta(14)]


def test_two_starts_on_one_date_are_refused() -> None:
    with pytest.raises(RecurrenceError) as caught:
        expand(START, "FREQ=WEEKLY;COUNT=3", zone=CHICAGO, extra=[START + timedelta(hours=1)])
    assert caught.value.code == Problem.TWICE_A_DAY


def test_series_without_any_date_is_refused() -> None:
    with pytest.raises(RecurrenceError) as caught:
        expand(START, "FREQ=WEEKLY;COUNT=1", zone=CHICAGO, skipped=[START])
    assert caught.value.code == Problem.NOTHING


def test_presets_of_a_second_tuesday() -> None:
    assert presets_for(START)[:3] == [
        ("weekly", "FREQ=WEEKLY;BYDAY=TU"),
        ("biweekly", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
        ("monthly_weekday", "FREQ=MONTHLY;BYDAY=2TU"),
    ]


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_every_preset_begins_on_its_start(day: date) -> None:
    start = datetime(day.year, day.month, day.day, 18)
    codes = [code for code, _ in presets_for(start)]
    assert len(codes) == len(set(codes))
    for _code, rrule in presets_for(start):
        assert check(rrule, start, zone=CHICAGO) == rrule
        assert describe(rrule, start, CHICAGO)


@pytest.mark.parametrize(
    ("rrule", "words"),
    (
        ("FREQ=WEEKLY", "every week on Tuesday"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH", "every second week on Tuesday and Thursday"),
        ("FREQ=MONTHLY;BYDAY=2TU", "every month on the second Tuesday"),
        ("FREQ=MONTHLY;INTERVAL=2;BYDAY=1TH", "every second month on the first Thursday"),
        ("FREQ=MONTHLY;INTERVAL=3;BYDAY=-1FR", "every 3 months on the last Friday"),
        ("FREQ=MONTHLY;BYMONTHDAY=15", "every month on day 15"),
        (
            "FREQ=MONTHLY;BYMONTHDAY=8,9,10,11,12,13,14;BYDAY=TU",
            "every month on the Tuesday from day 8 to 14",
        ),
        ("FREQ=MONTHLY;BYMONTHDAY=8,9,10;BYDAY=TU", "every month on days of its own"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "every month on the last day"),
        ("FREQ=YEARLY;BYMONTH=5,6;BYDAY=2TU", "every year on the second Tuesday, in May and June"),
        ("FREQ=YEARLY", "every year on November 10"),
        ("FREQ=DAILY;COUNT=5", "every day, 5 times"),
        ("FREQ=WEEKLY;UNTIL=20270505T045959Z", "every week on Tuesday, until May 4, 2027"),
    ),
)
def test_rule_is_said_in_words(rrule: str, words: str) -> None:
    assert describe(rrule, START, CHICAGO) == words


def test_every_problem_has_words() -> None:
    assert all(recurrence.problem_words(code) for code in Problem)


@st.composite
def series(draw: st.DrawFn) -> tuple[datetime, str, list[datetime], list[datetime]]:
    """A start with one of its presets or a rule of its own, an end, and some dates taken out and put in."""
    start = draw(st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31))).replace(second=0, microsecond=0)
    start = start.replace(hour=draw(st.integers(4, 23)))
    day = recurrence.rules.WEEKDAYS[start.weekday()]
    other = recurrence.rules.WEEKDAYS[draw(st.integers(0, 6))]
    interval = draw(st.integers(1, 5))
    rules = [rule for _code, rule in presets_for(start)] + [
        f"FREQ=DAILY;INTERVAL={interval}",
        f"FREQ=DAILY;BYMONTH={start.month};BYDAY={day}",
        f"FREQ=WEEKLY;INTERVAL={interval};BYDAY={day}" + (f",{other}" if other != day else ""),
        f"FREQ=WEEKLY;INTERVAL={interval};WKST=SU;BYDAY={day}",
        f"FREQ=MONTHLY;INTERVAL={interval};BYMONTHDAY={start.day}",
        f"FREQ=YEARLY;BYMONTH={start.month};BYDAY={day}",
        f"FREQ=MONTHLY;BYMONTH={start.month},{start.month % 12 + 1};BYDAY={day}",
    ]
    rule = check(draw(st.sampled_from(rules)), start, zone=CHICAGO)
    if draw(st.booleans()):
        rule = with_end(rule, start, zone=CHICAGO, count=draw(st.integers(1, 40)))
    else:
        rule = with_end(
            rule, start, zone=CHICAGO, last=start.date() + timedelta(days=draw(st.integers(0, 900)))
        )
    dates = expand(start, rule, zone=CHICAGO)
    skipped = draw(st.lists(st.sampled_from(dates), max_size=3, unique=True)) if len(dates) > 3 else []
    extra = list(draw(st.lists(st.datetimes(start, start + timedelta(days=900)), max_size=3)))
    extra = [
        moment.replace(hour=12, second=0, microsecond=0) for moment in extra if moment.date() > start.date()
    ]
    taken = {moment.date() for moment in dates}
    return start, rule, [moment for moment in extra if moment.date() not in taken], skipped


@settings(max_examples=60, deadline=None)
@given(series())
def test_dates_equal_an_independent_expansion(
    drawn: tuple[datetime, str, list[datetime], list[datetime]],
) -> None:
    start, rule, extra, skipped = drawn
    event = icalendar.Event()
    event.add("uid", "one")
    event.add("dtstart", start.replace(tzinfo=CHICAGO))
    event.add("duration", timedelta(hours=1))
    event.add("rrule", icalendar.vRecur.from_ical(rule))
    for moment in set(extra):
        event.add("rdate", moment.replace(tzinfo=CHICAGO))
    for moment in skipped:
        event.add("exdate", moment.replace(tzinfo=CHICAGO))
    calendar = icalendar.Calendar()
    calendar.add_component(event)
    independent = recurring_ical_events.of(calendar).between(
        start.date() - timedelta(2), start.date() + timedelta(1500)
    )
    wanted = sorted({item.start.replace(tzinfo=None) for item in independent})
    until = start + timedelta(days=1499)
    assert expand(start, rule, zone=CHICAGO, extra=extra, skipped=skipped, until=until) == [
        w for w in wanted if w <= until
    ]
