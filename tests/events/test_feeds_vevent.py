"""The bytes of events, read back line by line."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.events.feeds import calendar, occurrence_vevent, vevents
from forum.events.models import Event, EventStatus, Occurrence, Place, Rsvp
from tests.events import samples
from tests.events.samples import SITE

SERIES = {"rrule": "FREQ=WEEKLY;BYDAY=TU"}

pytestmark = pytest.mark.once


def unfolded(body: bytes) -> list[str]:
    return body.decode().replace("\r\n ", "").split("\r\n")


def lines_of(event: Event) -> list[str]:
    return unfolded(vevents(event, SITE))


def parsed(event: Event) -> list[icalendar.cal.Component]:
    body = calendar("x", [vevents(event, SITE)], [event.zone], year=2026, zone="America/Chicago")
    return icalendar.Calendar.from_ical(body).walk("VEVENT")


def test_single_event_says_everything_once() -> None:
    assert lines_of(samples.event()) == [
        "BEGIN:VEVENT",
        "SUMMARY:Beat meeting 1423",
        "DTSTART;TZID=America/Chicago:20261110T183000",
        "DTEND;TZID=America/Chicago:20261110T193000",
        "DTSTAMP:20261001T090000Z",
        "UID:0d7c1b0e-6a55-4b7e-8f0c-3f5b1f3a9d11",
        "SEQUENCE:0",
        "CATEGORIES:Beat meeting",
        "CLASS:PUBLIC",
        "CREATED:20261001T090000Z",
        "DESCRIPTION:Come and talk.\\n\\nDetails and RSVP: https://town.example/events/7-beat-meeting-1423",
        "LAST-MODIFIED:20261001T090000Z",
        "LOCATION:Humboldt Park Library\\, 1605 N. Troy St.",
        "STATUS:CONFIRMED",
        "URL:https://town.example/events/7-beat-meeting-1423",
        "END:VEVENT",
        "",
    ]


def test_draft_makes_no_bytes() -> None:
    assert vevents(samples.event(status=EventStatus.DRAFT), SITE) == b""


def test_text_is_escaped_once_and_cleaned_of_what_lines_cannot_hold() -> None:
    event = samples.event(title='A;b, c\\d: "e"\r\nf\x00\x0b\u2028g\x85', story="one\u2029two\n\nthree; four")
    lines = lines_of(event)
    assert 'SUMMARY:A\\;b\\, c\\\\d: "e" fg' in lines
    assert any(line.startswith("DESCRIPTION:onetwo\\n\\nthree\\; four\\n\\nDetails") for line in lines)


@given(st.text(max_size=200), st.text(max_size=300))
def test_any_text_makes_lines_every_parser_cuts_alike(title: str, place: str) -> None:
    event = samples.event(title=title, place_name=place, place_address="", story=title + place)
    body = vevents(event, SITE)
    body.decode()
    assert body.endswith(b"END:VEVENT\r\n")
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert b"\n" not in body.replace(b"\r\n", b"")
    assert b"\r" not in body.replace(b"\r\n", b"")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]", body.decode().replace("\r\n", ""))
    assert len(body.decode().splitlines()) == body.count(b"\r\n")
    for line in body.split(b"\r\n"):
        line.decode()  # a fold never cuts a UTF-8 sequence
    (entry,) = parsed(event)
    assert entry.errors == []


def test_all_day_event_ends_the_day_after_its_last() -> None:
    event = samples.event(all_day=True, starts_local=datetime(2026, 11, 10), minutes=2 * 1440)
    lines = lines_of(event)
    assert "DTSTART;VALUE=DATE:20261110" in lines
    assert "DTEND;VALUE=DATE:20261112" in lines


def test_all_day_event_across_a_clock_change_keeps_its_days() -> None:
    event = samples.event(all_day=True, starts_local=datetime(2026, 10, 31), minutes=2 * 1440)
    assert "DTEND;VALUE=DATE:20261102" in lines_of(event)


def test_length_counts_on_the_wall_clock_when_clocks_go_back() -> None:
    event = samples.event(starts_local=datetime(2026, 10, 31, 22), minutes=600)
    assert "DTEND;TZID=America/Chicago:20261101T080000" in lines_of(event)


def test_utc_event_is_written_with_z() -> None:
    lines = lines_of(samples.event(zone="UTC"))
    assert "DTSTART:20261110T183000Z" in lines
    assert "DTEND:20261110T193000Z" in lines


def test_series_has_a_master_with_rule_extra_and_skipped_dates_in_the_form_of_its_start() -> None:
    event = samples.event(
        **SERIES,
        extra_starts=["2026-11-12T12:00:00", "2026-12-12T12:00:00"],
        skipped_starts=["2026-11-24T18:30:00"],
    )
    lines = lines_of(event)
    assert lines.count("BEGIN:VEVENT") == 1
    assert "RRULE:FREQ=WEEKLY;BYDAY=TU" in lines
    assert "RDATE;TZID=America/Chicago:20261112T120000" in lines
    assert "RDATE;TZID=America/Chicago:20261212T120000" in lines
    assert "EXDATE;TZID=America/Chicago:20261124T183000" in lines


def test_until_is_utc_in_a_timed_series_and_a_date_in_an_all_day_one() -> None:
    timed = samples.event(rrule="FREQ=WEEKLY;UNTIL=20261231T235959Z")
    assert "RRULE:FREQ=WEEKLY;UNTIL=20261231T235959Z" in lines_of(timed)
    days = samples.event(
        rrule="FREQ=WEEKLY;UNTIL=20261231", all_day=True, starts_local=datetime(2026, 11, 10), minutes=1440,
        skipped_starts=["2026-11-17T00:00:00"],
    )  # fmt: skip
    assert "RRULE:FREQ=WEEKLY;UNTIL=20261231" in lines_of(days)
    assert "EXDATE;VALUE=DATE:20261117" in lines_of(days)


def test_moved_date_has_its_own_vevent_with_the_old_start_as_its_name() -> None:
    event = samples.event(**SERIES, sequence=2)
    one = event.occurrences[1]
    samples.move(
        one,
        datetime(2026, 11, 18, 19),
        90,
        reason="The library is closed.",
        place_name="Church",
        place_address="",
    )
    master, moved = parsed(event)
    assert "RECURRENCE-ID" not in master
    assert "RRULE" not in moved
    assert moved["UID"] == master["UID"]
    assert "RECURRENCE-ID;TZID=America/Chicago:20261117T183000" in lines_of(event)
    assert moved.start.replace(tzinfo=None) == datetime(2026, 11, 18, 19)
    assert moved.end.replace(tzinfo=None) == datetime(2026, 11, 18, 20, 30)
    assert (master["SEQUENCE"], moved["SEQUENCE"]) == (2, 3)
    assert moved["LOCATION"] == "Church"
    assert moved["DESCRIPTION"].startswith("The library is closed.\n\nCome")
    assert moved["URL"] == "https://town.example/events/7-beat-meeting-1423/2026-11-17"


def test_cancelled_date_stays_visible_and_says_so() -> None:
    event = samples.event(**SERIES)
    event.occurrences[2].cancelled, event.occurrences[2].sequence = True, 1
    _, cancelled = parsed(event)
    assert cancelled["STATUS"] == "CANCELLED"
    assert cancelled["SUMMARY"] == "Cancelled: Beat meeting 1423"
    assert cancelled.start.date() == date(2026, 11, 24)


def test_date_that_is_back_to_normal_keeps_its_vevent_so_that_merging_clients_forget_the_move() -> None:
    event = samples.event(**SERIES)
    one = event.occurrences[1]
    samples.move(one, datetime(2026, 11, 18, 19))
    samples.move(one, one.original_start)
    one.moved = False
    _, back = parsed(event)
    assert back.start.replace(tzinfo=None) == one.original_start
    assert back["SEQUENCE"] == 2


def test_cancelled_series_cancels_every_part() -> None:
    event = samples.event(**SERIES, status=EventStatus.CANCELLED, status_reason="No room.")
    samples.move(event.occurrences[1], datetime(2026, 11, 18, 19))
    assert [entry["STATUS"] for entry in parsed(event)] == ["CANCELLED", "CANCELLED"]
    assert all(entry["DESCRIPTION"].startswith("No room.") for entry in parsed(event))


def test_postponed_event_is_tentative() -> None:
    (entry,) = parsed(samples.event(status=EventStatus.POSTPONED, status_reason="Snow."))
    assert (entry["STATUS"], entry["SUMMARY"]) == ("TENTATIVE", "Postponed: Beat meeting 1423")


def test_revision_is_the_later_of_event_and_date() -> None:
    event = samples.event(**SERIES)
    samples.move(
        event.occurrences[1], datetime(2026, 11, 18, 19), updated_at=samples.CREATED + timedelta(days=3)
    )
    master, moved = parsed(event)
    assert master["DTSTAMP"].dt == master["LAST-MODIFIED"].dt == samples.CREATED
    assert moved["DTSTAMP"].dt == moved["LAST-MODIFIED"].dt == datetime(2026, 10, 4, 9, tzinfo=UTC)


def test_coordinates_are_decimal_and_not_those_of_another_place() -> None:
    event = samples.event(**SERIES, latitude=41.9022, longitude=-87.7059)
    samples.move(
        event.occurrences[1], datetime(2026, 11, 18, 19), place_name="Church", place_address="1 Elm St."
    )
    assert "GEO:41.9022;-87.7059" in lines_of(event)
    assert "GEO" not in parsed(event)[1]


def test_organizer_is_a_role_address_or_absent() -> None:
    assert "ORGANIZER" not in parsed(samples.event())[0]
    assert 'ORGANIZER;CN="Springfield Police Department":mailto:beat@town.example' in lines_of(
        samples.event(contact_email="beat@town.example")
    )
    for bad in ("not an address", "a@b:c", "a@b\nATTENDEE:mailto:x@y.z", "mailto:x@y.z"):
        assert "ORGANIZER" not in parsed(samples.event(contact_email=bad))[0]


@pytest.mark.parametrize(
    "url", ("javascript:alert(1)", "https://x.example/\nATTENDEE:mailto:x@y", "//x", "https://x y")
)
def test_odd_online_address_is_left_out(url: str) -> None:
    (entry,) = parsed(samples.event(online_url=url))
    assert "CONFERENCE" not in entry
    assert "ATTENDEE" not in entry


def test_online_event_says_where_to_meet() -> None:
    lines = lines_of(
        samples.event(online_url="https://meet.town.example/a,b;c", place_name="", place_address="")
    )
    assert "CONFERENCE;VALUE=URI:https://meet.town.example/a,b;c" in lines
    assert "LOCATION:https://meet.town.example/a\\,b\\;c" in lines


def test_access_is_told_where_it_is_known() -> None:
    event = samples.event(step_free=True, childcare=False, interpreter="Spanish, ASL", transit="Bus 70")
    (entry,) = parsed(event)
    assert "Step-free\nInterpreter: Spanish, ASL\nTransit: Bus 70" in entry["DESCRIPTION"]
    assert "Childcare" not in entry["DESCRIPTION"]


def test_long_story_is_cut_at_a_word_so_that_a_thousand_events_stay_under_a_megabyte() -> None:
    event = samples.event(
        story="word " * 3000, title="A rather long title of a meeting, in full: " + "x" * 40
    )
    (entry,) = parsed(event)
    assert " word …\n" in entry["DESCRIPTION"]
    assert len(vevents(event, SITE)) < 1048


def test_kind_is_named_in_the_feeds_language() -> None:
    spanish = type(SITE)(SITE.base_url, SITE.agency, "es")
    assert b"CATEGORIES:Reuni\xc3\xb3n de ronda\r\n" in vevents(samples.event(), spanish)


def test_same_event_makes_the_same_bytes() -> None:
    assert vevents(samples.event(**SERIES), SITE) == vevents(samples.event(**SERIES), SITE)


def test_one_date_alone_names_its_series_and_has_no_rule() -> None:
    event = samples.event(**SERIES)
    lines = unfolded(occurrence_vevent(event, event.occurrences[3], SITE))
    assert "UID:0d7c1b0e-6a55-4b7e-8f0c-3f5b1f3a9d11" in lines
    assert "RECURRENCE-ID;TZID=America/Chicago:20261201T183000" in lines
    assert "DTSTART;TZID=America/Chicago:20261201T183000" in lines
    assert not any(line.startswith(("RRULE", "RDATE", "EXDATE")) for line in lines)


def test_single_event_alone_is_the_event() -> None:
    event = samples.event()
    assert occurrence_vevent(event, event.occurrences[0], SITE) == vevents(event, SITE)


@pytest.mark.parametrize(
    ("place", "status", "title"),
    (
        (Place.CONFIRMED, "CONFIRMED", "Beat meeting 1423"),
        (Place.WAITING, "TENTATIVE", "Waitlist: Beat meeting 1423"),
        (Place.NONE, "TENTATIVE", "Beat meeting 1423"),
    ),
)
def test_who_waits_or_may_come_is_not_shown_as_attending(place: Place, status: str, title: str) -> None:
    event = samples.event()
    lines = unfolded(occurrence_vevent(event, event.occurrences[0], SITE, Rsvp(place=place)))
    assert f"STATUS:{status}" in lines
    assert f"SUMMARY:{title}" in lines


def test_calendar_begins_with_its_own_properties_and_every_zone_once() -> None:
    body = calendar(
        "Events, all; of them", [b"", vevents(samples.event(), SITE)], ["America/Chicago", "UTC", "America/Chicago"],
        year=2026, zone="America/Chicago", source="https://town.example/events.ics?kind=a,b",
    )  # fmt: skip
    assert unfolded(body)[:12] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Common Ground//Events//EN",
        "CALSCALE:GREGORIAN",
        "NAME:Events\\, all\\; of them",
        "X-WR-CALNAME:Events\\, all\\; of them",
        "X-WR-TIMEZONE:America/Chicago",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "SOURCE;VALUE=URI:https://town.example/events.ics?kind=a,b",
        "BEGIN:VTIMEZONE",
        "TZID:America/Chicago",
    ]
    assert body.count(b"BEGIN:VTIMEZONE") == 1
    assert b"METHOD" not in body
    assert body.endswith(b"END:VEVENT\r\nEND:VCALENDAR\r\n")
    assert icalendar.Calendar.from_ical(body).to_ical().startswith(b"BEGIN:VCALENDAR")


def test_occurrence_of_a_moved_single_event_is_where_it_moved() -> None:
    event = samples.event()
    one: Occurrence = event.occurrences[0]
    samples.move(one, datetime(2026, 11, 12, 20), 30)
    (entry,) = parsed(event)
    assert entry.start.replace(tzinfo=None) == datetime(2026, 11, 12, 20)
    assert entry["SEQUENCE"] == 1
