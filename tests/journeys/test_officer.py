"""An officer's work on the desk, and the calendar that follows it."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import icalendar
import pytest

from tests.journeys.reader import NARROW, WIDE, Reader
from tests.servers import wait_until
from tests.servers.town import Town

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("scripts", "width", "title"),
    ((True, WIDE, "Block club walk"), (True, NARROW, "Porch talk"), (False, WIDE, "Alley inspection")),
    ids=("desktop", "phone", "without JavaScript"),
)
def test_an_officer_makes_a_series_and_calendars_follow(
    town: Town, reader: Callable[..., Reader], scripts: bool, width: Any, title: str
) -> None:
    window = reader("officer", scripts=scripts, width=width)
    first = date.today() + timedelta(days=9)
    makes_a_series(window, title, first)
    calendar = Subscription(f"{town.site.url}/events.ics")
    master = calendar.wait_for(title, 1)[0]
    assert master["RRULE"]["COUNT"] == [4]
    moves_the_second_date(window)
    moved = calendar.wait_for(title, 2)[1]
    second = master["DTSTART"].dt + timedelta(days=7)
    assert moved["RECURRENCE-ID"].dt == second
    assert moved["DTSTART"].dt == second.replace(hour=20, minute=0)
    assert moved["UID"] == master["UID"]
    assert int(moved["SEQUENCE"]) > int(master.get("SEQUENCE", 0))
    cancels_the_third_date(window)
    cancelled = calendar.wait_for(title, 3)[2]
    assert cancelled["STATUS"] == "CANCELLED"
    assert cancelled["RECURRENCE-ID"].dt == master["DTSTART"].dt + timedelta(days=14)
    assert calendar.unchanged()


def makes_a_series(window: Reader, title: str, first: date) -> None:
    window.go("/desk/events/new")
    window.fill(title=title, starts_on=first.isoformat(), starts="18:30", ends="19:30", count="4",
                place_name="Pulaski Park fieldhouse")  # fmt: skip
    window.choose("repeats", "weekly")
    window.press("Show the dates this makes")
    window.reads("It makes 4 dates")
    window.press("Save and publish")
    window.reads("Published.")


def moves_the_second_date(window: Reader) -> None:
    window.page.get_by_role("link", name=re.compile("^Move")).nth(1).click()
    window.check()
    window.fill(starts="20:00", ends="21:00", reason="The hall is taken until eight.")
    window.press("Move it")
    window.reads("Moved.")


def cancels_the_third_date(window: Reader) -> None:
    window.page.get_by_role("link", name=re.compile("^Cancel (?!the)")).nth(2).click()
    window.check()
    window.fill(reason="A holiday.")
    window.press("Cancel this date")
    window.reads("This date is cancelled.")


class Subscription:
    """What a calendar application does: ask again with the validators it was given."""

    def __init__(self, url: str) -> None:
        self.url, self.etag, self.body = url, "", b""

    def poll(self) -> bool:
        """Ask; whether something new came."""
        asked = urllib.request.Request(self.url, headers={"If-None-Match": self.etag} if self.etag else {})
        try:
            with urllib.request.urlopen(asked, timeout=60) as answer:
                self.etag, self.body = answer.headers["ETag"], answer.read()
                return True
        except urllib.error.HTTPError as error:
            error.close()
            if error.code != 304:
                raise
            return False

    def unchanged(self) -> bool:
        return not self.poll()

    def entries(self, title: str) -> list[icalendar.Event]:
        """The entries of one series: the rule, then its exceptions by date."""
        found = [
            e for e in icalendar.Calendar.from_ical(self.body).walk("VEVENT") if title in str(e["SUMMARY"])
        ]
        return sorted(found, key=lambda e: e["RECURRENCE-ID"].dt.isoformat() if "RECURRENCE-ID" in e else "")

    def wait_for(self, title: str, count: int) -> list[icalendar.Event]:
        """The entries once there are *count* of them: at most 2 s after the officer's click (here: 10)."""

        def has_come() -> bool:
            self.poll()
            return len(self.entries(title)) == count

        wait_until(has_come, what=f"{count} entries of {title}")
        assert isinstance(self.entries(title)[0]["DTSTART"].dt, datetime)
        return self.entries(title)
