"""Python's own calendar and feed libraries against the running site."""

from __future__ import annotations

import gzip
import http.client
import time
import urllib.error
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import feedparser
import icalendar
import pytest
import recurring_ical_events

from forum.events.operations.occurrences import cancel_occurrence, move_occurrence
from tests.interop.conftest import CHICAGO, DAYS, Shown, Town, event_titled, utc

pytestmark = pytest.mark.once

FEEDS = (
    "/events.ics",
    "/neighborhoods/austin/events.ics",
    "/events/kinds/coffee.ics",
    "/events/1.ics",
    "/events.atom",
)


def expanded(body: bytes) -> list[Shown]:
    calendar = icalendar.Calendar.from_ical(body)
    today = datetime.now(UTC).astimezone(CHICAGO).date()
    found = recurring_ical_events.of(calendar).between(
        today - timedelta(days=40), today + timedelta(days=DAYS + 60)
    )
    entries = []
    for item in found:
        day = item.start.date() if isinstance(item.start, datetime) else item.start
        if today <= day < today + timedelta(days=DAYS):
            entries.append(
                Shown(moment(item.start), moment(item.end), str(item["SUMMARY"]), str(item["STATUS"]))
            )
    return sorted(entries)


def moment(value: Any) -> str:
    return utc(value) if isinstance(value, datetime) else value.isoformat()


def test_expansion_of_the_feed_is_what_the_site_means(town: Town) -> None:
    assert expanded(town.body()) == town.truth()


def test_no_component_has_an_error(town: Town) -> None:
    calendar = icalendar.Calendar.from_ical(town.body())
    assert [component.errors for component in calendar.walk() if component.errors] == []


def test_change_is_seen_within_two_seconds(town: Town) -> None:
    before = town.body()

    def change() -> None:
        one, other = event_titled("Nine times").occurrences[2:4]
        start = one.original_start + timedelta(days=1)
        move_occurrence(actor=None, occurrence=one, starts_local=start, ends_local=start + timedelta(hours=1))
        cancel_occurrence(actor=None, occurrence=other, reason="Snow.")

    town.change(change)
    # A busy machine answers late, a feed that lags shows the old dates to who asks late: it counts when it was asked.
    committed = asked = time.monotonic()
    while (after := town.body()) == before:
        assert asked - committed < 2
        asked = time.monotonic()
    assert expanded(after) == town.truth()


@pytest.mark.parametrize("path", FEEDS)
def test_importer_that_sends_nothing_but_a_host_is_answered(town: Town, path: str) -> None:
    with closing(http.client.HTTPConnection(urlsplit(town.site.url).netloc, timeout=60)) as connection:
        connection.putrequest("GET", path, skip_accept_encoding=True)
        connection.endheaders()
        with connection.getresponse() as response:
            body = response.read()
        connection.request("HEAD", path)
        with connection.getresponse() as head:
            assert (head.status, head.read()) == (200, b"")
    assert response.status == 200
    assert response.getheader("Content-Encoding") is None
    assert response.getheader("Set-Cookie") is None
    assert body.startswith((b"BEGIN:VCALENDAR\r\n", b"<?xml"))
    for name in ("Content-Type", "ETag", "Last-Modified", "Cache-Control", "Vary"):
        assert head.getheader(name) == response.getheader(name), name


@pytest.mark.parametrize("path", FEEDS)
def test_compressed_copy_is_the_same_and_revalidates(town: Town, path: str) -> None:
    plain, of_plain = town.get(path)
    packed, of_packed = town.get(path, Accept_Encoding="gzip")
    assert of_packed["Content-Encoding"] == "gzip"
    assert of_packed["ETag"] != of_plain["ETag"]
    assert gzip.decompress(packed) == plain
    for headers, coding in ((of_packed, "gzip"), (of_plain, "identity")):
        with pytest.raises(urllib.error.HTTPError) as answered:
            town.get(path, If_None_Match=headers["ETag"], Accept_Encoding=coding)
        with answered.value as unchanged:
            assert unchanged.code == 304
            assert unchanged.headers["ETag"] == headers["ETag"]


def test_feed_reader_reads_the_atom_feed(town: Town) -> None:
    body, headers = town.get("/events.atom")
    feed = feedparser.parse(body, response_headers=dict(headers))
    assert not feed.bozo
    assert feed.feed.links[0].href == town.site.url + "/events.atom"
    assert len(feed.entries) == 12
    assert len({entry.id for entry in feed.entries}) == 12
    assert all(entry.link.startswith(town.site.url + "/events/") for entry in feed.entries)
