"""Every page, on a phone and on a desktop, light and dark: the public ones, a person's own, the desk's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.reader import NARROW, TAGS, Reader
from tests.journeys.scenery import Scene

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.timeout(240)]

PUBLIC = (
    "/", "/events", "/events?q=nothing-at-all", "/events/calendar", "/calendars", "/neighborhoods",
    "/neighborhoods/find", "/neighborhoods/following", "/about", "/privacy", "/accessibility",
    "/account/sign-in", "/account/register", "/account/reset", "/concerns/new", "/concerns/track",
    "/concerns/danger-words", "/search", "/search?q=meeting&order=newest&from=2026-01-01", "/search?q=nothing-at-all",
)  # fmt: skip
OWN = (
    "/account",
    "/account/calendars",
    "/account/concerns",
    "/account/rsvps",
    "/account/name",
    "/account/password",
    "/account/delete",
)
DESK = ("/desk", "/desk/events", "/desk/events/new", "/desk/mail")
ADMIN = ("/admin/people", "/admin/people/invite", "/admin/teams", "/admin/kinds", "/admin/kinds/new",
         "/admin/neighborhoods", "/admin/concerns/categories", "/admin/concerns/categories/new",
         "/admin/concerns/hours", "/admin/concerns/holidays", "/admin/audit")  # fmt: skip


SPOIL = """() => {
  document.querySelector('main').innerHTML = '<img src="data:,"><pre>' + 'x'.repeat(900);
  document.querySelector('pre').style.overflow = 'visible';
}"""


def look(window: Reader, path: str) -> None:
    """Load once; then both widths and both schemes, as turning the phone and the light would."""
    window.go(path)
    window.page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    window.axe(None)
    window.page.set_viewport_size({"width": 1280, "height": 900})
    window.axe(None)
    window.page.emulate_media(color_scheme="light", reduced_motion="reduce")
    window.overflow()
    window.axe(TAGS)
    window.page.set_viewport_size({"width": 360, "height": 740})


def test_every_public_page_is_for_everyone(scene: Scene, reader: Callable[..., Reader]) -> None:
    window = reader(width=NARROW)
    events = (scene.open_event, scene.series, scene.full_event, scene.cancelled)
    for path in (*PUBLIC, *events, f"/neighborhoods/{scene.area}", f"/events/{scene.full_id}/rsvp"):
        look(window, path)


def test_every_page_of_a_person_is_for_everyone(scene: Scene, reader: Callable[..., Reader]) -> None:
    window = reader("resident", width=NARROW)
    for path in (*OWN, f"/events/{scene.full_id}/rsvp", f"/neighborhoods/{scene.area}/follow"):
        look(window, path)


def test_every_page_of_the_desk_is_for_everyone(scene: Scene, reader: Callable[..., Reader]) -> None:
    window = reader("administrator", width=NARROW)
    event = scene.series.partition("-")[0].replace("/events/", "/desk/events/")
    for path in (*DESK, event, f"{event}/edit", f"{event}/cancel", *ADMIN):
        look(window, path)


def test_an_error_says_what_to_do(reader: Callable[..., Reader]) -> None:
    window = reader(width=NARROW)
    window.page.goto("/no-such-page")
    window.check()
    assert window.page.get_by_role("link").count() > 1
    window.faults = [fault for fault in window.faults if "404" not in fault]  # the console's own word for it


def test_the_checks_find_what_they_are_for(reader: Callable[..., Reader]) -> None:
    window = reader(width=NARROW)
    window.go("/about")
    window.page.evaluate(SPOIL)
    window.axe(TAGS)
    window.overflow()
    found, window.faults = " ".join(window.faults), []
    assert "image-alt" in found
    assert "sideways" in found
