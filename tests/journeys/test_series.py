"""An organizer moves "this and all following", looks at what that changes, and calendars follow."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests.journeys.reader import NARROW, WIDE, Reader
from tests.journeys.test_officer import Subscription, makes_a_series
from tests.servers import wait_until
from tests.servers.town import Town

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("scripts", "width", "title"),
    ((True, WIDE, "Court watch"), (True, NARROW, "Bicycle lights"), (False, WIDE, "Gardeners' hour")),
    ids=("desktop", "phone", "without JavaScript"),
)
def test_an_organizer_moves_this_and_all_following(
    town: Town, reader: Callable[..., Reader], scripts: bool, width: Any, title: str
) -> None:
    window = reader("officer", scripts=scripts, width=width)
    first = date.today() + timedelta(days=9)
    makes_a_series(window, title, first)
    calendar = Subscription(f"{town.site.url}/events.ics")
    (before,) = calendar.wait_for(title, 1)
    opens_the_third_date(window)
    later = first + timedelta(days=15)
    asks_for_the_following(window, later)
    window.press("Go back")
    assert window.page.get_by_label("Starts").input_value() == "17:00", "nothing typed is lost"
    window.press("Move it")
    window.reads("These dates move (2)")
    window.check()
    window.press("Change it")
    window.reads("Moved.")
    old, new = follows(calendar, title)
    assert old["UID"] == before["UID"]
    assert old["RRULE"]["UNTIL"][0].date() < later
    assert (new["DTSTART"].dt.date(), new["DTSTART"].dt.hour) == (later, 17)
    assert str(new["RELATED-TO"]) == str(old["UID"])
    assert calendar.unchanged()


def opens_the_third_date(window: Reader) -> None:
    window.page.get_by_role("link", name=re.compile("^Move")).nth(2).click()
    window.check()


def asks_for_the_following(window: Reader, day: date) -> None:
    window.page.get_by_label("This and all following dates").check()
    window.fill(starts_on=day.isoformat(), starts="17:00", ends="18:00", reason="The hall is free earlier.")
    window.press("Move it")
    window.reads("Nothing is changed yet")
    window.check()


def follows(calendar: Subscription, title: str) -> list[Any]:
    """The two rules, the old one first, once both are there."""

    def has_come() -> bool:
        calendar.poll()
        return len(rules(calendar, title)) == 2

    wait_until(has_come, what=f"two series of {title}")
    return sorted(rules(calendar, title), key=lambda entry: "RELATED-TO" in entry)


def rules(calendar: Subscription, title: str) -> list[Any]:
    return [entry for entry in calendar.entries(title) if "RRULE" in entry]
