"""Tables as spreadsheets write them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from forum.events.importing import csv
from forum.events.importing.model import ImportedEvent, UnreadableFile

pytestmark = pytest.mark.once

KINDS = ("coffee", "other")


def one(table: str) -> ImportedEvent:
    result = csv.read(table.encode(), kinds=KINDS)
    assert result.problems == ()
    return result.events[0]


def test_a_full_row_is_read_whole() -> None:
    event = one(
        "key,title,starts,ends,kind,story,place,address,latitude,longitude,neighborhoods,contact,url,capacity,status\n"
        'a1,Coffee,2026-12-01 08:00,2026-12-01 09:30,Coffee,"Come, *talk*",Cafe,1 N. State,41.9,-87.6,Loop|Uptown,'
        "role@example.org,https://example.org,20,draft\n"
    )
    assert (event.key, event.kind, event.capacity, event.status) == ("a1", "coffee", 20, "draft")
    assert (event.starts, event.ends) == (datetime(2026, 12, 1, 8), datetime(2026, 12, 1, 9, 30))
    assert (event.neighborhoods, event.place_address, event.story) == (
        ("Loop", "Uptown"),
        "1 N. State",
        "Come, *talk*",
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    (
        ("2026-12-01 18:30", datetime(2026, 12, 1, 18, 30)),
        ("2026-12-01T18:30:00", datetime(2026, 12, 1, 18, 30)),
        ("12/1/2026 6:30 PM", datetime(2026, 12, 1, 18, 30)),
        ("12/1/26 6:30 p.m.", datetime(2026, 12, 1, 18, 30)),
        ("12/01/2026 6pm", datetime(2026, 12, 1, 18)),
        ("12/1/2026", date(2026, 12, 1)),
        ("2026-12-01", date(2026, 12, 1)),
    ),
)
def test_dates_are_iso_or_american(written: str, meant: datetime | date) -> None:
    assert one(f"title,start\nTalk,{written}").starts == meant


def test_date_and_time_may_stand_apart() -> None:
    event = one("Title,Date,Start time,End time\nTalk,12/1/2026,6:30 PM,8:00 PM")
    assert (event.starts, event.ends) == (datetime(2026, 12, 1, 18, 30), datetime(2026, 12, 1, 20))


def test_a_last_day_of_an_all_day_event_is_inclusive() -> None:
    event = one("title,starts,ends\nFair,2026-12-01,2026-12-02")
    assert (event.all_day, event.ends) == (True, date(2026, 12, 3))


@pytest.mark.parametrize("mark", (",", ";", "\t"))
@pytest.mark.parametrize("coding", ("utf-8", "utf-8-sig", "cp1252", "utf-16"))
def test_separators_and_codings_are_told_by_the_file(mark: str, coding: str) -> None:
    table = f"title{mark}starts\r\nCafé{mark}2026-12-01 18:30\r\n"
    assert csv.read(table.encode(coding)).events[0].title == "Café"


@pytest.mark.parametrize(
    ("row", "words"),
    (
        (",2026-12-01,,,", "no title"),
        ("Talk,,,,", "no start"),
        ("Talk,2026-13-01,,,", "is not a date"),
        ("Talk,2026-02-30 10:00,,,", "is not a date"),
        ("Talk,2026-12-01 25:00,,,", "not a time of day"),
        ("Talk,2026-12-01 10:00,2026-12-01 09:00,,", "ends before"),
        ("Talk,2026-12-01 10:00,,0,", "number of people"),
        ("Talk,2026-12-01 10:00,,,sometimes", "status"),
        ("Talk,2026-12-01 10:00,,,,more", "more cells"),
        ("Talk,0026-12-01 10:00,,,", "year"),
    ),
)
def test_a_bad_row_is_named_by_its_number_and_the_rest_goes_in(row: str, words: str) -> None:
    result = csv.read(f"title,starts,ends,capacity,status\n{row}\nGood,2026-12-02,,,\n".encode())
    assert [e.title for e in result.events] == ["Good"]
    assert [p.row for p in result.problems] == [2]
    assert words in result.problems[0].why


def test_a_key_may_stand_once() -> None:
    result = csv.read(b"uid,title,starts\na,One,2026-12-01\na,Two,2026-12-02\n")
    assert [e.title for e in result.events] == ["One"]
    assert "row 2" in result.problems[0].why


def test_without_a_key_one_is_made_that_stays() -> None:
    table = "title,starts,place,story\nTalk,2026-12-01 10:00,Library,{}\n"
    assert one(table.format("a")).key == one(table.format("b")).key


def test_a_rule_makes_a_series() -> None:
    assert one("title,starts,rrule\nTalk,2026-12-01 10:00,FREQ=MONTHLY;BYDAY=1TU;COUNT=3").rrule == (
        "FREQ=MONTHLY;BYDAY=1TU;COUNT=3"
    )


def test_an_unknown_kind_is_other_and_counted() -> None:
    result = csv.read(b"title,starts,kind\nTalk,2026-12-01,picnic\n", kinds=KINDS)
    assert result.events[0].kind == "other"
    assert next(c.count for c in result.report if c.name == "unknown kind") == 1


@pytest.mark.parametrize(
    "data", (b"", b"a,b\n1,2\n", b"title\nTalk\n", b"title,starts,start\n", b"x" * (5 * 1024 * 1024 + 1))
)
def test_a_table_without_a_known_header_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(UnreadableFile):
        csv.read(data)
