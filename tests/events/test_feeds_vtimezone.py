"""VTIMEZONE says what zoneinfo says, year after year."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from dateutil.rrule import rrulestr

from forum.events.feeds import vtimezone
from forum.events.zones import changes_of, yearly_rules

YEAR = 2026
WITH_RULES = (
    "America/Chicago", "America/New_York", "America/Denver", "America/Los_Angeles", "America/Anchorage",
    "America/Halifax", "America/St_Johns", "America/Havana", "America/Santiago", "America/Nuuk",
    "Europe/Berlin", "Europe/London", "Europe/Dublin", "Europe/Lisbon", "Europe/Athens", "Europe/Chisinau",
    "Atlantic/Azores", "Asia/Jerusalem", "Asia/Beirut", "Australia/Sydney", "Australia/Lord_Howe",
    "Pacific/Auckland", "Pacific/Chatham", "Pacific/Norfolk", "Antarctica/Troll",
)  # fmt: skip
STILL = (
    "Asia/Kolkata", "America/Phoenix", "Asia/Tokyo", "Asia/Kathmandu", "Africa/Lagos", "Europe/Moscow",
    "America/Mexico_City", "America/Bogota", "Pacific/Honolulu",
)  # fmt: skip
LISTED = ("Africa/Casablanca", "Africa/Cairo", "Asia/Gaza")

pytestmark = pytest.mark.once


def observances(key: str) -> list[icalendar.cal.Component]:
    return list(icalendar.Timezone.from_ical(vtimezone(key, YEAR)).subcomponents)


def onsets(key: str, last_year: int) -> list[tuple[datetime, timedelta]]:
    """(UTC moment, offset from then on), read from the component as RFC 5545 3.6.5 says, by dateutil."""
    found = []
    for observance in observances(key):
        start = observance["DTSTART"].dt
        before, after = observance["TZOFFSETFROM"].td, observance["TZOFFSETTO"].td
        rule = observance.get("RRULE")
        local = [start]
        if rule is not None:
            end = datetime(last_year, 12, 31)
            local = rrulestr(rule.to_ical().decode(), dtstart=start).between(start, end, inc=True)
        found += [((moment - before).replace(tzinfo=UTC), after) for moment in local]
    return sorted(found)


def offset_at(changes: list[tuple[datetime, timedelta]], moment: datetime) -> timedelta:
    return [offset for at, offset in changes if at <= moment][-1]


@pytest.mark.parametrize("key", WITH_RULES + STILL)
def test_component_agrees_with_zoneinfo_every_three_hours_and_at_each_change(key: str) -> None:
    zone, changes = ZoneInfo(key), onsets(key, 2036)
    moments = [datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=3 * n) for n in range(8 * 365 * 3)]
    for year in range(2025, 2036):
        for change in changes_of(zone, year):
            at = (change.at - change.offset_from).replace(tzinfo=UTC)
            moments += [at - timedelta(seconds=1), at]
    wrong = [
        moment for moment in moments if offset_at(changes, moment) != zone.utcoffset(moment.astimezone(zone))
    ]
    assert wrong == []


@pytest.mark.parametrize("key", LISTED)
def test_zone_without_a_sayable_rule_is_listed_around_the_present(key: str) -> None:
    zone, changes = ZoneInfo(key), onsets(key, 2036)
    moments = [datetime(2025, 1, 2, tzinfo=UTC) + timedelta(hours=3 * n) for n in range(8 * 365 * 4)]
    assert all(offset_at(changes, moment) == zone.utcoffset(moment.astimezone(zone)) for moment in moments)
    assert (
        len(vtimezone(key, YEAR).splitlines()) < 100
    )  # Google garbles text in calendars with over 200 such lines


@pytest.mark.parametrize("key", WITH_RULES)
def test_zone_with_rules_has_two_observances_and_no_list(key: str) -> None:
    body = vtimezone(key, YEAR).decode()
    assert sorted(re.findall("BEGIN:(.*)\r\n", body)) == ["DAYLIGHT", "STANDARD", "VTIMEZONE"]
    assert body.count("RRULE:FREQ=YEARLY;") == 2
    assert "RDATE" not in body
    assert "UNTIL" not in body


@pytest.mark.parametrize("key", STILL)
def test_zone_that_keeps_still_has_one_standard(key: str) -> None:
    assert [observance.name for observance in observances(key)] == ["STANDARD"]


def test_rules_begin_with_the_last_change_of_the_law() -> None:
    berlin, chicago = vtimezone("Europe/Berlin", YEAR).decode(), vtimezone("America/Chicago", YEAR).decode()
    assert "DTSTART:19810329T020000\r\n" in berlin  # local time before the change
    assert "DTSTART:19961027T030000\r\n" in berlin
    assert "DTSTART:20070311T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU\r\n" in chicago
    assert "DTSTART:20071104T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU\r\n" in chicago


def test_dublin_calls_summer_daylight_although_its_law_calls_it_standard() -> None:
    named = {observance.name: observance["TZNAME"] for observance in observances("Europe/Dublin")}
    assert named == {"DAYLIGHT": "IST", "STANDARD": "GMT"}


@pytest.mark.parametrize("key", WITH_RULES + STILL + LISTED)
def test_lines_are_folded_ended_and_ascii(key: str) -> None:
    body = vtimezone(key, YEAR)
    assert body.endswith(b"END:VTIMEZONE\r\n")
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert b"\n" not in body.replace(b"\r\n", b"")
    assert body.isascii()


def test_rules_are_none_where_there_are_none() -> None:
    assert yearly_rules("Asia/Kolkata", YEAR) is None
    assert yearly_rules("Africa/Casablanca", YEAR) is None
