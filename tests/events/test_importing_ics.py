"""Calendars as other programs write them, and as they should not."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.events.importing import ics
from forum.events.importing.model import ImportedEvent, ImportResult, UnreadableFile

pytestmark = pytest.mark.once


def calendar(*events: str, head: str = "") -> bytes:
    body = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//y//EN\n{head}{body}END:VCALENDAR\n".replace(
        "\n", "\r\n"
    ).encode()


def read(*events: str, head: str = "") -> ImportResult:
    return ics.read(calendar(*events, head=head), zone="America/Chicago", kinds=("town-hall", "other"))


def one(event: str, head: str = "") -> ImportedEvent:
    result = read(event, head=head)
    assert result.problems == ()
    return result.events[0]


def why(event: str) -> str:
    result = read(event, PLAIN)
    assert [e.key for e in result.events] == ["plain"], "the rest goes in"
    return result.problems[0].why


def counted(result: ImportResult, case: str) -> int:
    return next(c.count for c in result.report if c.name == case)


PLAIN = """
UID:plain
DTSTART;TZID=America/Chicago:20261201T183000
DTEND;TZID=America/Chicago:20261201T193000
SUMMARY:Coffee\\, cake; and talk
DESCRIPTION:First line\\nSecond *line*
LOCATION:Library\\, 4455 N. Lincoln
URL:https://example.org/a
GEO:41.9;-87.6
CATEGORIES:Town Hall,News
"""
WEEKLY = """
UID:weekly
DTSTART;TZID=America/Chicago:20261201T183000
DURATION:PT90M
RRULE:FREQ=WEEKLY;COUNT=6
SUMMARY:Weekly
LOCATION:Library
"""


NOISE = [
    *(
        b"DURATION:P99999999W",
        b"DURATION:-P1D",
        b"SEQUENCE:\xc2\xb2",
        b"RDATE:20261202",
        b"RDATE;VALUE=DATE:20261202",
    ),
    *(
        b"EXDATE;VALUE=DATE:20261201",
        b"RRULE:FREQ=DAILY",
        b"RRULE:FREQ=MONTHLY;BYMONTHDAY=31",
        b"DTEND:20261101T000000Z",
    ),
    *(
        b"BEGIN:VEVENT",
        b"END:VEVENT",
        b"END:VCALENDAR",
        b"BEGIN:VALARM",
        b"RECURRENCE-ID:20261208T183000",
        b"GEO:nan;1",
    ),
    *(
        b"DTSTART:99991231T235959Z",
        b"DTSTART;TZID=UTC:20261201T000000",
        b"DTSTART;VALUE=DATE:20261201",
        b"GEO:1",
    ),
]


def test_a_plain_event_is_read_whole() -> None:
    event = one(PLAIN)
    assert (event.starts, event.ends) == (datetime(2026, 12, 1, 18, 30), datetime(2026, 12, 1, 19, 30))
    assert (event.title, event.kind, event.zone) == ("Coffee, cake; and talk", "town-hall", "America/Chicago")
    assert event.story == "First line  \nSecond \\*line\\*"
    assert (event.latitude, event.longitude, event.url) == (41.9, -87.6, "https://example.org/a")


def test_lines_may_be_folded_and_the_file_may_begin_with_a_mark() -> None:
    folded = calendar(PLAIN).replace(b"SUMMARY:Coffee", b"SUMMARY:Cof\r\n fee")
    assert ics.read(b"\xef\xbb\xbf" + folded).events[0].title == "Coffee, cake; and talk"


def test_an_all_day_event_without_an_end_is_one_day() -> None:
    event = one("UID:a\nSUMMARY:Fair\nDTSTART;VALUE=DATE:20261204")
    assert (event.all_day, event.starts, event.ends) == (True, date(2026, 12, 4), date(2026, 12, 5))


def test_a_timed_event_without_an_end_is_an_hour_and_counted() -> None:
    result = read("UID:a\nSUMMARY:Talk\nDTSTART;TZID=America/Chicago:20261204T190000")
    assert result.events[0].ends == datetime(2026, 12, 4, 20)
    assert counted(result, "no end") == 1


def test_utc_is_brought_to_the_agencys_clock_and_floating_stays() -> None:
    assert one("UID:a\nSUMMARY:Talk\nDTSTART:20261205T010000Z\nDTEND:20261205T020000Z").starts == datetime(
        2026, 12, 4, 19
    )
    result = read("UID:a\nSUMMARY:Talk\nDTSTART:20261205T010000")
    assert result.events[0].starts == datetime(2026, 12, 5, 1)
    assert counted(result, "floating time") == 1


def test_the_calendars_own_zone_is_believed_and_outlooks_names_are_known() -> None:
    event = one("UID:a\nSUMMARY:Talk\nDTSTART:20261205T190000", head="X-WR-TIMEZONE:America/New_York\n")
    assert event.zone == "America/New_York"
    outlook = one('UID:a\nSUMMARY:Talk\nDTSTART;TZID="Central Standard Time":20261205T190000')
    assert (outlook.zone, outlook.starts) == ("America/Chicago", datetime(2026, 12, 5, 19))


@pytest.mark.parametrize(
    ("event", "words"),
    (
        ("UID:a\nSUMMARY:Talk\nDTSTART:20261332T250000", "does not exist"),
        ("UID:a\nSUMMARY:Talk\nDTSTART;VALUE=DATE:20260230", "does not exist"),
        ("UID:a\nSUMMARY:Talk\nDTSTART:soon", "is not a date"),
        ("UID:a\nSUMMARY:Talk\nDTSTART:00010101T000000", "year"),
        ("UID:a\nSUMMARY:Talk", "no start"),
        ("UID:a\nDTSTART:20261205T190000", "no title"),
        ("SUMMARY:Talk\nDTSTART:20261205T190000", "no UID"),
        ("UID:a\nSUMMARY:Talk\nDTSTART;TZID=Mars/Olympus:20261205T190000", "not known"),
        ("UID:a\nSUMMARY:Talk\nDTSTART:20261205T190000\nDURATION:soon", "duration"),
        ("UID:a\nSUMMARY:Talk\nDTSTART:20261205T190000\nCLASS:PRIVATE", "private"),
        ("UID:a\nSUMMARY:Talk\nDTSTART:20261205T190000\nRRULE:FREQ=SECONDLY", "days, weeks, months or years"),
        ("UID:a\nSUMMARY:Talk\nDTSTART:20261205T190000\nRRULE:FREQ=DAILY;COUNT=2;UNTIL=20270101", "not both"),
        ("UID:a\nSUMMARY:Talk\nDTSTART:20261205T190000\nRDATE;VALUE=PERIOD:20261206T190000/PT1H", "periods"),
        ("UID:a\nSUMMARY:Talk\nDTSTART:20261205T190000\nGEO:910;0", "globe"),
        ("UID:a\nSUMMARY:Talk\nDTSTART:20261205T190000\nthis is not a line", "not one of a calendar"),
        (f"{WEEKLY}RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=America/Chicago:20261208T183000", "all later"),
    ),
)
def test_a_broken_event_is_named_in_words_and_the_rest_goes_in(event: str, words: str) -> None:
    assert words in why(event)


def test_a_series_keeps_its_rule_its_gaps_and_its_changes() -> None:
    result = read(
        WEEKLY + "EXDATE;TZID=America/Chicago:20261208T183000\nRDATE;TZID=America/Chicago:20270301T100000",
        "UID:weekly\nSUMMARY:Weekly\nLOCATION:Park\nRECURRENCE-ID;TZID=America/Chicago:20261215T183000\n"
        "DTSTART;TZID=America/Chicago:20261216T190000\nDTEND;TZID=America/Chicago:20261216T203000",
        "UID:weekly\nSUMMARY:Weekly\nLOCATION:Library\nSTATUS:CANCELLED\nDTSTART;TZID=America/Chicago:20261222T183000\n"
        "RECURRENCE-ID;TZID=America/Chicago:20261222T183000\nDURATION:PT90M",
    )
    (series,) = result.events
    assert series.rrule == "FREQ=WEEKLY;COUNT=6"
    assert series.skipped_dates == (datetime(2026, 12, 8, 18, 30),)
    assert series.extra_dates == (datetime(2027, 3, 1, 10),)
    moved, cancelled = series.overrides
    assert (moved.original, moved.starts, moved.place_name) == (
        datetime(2026, 12, 15, 18, 30),
        datetime(2026, 12, 16, 19),
        "Park",
    )
    assert (cancelled.cancelled, cancelled.starts, cancelled.place_name) == (True, None, None)


def test_a_bare_date_skips_that_day_and_one_that_never_was_is_ignored() -> None:
    result = read(WEEKLY + "EXDATE;VALUE=DATE:20261208\nEXDATE;TZID=America/Chicago:20261209T183000")
    assert result.events[0].skipped_dates == (datetime(2026, 12, 8, 18, 30),)
    assert counted(result, "skipped date that the rule never makes") == 1


def test_a_start_off_its_rule_moves_to_the_first_date_and_stays_as_an_extra_one() -> None:
    event = one(
        "UID:a\nSUMMARY:Talk\nDTSTART:20261201T190000\nDTEND:20261201T200000\nRRULE:FREQ=WEEKLY;BYDAY=TH;COUNT=3"
    )
    assert (event.starts, event.ends) == (datetime(2026, 12, 3, 19), datetime(2026, 12, 3, 20))
    assert event.extra_dates == (datetime(2026, 12, 1, 19),)


def test_a_change_without_its_series_is_an_event_of_its_own() -> None:
    result = read("UID:x\nSUMMARY:Talk\nRECURRENCE-ID:20261205T190000\nDTSTART:20261206T190000")
    assert [e.key for e in result.events] == ["x#20261205T1900"]


def test_a_change_to_a_date_that_never_was_is_named() -> None:
    result = read(
        WEEKLY, "UID:weekly\nSUMMARY:Weekly\nRECURRENCE-ID:20261209T183000\nDTSTART:20261210T183000"
    )
    assert [p.row for p in result.problems] == [2]
    assert result.events[0].overrides == ()


def test_of_two_versions_the_newer_one_stays() -> None:
    result = read(PLAIN + "SEQUENCE:3", PLAIN.replace("Coffee", "Tea") + "SEQUENCE:1")
    assert [e.title for e in result.events] == ["Coffee, cake; and talk"]


def test_until_is_in_utc_for_timed_and_a_date_for_all_day() -> None:
    timed = one("UID:a\nSUMMARY:T\nDTSTART:20261201T190000\nRRULE:FREQ=DAILY;UNTIL=20261204")
    assert timed.rrule == "FREQ=DAILY;UNTIL=20261205T055959Z"
    allday = one("UID:a\nSUMMARY:T\nDTSTART;VALUE=DATE:20261201\nRRULE:FREQ=DAILY;UNTIL=20261204T000000Z")
    assert allday.rrule.startswith("FREQ=DAILY;UNTIL=202612")
    assert "T" not in allday.rrule.partition("UNTIL=")[2]


def test_an_alarm_inside_does_not_speak_for_its_event() -> None:
    alarm = "BEGIN:VALARM\nACTION:DISPLAY\nDESCRIPTION:Ring\nDURATION:PT1M\nEND:VALARM"
    assert one(PLAIN + alarm).story.startswith("First line")


def test_nobodys_address_is_taken_over() -> None:
    people = "ORGANIZER;CN=A Person:mailto:person@example.com\nATTENDEE:mailto:guest@example.com"
    assert "@example.com" not in repr(one(PLAIN + people))


@pytest.mark.parametrize(
    "data",
    (
        b"",
        b"<html></html>",
        b"BEGIN:VCARD\r\nEND:VCARD",
        calendar(PLAIN, head="METHOD:REQUEST\n"),
        calendar(PLAIN) + b" " * (5 * 1024 * 1024),
    ),
)
def test_what_is_no_calendar_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(UnreadableFile):
        ics.read(data)


def test_a_file_cut_off_in_the_middle_gives_what_was_whole() -> None:
    whole = calendar(PLAIN, WEEKLY)
    result = ics.read(whole[: whole.index(b"SUMMARY:Weekly")])
    assert [e.key for e in result.events] == ["plain"]
    assert len(result.problems) == 1


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_bytes_break_the_reader(data: st.DataObject) -> None:
    lines = calendar(
        PLAIN, WEEKLY, "UID:c\nSUMMARY:C\nDTSTART;VALUE=DATE:20261201\nEXDATE:20261201T000000"
    ).split(b"\r\n")
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(lines) - 1))
        noise = data.draw(st.sampled_from(NOISE) | st.binary(max_size=30))
        lines[at : at + data.draw(st.integers(0, 2))] = [noise]
    try:
        result = ics.read(b"\r\n".join(lines))
    except UnreadableFile:
        return
    for event in result.events:
        assert event.ends > event.starts  # type: ignore[operator]
