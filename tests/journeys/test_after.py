"""After a meeting: minutes everybody reads, feedback without an account, a shift taken. On a phone and on a desktop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from forum.events.models import Occurrence
from forum.extensions import db
from tests.factories import after, events
from tests.journeys.reader import NARROW, WIDE, Reader
from tests.journeys.scenery import Scene
from tests.servers.town import Town

pytestmark = pytest.mark.browser


def a_meeting_that_was() -> tuple[str, str, str]:
    """Its public page, its desk's pages and its feedback; a new one for each story."""
    return _addresses(after.past(title="The meeting about the park"))


def a_project() -> tuple[str, str, str]:
    """A service project in a week, with one shift."""
    made = events.occurrence(
        title="Park clean-up", kind="community-service", starts_local=events.evening(7, 9)
    )
    after.shift(made, title="Paint the fence", capacity=1)
    return _addresses(made)


def _addresses(made: Occurrence) -> tuple[str, str, str]:
    db.session.flush()
    event = made.event
    day = made.original_date.isoformat()
    return (
        f"/events/{event.id}-{event.slug}",
        f"/desk/events/{event.id}/dates/{day}",
        f"/events/{event.id}/feedback",
    )


@pytest.mark.parametrize("width", (NARROW, WIDE), ids=("phone", "desktop"))
def test_an_officer_publishes_minutes_and_people_say_how_it_was(
    town: Town, scene: Scene, reader: Callable[..., Reader], width: Any
) -> None:
    page, desk, feedback = town.make(a_meeting_that_was)
    officer = reader("officer", width=width, color_scheme="dark" if width is WIDE else "light")
    writes_minutes(officer, desk)
    visitor = reader(scripts=False, width=width)
    visitor.go(page)
    visitor.reads("We spoke of the lamp.")
    visitor.reads("Ask for a lamp on Kedzie")
    for number in range(5):
        says_how_it_was(visitor, page, number)
    looking = reader(width=width)
    looking.go(page)
    looking.go(feedback)
    officer.go(f"{desk}/feedback")
    officer.reads("5 people answered.")
    officer.reads("Louder, number 3")
    officer.go("/desk/actions")
    officer.reads("Ask for a lamp on Kedzie")


def writes_minutes(window: Reader, desk: str) -> None:
    window.go(f"{desk}/minutes")
    window.fill(text="We spoke of the **lamp**.")
    window.press("Save", exact=True)
    window.page.locator("[name=item-text]").fill("Ask for a lamp on Kedzie")
    window.page.locator("[name=item-owner]").fill("Beat 1433 team")
    window.page.locator("[name=item-due_on]").fill("2031-03-04")
    window.press("Note it")
    window.press("Save and publish")
    window.reads("The minutes stand on the event’s page.")


def says_how_it_was(window: Reader, page: str, number: int) -> None:
    window.go(page)
    window.press("Tell us", "link")
    window.page.locator("main input[name=worth][value=yes]").check()
    window.page.locator("main input[name=heard][value=partly]").check()
    window.fill(change=f"Louder, number {number}")
    window.press("Send my answers")
    window.reads("without a name")


@pytest.mark.parametrize("width", (NARROW, WIDE), ids=("phone", "desktop"))
def test_a_resident_takes_a_shift_and_the_desk_sees_who_helps(
    town: Town, scene: Scene, reader: Callable[..., Reader], width: Any
) -> None:
    page, desk, _feedback = town.make(a_project)
    window = reader("resident", width=width)
    window.go(page)
    window.press("Take a shift", "link")
    window.press("Take it: Paint the fence")
    window.reads("The shift is yours")
    window.go("/account/rsvps")
    window.reads("Paint the fence")
    officer = reader("officer", width=width)
    officer.go(f"{desk}/shifts")
    officer.reads("Alex Resident")
    officer.press("Paint the fence", "link")
    officer.reads("Hours can be counted once the shift has begun.")
    window.go(page)
    window.press("Take a shift", "link")
    window.press("Give it back: Paint the fence")
    window.reads("Somebody else can take it now.")
