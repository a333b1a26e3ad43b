"""The town's calendar: shifted, joined, placed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache

import pytest
import recurring_ical_events
from dateutil.rrule import rrulestr
from icalendar import Calendar as Ical
from icalendar import Event as Vevent

from forum.demo.calendar import Calendar, boundaries, calendar_for, districts, rows
from forum.demo.grid import areas, at, inside, locate, simplified
from forum.demo.report import report
from forum.events.importing import chicago
from forum.events.importing.model import ImportedEvent

pytestmark = pytest.mark.once

TODAY = date(2026, 11, 20)
BEAT_NUMBER = re.compile(r"\d{3,4}\b")


@cache
def town(today: date = TODAY) -> Calendar:
    return calendar_for(today)


@cache
def source() -> tuple[ImportedEvent, ...]:
    return chicago.from_rows(rows()).events


def starts_of(event: ImportedEvent) -> list[datetime | date]:
    if not event.rrule:
        return [event.starts]
    made = (set(rrulestr(event.rrule, dtstart=event.starts)) | set(event.extra_dates)) - set(
        event.skipped_dates
    )
    moved = {override.original: override.starts or override.original for override in event.overrides}
    return sorted(moved.get(start, start) for start in made)


def starts(events: Iterable[ImportedEvent]) -> Counter[tuple[int | None, str, datetime | date]]:
    return Counter((e.district, e.title.casefold(), start) for e in events for start in starts_of(e))


@pytest.mark.parametrize("today", (TODAY, date(2028, 2, 29)))
def test_every_start_is_the_sources_shifted_by_whole_weeks(today: date) -> None:
    shift = timedelta(weeks=town(today).weeks)
    wanted = Counter((e.district, e.title.casefold(), e.starts + shift) for e in source())
    assert starts(town(today).events) == wanted


@pytest.mark.parametrize("today", (TODAY, date(2028, 2, 29)))
def test_three_in_five_beat_meetings_and_more_end_in_series(today: date) -> None:
    raw = rows()
    numbered = {e.key for e in source() if BEAT_NUMBER.match(raw[e.row - 1]["title"].strip())}
    assert 1190 <= len(numbered) <= 1205
    joined = Counter(
        (e.district, e.title.casefold(), s) for e in town(today).events if e.rrule for s in starts_of(e)
    )
    shift = timedelta(weeks=town(today).weeks)
    for wanted in (
        [e for e in source() if e.key in numbered],
        [e for e in source() if e.kind == "beat-meeting"],
    ):
        inside_series = sum(joined[e.district, e.title.casefold(), e.starts + shift] > 0 for e in wanted)
        assert inside_series / len(wanted) >= 0.6


@pytest.mark.parametrize("today", (TODAY, date(2028, 2, 29)))
def test_the_last_quarter_lies_ahead(today: date) -> None:
    ahead = [s for e in town(today).events for s in starts_of(e) if _day(s) > today]
    assert 1200 <= len(ahead) <= 1320


def _day(value: datetime | date) -> date:
    return value.date() if isinstance(value, datetime) else value


def test_a_series_is_one_that_people_recognise() -> None:
    for event in town().events:
        if event.rrule:
            count = len(starts_of(event))
            odd = len(event.overrides) + len(event.skipped_dates) + len(event.extra_dates)
            assert count >= 3
            assert 3 * odd <= count
            assert event.rrule.startswith("FREQ=MONTHLY;")


def test_another_implementation_expands_the_series_to_the_same_dates() -> None:
    for event in [e for e in town().events if e.rrule][::7]:
        calendar = Ical()
        master = Vevent()
        master.add("uid", event.key)
        master.add("dtstart", event.starts)
        master.add("dtend", event.ends)
        master.add("rrule", dict(part.split("=") for part in event.rrule.split(";")) | _lists(event.rrule))
        for name, days in (("rdate", event.extra_dates), ("exdate", event.skipped_dates)):
            if days:
                master.add(name, list(days))
        calendar.add_component(master)
        for override in event.overrides:
            change = Vevent()
            change.add("uid", event.key)
            change.add("recurrence-id", override.original)
            change.add("dtstart", override.starts or override.original)
            change.add("dtend", override.ends or override.original + (event.ends - event.starts))
            calendar.add_component(change)
        found = recurring_ical_events.of(calendar).between(datetime(2020, 1, 1), datetime(2040, 1, 1))
        assert sorted(item["DTSTART"].dt for item in found) == starts_of(event)


def _lists(rule: str) -> dict[str, list[str]]:
    return {
        name: value.split(",")
        for name, value in (part.split("=") for part in rule.split(";"))
        if "," in value
    }


def test_placement_is_counted_and_most_addresses_resolve() -> None:
    placed = {case.name: case.count for case in town().placement}
    assert sum(placed.values()) == len(town().events)
    assert placed["city-wide"] == 0
    assert placed["refined to one neighborhood"] > 0.75 * len(town().events)


def test_the_report_names_every_case_that_was_met_and_the_share_in_series() -> None:
    text = report(town())
    for case in (*town().cases, *town().placement):
        assert (f"{case.count:,}  {case.name}" in text) == (case.count > 0)
    share = re.search(r"\((\d+)%\) in", text)
    assert share
    assert int(share[1]) >= 60


def test_every_neighborhood_named_has_a_boundary() -> None:
    names = set(areas(boundaries()))
    assert len(names) == 98
    assert {name for table in districts().values() for name in table} <= names
    assert {name for event in town().events for name in event.neighborhoods} <= names
    assert all(event.neighborhoods for event in town().events)


def test_places_are_found_within_a_few_blocks_of_where_they_are() -> None:
    known = {
        "1718 s state": (-87.6274, 41.8583),
        "6438 s halsted": (-87.6446, 41.7768),
        "4455 n lincoln": (-87.6868, 41.9634),
        "3151 w harrison": (-87.7053, 41.8738),
        "850 w addison": (-87.6506, 41.9474),
        "727 e 111": (-87.6050, 41.6930),
    }
    for key, (longitude, latitude) in known.items():
        point = locate(key)
        assert point is not None
        assert abs(point[0] - longitude) < 0.004, key
        assert abs(point[1] - latitude) < 0.003, key


def test_an_address_on_an_unknown_street_is_not_guessed() -> None:
    assert locate("100 w nowhere") is None
    assert locate("") is None


def test_a_point_in_a_hole_is_outside() -> None:
    square = [[(0, 0), (4, 0), (4, 4), (0, 4), (0, 0)], [(1, 1), (2, 1), (2, 2), (1, 2), (1, 1)]]
    assert inside((3, 3), [square])
    assert not inside((1.5, 1.5), [square])
    assert not inside((5, 5), [square])


def test_a_straight_line_is_thinned_to_its_ends() -> None:
    assert simplified([(0.0, 0.0), (1.0, 0.00001), (2.0, 0.0)], 0.001) == [(0.0, 0.0), (2.0, 0.0)]


def test_the_grid_begins_at_state_and_madison() -> None:
    assert at("0W", "0N") == pytest.approx((-87.62781, 41.88205))
