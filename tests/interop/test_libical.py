"""libical, the parser of GNOME, KDE and Sailfish, at its strictest: no error, no broken restriction, the same dates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from forum.core import clock
from forum.events.models import Occurrence
from forum.extensions import db
from tests.interop.conftest import DAYS, Town
from tests.interop.libical import EACH, Libical, events_of, libical_library

pytestmark = [pytest.mark.once, pytest.mark.client("libical")]


@pytest.fixture(scope="module")
def libical() -> Libical:
    return Libical(libical_library())


@pytest.fixture
def calendar(town: Town, libical: Any) -> Iterator[int]:
    parsed = libical.icalparser_parse_string(town.body())
    assert parsed
    yield parsed
    libical.icalcomponent_free(parsed)


@pytest.mark.parametrize(
    "path", ("/events.ics", "/events/kinds/coffee.ics", "/events/1.ics", "/events.ics?lang=es")
)
def test_strictest_reading_finds_nothing_wrong(town: Town, libical: Any, path: str) -> None:
    parsed = libical.icalparser_parse_string(town.body(path))
    valid = libical.icalrestriction_check(parsed)  # writes X-LIC-ERROR properties where it is not
    text = libical.icalcomponent_as_ical_string(parsed).decode()
    libical.icalcomponent_free(parsed)
    assert [line for line in text.splitlines() if "X-LIC-ERROR" in line] == []
    assert valid


def test_restrictions_are_really_checked(libical: Any) -> None:
    """Else the test above would say nothing."""
    bad = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:2026\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    parsed = libical.icalparser_parse_string(bad)
    assert not libical.icalrestriction_check(parsed)
    assert libical.icalcomponent_count_errors(parsed) > 0
    libical.icalcomponent_free(parsed)


def test_every_event_is_there(town: Town, libical: Any, calendar: int) -> None:
    found = [libical.icalcomponent_get_uid(event) for event in events_of(libical, calendar)]
    assert len(found) == town.body().count(b"BEGIN:VEVENT")


def test_dates_are_where_the_site_means_them(town: Town, libical: Any, calendar: int) -> None:
    """What rules make. Exceptions are left to programs, and so are RDATEs, whose TZID this function reads over."""
    first = clock.now()
    last = first + timedelta(days=DAYS)
    # A day more on either side: what begins within the time and ends after it is no date of it to libical.
    span = libical.moment(first - timedelta(days=1)), libical.moment(last + timedelta(days=1))
    found: set[tuple[bytes, int]] = set()

    def note(event: int, date: Any, _data: Any) -> None:
        found.add((libical.icalcomponent_get_uid(event), date.contents.start))

    each = EACH(note)
    for event in events_of(libical, calendar):
        if not libical.icalcomponent_get_recurrenceid(event).year:
            libical.icalcomponent_foreach_recurrence(event, *span, each, None)
    wanted, extra = town.change(lambda: by_rule(first.timestamp(), last.timestamp()))
    assert {entry for entry in found - extra if first.timestamp() <= entry[1] <= last.timestamp()} == wanted


def by_rule(first: float, last: float) -> tuple[set[tuple[bytes, int]], set[tuple[bytes, int]]]:
    """(UID, POSIX time) of what rules make, wherever it was moved; and of extra dates, read with and without zone."""
    wanted, extra = set(), set()
    for row in db.session.scalars(select(Occurrence).where(Occurrence.listed)):
        event, local = row.event, row.original_start
        floating = int(local.replace(tzinfo=UTC).timestamp())
        moment = floating if event.all_day else int(local.replace(tzinfo=event.tz).timestamp())
        if local.isoformat() in event.extra_starts:
            extra |= {(event.uid.encode(), floating), (event.uid.encode(), moment)}
        elif first <= moment <= last:
            wanted.add((event.uid.encode(), moment))
    return wanted, extra
