"""What search engines and other calendars' buttons get."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import feedparser
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from forum.core.feeds import atom
from forum.events.feeds import add_links, event_entries, event_jsonld, subscribe_links
from forum.events.models import Event, EventStatus, RsvpPolicy
from tests.events import samples
from tests.events.samples import SITE

pytestmark = pytest.mark.once


def data_of(event: Event, number: int = 0) -> dict[str, Any]:
    return json.loads(event_jsonld(event, event.occurrences[number], SITE))


@pytest.mark.parametrize(
    ("country", "currency"), [("US", "USD"), ("CA", "CAD"), ("DE", "EUR"), ("XX", "USD")]
)
def test_nothing_is_paid_in_the_money_of_the_country(country: str, currency: str) -> None:
    event = samples.event()
    data = json.loads(event_jsonld(event, event.occurrences[0], replace(SITE, country=country)))
    assert data["offers"]["priceCurrency"] == currency


def test_meeting_has_what_is_required_and_recommended() -> None:
    assert data_of(samples.event(capacity=40)) == {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": "Beat meeting 1423",
        "url": "https://town.example/events/7-beat-meeting-1423",
        "description": "Come and talk.",
        "inLanguage": "en",
        "isAccessibleForFree": True,
        "organizer": {
            "@type": "Organization",
            "name": "Springfield Police Department",
            "url": "https://town.example/",
        },
        "startDate": "2026-11-10T18:30:00-06:00",
        "endDate": "2026-11-10T19:30:00-06:00",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": {"@type": "Place", "name": "Humboldt Park Library", "address": "1605 N. Troy St."},
        "offers": {
            "@type": "Offer",
            "price": "0",
            "priceCurrency": "USD",
            "availability": "https://schema.org/InStock",
            "url": "https://town.example/events/7-beat-meeting-1423",
            "validFrom": "2026-10-01T04:00:00-05:00",
        },
    }


def test_offset_is_that_of_the_date() -> None:
    event = samples.event(rrule="FREQ=MONTHLY;BYDAY=2TU")
    assert data_of(event, 5)["startDate"] == "2027-04-13T18:30:00-05:00"
    assert data_of(event, 5)["url"].endswith("/2027-04-13")


def test_all_day_dates_are_inclusive() -> None:
    data = data_of(samples.event(all_day=True, starts_local=datetime(2026, 11, 10), minutes=2 * 1440))
    assert (data["startDate"], data["endDate"]) == ("2026-11-10", "2026-11-11")


def test_status_says_cancelled_postponed_and_moved_with_the_time_before() -> None:
    assert data_of(samples.event(status=EventStatus.CANCELLED))["eventStatus"].endswith("/EventCancelled")
    assert data_of(samples.event(status=EventStatus.POSTPONED))["eventStatus"].endswith("/EventPostponed")
    event = samples.event(rrule="FREQ=WEEKLY")
    samples.move(event.occurrences[1], datetime(2026, 11, 18, 19))
    moved = data_of(event, 1)
    assert moved["eventStatus"].endswith("/EventRescheduled")
    assert moved["previousStartDate"] == "2026-11-17T18:30:00-06:00"
    assert moved["startDate"] == "2026-11-18T19:00:00-06:00"


def test_mode_matches_the_places() -> None:
    online = data_of(samples.event(place_name="", place_address="", online_url="https://meet.example/x"))
    assert online["location"] == {"@type": "VirtualLocation", "url": "https://meet.example/x"}
    assert online["eventAttendanceMode"].endswith("/OnlineEventAttendanceMode")
    both = data_of(samples.event(online_url="https://meet.example/x"))
    assert [place["@type"] for place in both["location"]] == ["Place", "VirtualLocation"]
    assert both["eventAttendanceMode"].endswith("/MixedEventAttendanceMode")


def test_absent_things_are_left_out() -> None:
    data = data_of(samples.event(place_name="", place_address="", story="", rsvp_policy=RsvpPolicy.NONE))
    assert not {"location", "description", "image", "offers", "eventAttendanceMode"} & set(data)
    assert None not in data.values()


def test_full_event_is_sold_out() -> None:
    event = samples.event(capacity=5)
    event.occurrences[0].places_taken = 5
    assert data_of(event)["offers"]["availability"].endswith("/SoldOut")


@given(st.text(max_size=80))
def test_no_text_ends_the_data_block(text: str) -> None:
    event = samples.event(title="</script><!--" + text, hosts=text, story=text)
    block = event_jsonld(event, event.occurrences[0], SITE)
    assert not set(block) & set("<>&\u2028\u2029")
    assert json.loads(block)["name"] == event.title


def query_of(url: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(url).query)


def test_google_takes_wall_clock_times_with_their_zone() -> None:
    event = samples.event(title="A & B")
    query = query_of(add_links(event, event.occurrences[0], SITE).google)
    assert query["text"] == ["A & B"]
    assert query["dates"] == ["20261110T183000/20261110T193000"]
    assert query["ctz"] == ["America/Chicago"]


def test_outlook_takes_times_with_their_offset() -> None:
    event = samples.event()
    query = query_of(add_links(event, event.occurrences[0], SITE).outlook)
    assert query["startdt"] == ["2026-11-10T18:30:00-06:00"]
    assert query["enddt"] == ["2026-11-10T19:30:00-06:00"]


def test_all_day_links_have_dates() -> None:
    event = samples.event(all_day=True, starts_local=datetime(2026, 11, 10), minutes=2 * 1440)
    links = add_links(event, event.occurrences[0], SITE)
    assert query_of(links.google)["dates"] == ["20261110/20261112"]
    assert (query_of(links.outlook)["startdt"], query_of(links.outlook)["enddt"]) == (
        ["2026-11-10"],
        ["2026-11-11"],
    )


def test_file_of_a_date_and_of_its_series() -> None:
    event = samples.event(rrule="FREQ=WEEKLY")
    links = add_links(event, event.occurrences[1], SITE)
    assert links.ics == "https://town.example/events/7/2026-11-17.ics"
    assert links.series == "https://town.example/events/7.ics"
    assert links.series_webcal == "webcal://town.example/events/7.ics"


def test_feed_is_followed_by_address_or_by_application() -> None:
    links = subscribe_links("https://town.example/events.ics?kind=youth", "Town: events")
    assert links.webcal == "webcal://town.example/events.ics?kind=youth"
    assert links.google == (
        "https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2Ftown.example%2Fevents.ics%3Fkind%3Dyouth"
    )
    assert query_of(links.outlook) == {"url": [links.https], "name": ["Town: events"]}


def test_feed_reader_reads_entries_whole(context: Flask) -> None:
    event = samples.event(story_html='<p><a href="/rules">R</a> &amp; more</p>', status=EventStatus.CANCELLED)
    other = samples.event(id=8, uid="uid of an import", title="Coffee")
    entries = event_entries([(one, one.occurrences[0]) for one in (event, other)], SITE)
    document = atom(
        feed_id="https://town.example/events.atom", title="Events", self_url="https://town.example/events.atom",
        alternate_url="https://town.example/events", updated=samples.CREATED, entries=entries, author="Police",
    )  # fmt: skip
    feed = feedparser.parse(document)
    assert not feed.bozo
    first, second = feed.entries
    assert first.id == "urn:uuid:0d7c1b0e-6a55-4b7e-8f0c-3f5b1f3a9d11"
    assert second.id == "https://town.example/events/8"
    assert first.title == "Cancelled: Beat meeting 1423"
    assert first.summary == "Tuesday, November 10, 2026, 6:30 pm, Humboldt Park Library, 1605 N. Troy St."
    assert first.content[0].value == '<p><a href="https://town.example/rules">R</a> &amp; more</p>'
    assert first.tags[0].term == "Beat meeting"


def test_neighborhood_stands_in_for_an_unknown_place() -> None:
    event = samples.event(place_name="", place_address="")
    place = SimpleNamespace(neighborhoods=[SimpleNamespace(name="Austin")])
    event.__dict__["neighborhoods"] = place.neighborhoods
    assert data_of(event)["location"] == {"@type": "Place", "name": "Austin", "address": "Austin"}
