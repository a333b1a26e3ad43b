"""The public calendar's dirt, case by case: what was decided, and how often it is met."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import pytest

from forum.demo.calendar import rows
from forum.events.importing import chicago
from forum.events.importing.model import ImportedEvent, ImportResult, UnreadableFile
from forum.events.importing.places import Place, split_place
from forum.events.importing.titles import beats_of, clean_title, kind_of

pytestmark = pytest.mark.once

REPORT = {
    "rows in the file": 5006,
    "no end": 755,
    "ends when it starts": 35,
    "ends before it starts": 28,
    "lasts longer than 16 hours": 30,
    "from midnight to midnight": 5,
    "seconds in the start": 187,
    "starts between midnight and six": 10,
    "no place": 61,
    "place to be announced": 44,
    "a contact in the place": 5,
    "a story in the place": 2,
    "several places in one": 22,
    "name and house number run together": 116,
    "title misspelled": 55,
    "called off in its words": 13,
    "a test entry": 1,
    "same district, start and title, and all else": 7,
    "same district, start and title, else different": 16,
    "same but for spaces, and all else": 0,
    "same but for spaces, else different": 4,
    "web address without http": 7,
}


@pytest.fixture(scope="module")
def result() -> ImportResult:
    return chicago.from_rows(rows())


def row(**changes: Any) -> dict[str, Any]:
    return {
        "calendarId": 8,
        "start": "2017-05-02T18:30:00",
        "end": "2017-05-02T19:30:00",
        "title": "813/833 Beat Meeting",
        "eventDetails": None,
        "eventUrl": None,
        "contactDetails": None,
        "location": None,
        **changes,
    }


def event(**changes: Any) -> ImportedEvent:
    return chicago.from_rows([row(**changes)]).events[0]


def test_the_report_counts_every_case(result: ImportResult) -> None:
    counted = {case.name: case.count for case in result.report}
    assert {name: counted[name] for name in REPORT} == REPORT
    assert set(counted) == set(chicago.CASES)


def test_the_63_rows_that_end_at_or_before_their_start_are_28_before_and_35_at(result: ImportResult) -> None:
    counted = {case.name: case.count for case in result.report}
    assert counted["ends before it starts"] + counted["ends when it starts"] == 63


def test_the_23_that_share_district_start_and_title_are_parted_into_repetitions_and_others(
    result: ImportResult,
) -> None:
    counted = {case.name: case.count for case in result.report}
    same = [count for name, count in counted.items() if name.startswith("same district")]
    assert sum(same) == 23


def test_every_row_goes_in_or_is_named_with_a_reason(result: ImportResult) -> None:
    assert len(result.events) + len(result.problems) == 5006
    assert len(result.problems) == 8
    assert all(problem.why for problem in result.problems)
    assert {e.row for e in result.events} | {p.row for p in result.problems} == set(range(1, 5007))


def test_keys_are_unique_and_the_same_the_next_time(result: ImportResult) -> None:
    keys = [e.key for e in result.events]
    assert len(set(keys)) == len(keys)
    assert [e.key for e in chicago.from_rows(rows()).events] == keys


def test_every_event_ends_after_it_starts_and_within_a_day_or_so(result: ImportResult) -> None:
    for e in result.events:
        assert e.ends > e.starts, e
        assert (e.ends - e.starts).total_seconds() <= 24 * 3600, e


def test_no_line_break_or_tab_is_left_where_a_line_is_shown(result: ImportResult) -> None:
    for e in result.events:
        for text in (e.title, e.place_name, e.place_address, e.contact):
            assert text == " ".join(text.split()), e


@pytest.mark.parametrize(
    ("end", "expected"),
    (
        (None, datetime(2017, 5, 2, 19, 30)),
        ("2017-05-02T18:30:00", datetime(2017, 5, 2, 19, 30)),
        ("2017-03-02T20:00:00", datetime(2017, 5, 2, 20, 0)),
        ("2017-05-02T08:00:00", datetime(2017, 5, 2, 19, 30)),
        ("2017-05-03T20:30:00", datetime(2017, 5, 2, 20, 30)),
        ("2017-05-03T01:00:00", datetime(2017, 5, 3, 1, 0)),
    ),
)
def test_an_end_is_taken_assumed_or_brought_to_the_day(end: str | None, expected: datetime) -> None:
    assert event(end=end).ends == expected


def test_midnight_to_midnight_is_an_all_day_event_with_an_exclusive_end() -> None:
    found = event(start="2017-07-08T00:00:00", end="2017-07-08T23:59:00")
    assert (found.all_day, found.starts, found.ends) == (True, date(2017, 7, 8), date(2017, 7, 9))


@pytest.mark.parametrize(
    ("raw", "name", "address"),
    (
        ("St. Ferdinand's3115 N. Mason", "St. Ferdinand's", "3115 N. Mason"),
        ("5412 W.MADISON (MAC ARTHUR'S)", "Mac Arthur's", "5412 W. Madison"),
        (
            "6th District Police Station 7808 S. Halsted St.",
            "6th District Police Station",
            "7808 S. Halsted St",
        ),
        (
            "003rd District(Auditorium)\r\n7040 S. Cottage Grove Chicago, IL. 60637 (312) 555-0103",
            "3rd District(Auditorium)",
            "7040 S. Cottage Grove, Chicago, IL 60637",
        ),
        (
            "The meeting is at St. Helen's School Basement, 2345 W. Augusta on the 1st Tuesday of the even months. ",
            "St. Helen's School Basement",
            "2345 W. Augusta",
        ),
        ("Access Living 115 W. Chicago", "Access Living", "115 W. Chicago"),
        ("8050 S.ST.LAWRENCE\r\nCHATHAM FIELDS CHURCH", "Chatham Fields Church", "8050 S. St. Lawrence"),
        ("727 E 111TH STREET", "", "727 E. 111th Street"),
        ("TBA", "", ""),
        ("Broadway/Foster", "Broadway/Foster", ""),
        ("1200 N. Keeler\n1200 N. Mason", "1200 N. Keeler; 1200 N. Mason", ""),
    ),
)
def test_a_place_is_parted_into_name_and_address(raw: str, name: str, address: str) -> None:
    place = split_place(raw)
    assert (place.name, place.address) == (name, address)


def test_two_spellings_of_one_address_have_one_key() -> None:
    spellings = (
        "Clearing Library 6423 W. 63rd Pl",
        "6423 W 63RD PLACE",
        "6423 W. 63rd Place, Chicago IL 60638",
    )
    assert len({split_place(text).key for text in spellings}) == 1
    assert split_place("nowhere in particular") == Place(name="Nowhere in particular")


@pytest.mark.parametrize(
    ("raw", "clean"),
    (
        ("Dac Meeting ", "DAC Meeting"),
        ("CANCELLED******Coffee with the Commander*****CANCELLED", "Coffee with the Commander"),
        ("DISTRICT ADVIRORY COUNCIL", "District Advisory Council"),
        ("30 Sect Business meeting", "30 Sector Business Meeting"),
        ("003rd District Clergy Meeting", "3rd District Clergy Meeting"),
        ('?Long Term Care: Who Will Pay?"', '"Long Term Care: Who Will Pay?"'),
        ("NO District Advisory Committee Meeting:", "District Advisory Committee Meeting"),
    ),
)
def test_titles_are_made_readable(raw: str, clean: str) -> None:
    assert clean_title(raw) == clean


@pytest.mark.parametrize(
    ("title", "district", "beats"),
    (
        ("1821,22,23 Beat Meeting", 18, ("1821", "1822", "1823")),
        ("Beat 1511/24 CAPS Meeting", 15, ("1511", "1524")),
        ("Bt. 932,934,935 Community Meeting", 9, ("0932", "0934", "0935")),
        ("30 Sector Beat Meeting (331, 332, 333 & 334)", 3, ("0331", "0332", "0333", "0334")),
        ("100 Blocks / 100 Churches", 15, ()),
        ("1633 Outdoor Roll Call", 16, ()),
        ("2017 Peace Rally ", 1, ()),
        ("24th Ward Public Safety Meeting", 10, ()),
    ),
)
def test_beats_are_read_from_titles(title: str, district: int, beats: tuple[str, ...]) -> None:
    assert beats_of(title, district) == beats


@pytest.mark.parametrize(
    ("title", "kind"),
    (
        ("Beat 2213 Meeting", "beat-meeting"),
        ("Senior & Explorer Scouts Bingo", "senior"),
        ("peer jury", "youth"),
        ("National Coffee with a Cop Day", "coffee"),
        ("Workshop for Landlords & Property Managers", "open-training"),
        ("Sweep N' Greet", "community-service"),
        ("DAC Meeting", "town-hall"),
        ("Movie Night", "other"),
    ),
)
def test_kinds_are_told_by_titles(title: str, kind: str) -> None:
    assert kind_of(title, 22) == kind


def test_what_is_called_off_is_cancelled_and_what_replaces_it_is_not() -> None:
    assert event(location="NO MEETING ").status == "cancelled"
    assert event(eventDetails="Beat meeting canceled due to holiday event.").status == "cancelled"
    told = "Replacement Beat Meeting from February 28, 2017 which was canceled due to inclement weather."
    assert event(eventDetails=told).status == "published"


def test_a_contact_typed_into_the_place_becomes_the_contact() -> None:
    found = event(location="The beat officer 312-555-0116 district16@example.org")
    assert (found.place_name, found.contact) == ("", "The beat officer 312-555-0116 district16@example.org")


def test_a_row_without_a_readable_start_is_named_and_the_rest_goes_in() -> None:
    result = chicago.from_rows([row(start="soon"), row()])
    assert [problem.row for problem in result.problems] == [1]
    assert [e.row for e in result.events] == [2]


@pytest.mark.parametrize("data", (b"not json", b"{}", b"\xff\xfe"))
def test_a_file_that_is_no_list_of_events_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(UnreadableFile):
        chicago.read(data)


def test_bytes_are_read_like_rows() -> None:
    assert chicago.read(json.dumps([row()]).encode()).events == (event(),)
