"""Every page, on a phone and on a desktop, light and dark: the public ones, a person's own, the desk's."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from forum.accounts.models import Role
from forum.events.models import Answer
from forum.events.operations.rsvp import answer
from tests.factories import accounts, after, events
from tests.journeys.reader import NARROW, TAGS, WIDE, Reader
from tests.journeys.scenery import Scene
from tests.servers.town import Town

pytestmark = [pytest.mark.browser, pytest.mark.once]

PUBLIC = (
    "/", "/events", "/events?q=nothing-at-all", "/events/calendar", "/calendars", "/neighborhoods",
    "/neighborhoods/find", "/neighborhoods/following", "/about", "/privacy", "/accessibility",
    "/account/sign-in", "/account/register", "/account/reset", "/concerns/new", "/concerns/track",
    "/concerns/danger-words", "/rules", "/rules/versions", "/moderation/filters", "/moderation/log",
    "/concerns/disputes", "/search", "/search?q=meeting&order=newest&from=2026-01-01", "/search?q=nothing-at-all",
)  # fmt: skip
OWN = (
    "/account",
    "/account/calendars",
    "/account/concerns",
    "/account/reports",
    "/account/rsvps",
    "/account/name",
    "/account/password",
    "/account/delete",
)
DESK = ("/desk", "/desk/events", "/desk/events/new", "/desk/mail")
ADMIN = ("/admin/people", "/admin/people/invite", "/admin/teams", "/admin/kinds", "/admin/kinds/new",
         "/admin/neighborhoods", "/admin/concerns/categories", "/admin/concerns/categories/new",
         "/admin/concerns/hours", "/admin/concerns/holidays", "/admin/rules", "/admin/rules/new",
         "/admin/moderation", "/admin/audit")  # fmt: skip


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


def in_long_words() -> tuple[str, str]:
    """A date in whose every text stands one long word, as an address pasted into the wrong field is one."""
    long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    date = after.past(
        title=long, place_name=long, place_address=long, hosts=long, transit=long,
        story=f"{long}\n\n    {long}\n\n| {long} | {long} |\n|---|---|\n| {long} | {long} |",
    )  # fmt: skip
    officer = accounts.person(Role.OFFICER, name=long)
    after.minutes(date, actor=officer, text=long)
    after.item(date, actor=officer, text=long, owner=long)
    after.shift(date, actor=officer, title=long, bring=long)
    coming = events.occurrence(title=long, place_name=long, starts_local=events.evening(1))
    answer(actor=accounts.person(name=long), occurrence=coming, answer=Answer.GOING)
    return f"/events/{date.event_id}-{date.event.slug}", f"{coming.event_id}/dates/{coming.original_date}"


def test_a_long_word_widens_no_page(town: Town, reader: Callable[..., Reader]) -> None:
    page, coming = town.make(in_long_words)
    desk = page.partition("-")[0].replace("/events", "/desk/events")
    window = reader("officer", width=NARROW)
    pages = (page, "/events?q=donau", desk, "/desk/actions", "/desk/events", f"/desk/events/{coming}/roster")
    for path in pages:
        window.go(path)
        window.page.set_viewport_size(WIDE)
        window.overflow()
        window.page.set_viewport_size(NARROW)


@pytest.mark.parametrize("sheet", ("A4", "Letter"))
def test_a_month_prints_on_one_sheet(scene: Scene, reader: Callable[..., Reader], sheet: str) -> None:
    window = reader()
    window.go("/events/calendar?month=2026-08")  # six weeks
    paper = window.page.pdf(format=sheet, prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1


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
