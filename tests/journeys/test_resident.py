"""A resident comes to the site for the first time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.journeys.reader import NARROW, WIDE, Reader
from tests.journeys.scenery import Mailbox, Scene, link_in
from tests.servers.town import Town

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("scripts", "width", "scheme"),
    ((True, NARROW, "light"), (True, WIDE, "dark"), (False, NARROW, "light")),
    ids=("phone", "desktop, dark", "without JavaScript"),
)
def test_a_resident_registers_finds_a_meeting_and_takes_an_offered_place(
    town: Town,
    scene: Scene,
    mailbox: Mailbox,
    reader: Callable[..., Reader],
    scripts: bool,
    width: Any,
    scheme: Any,
) -> None:
    address = f"jo.{scheme}.{width['width']}.{scripts}@example.org".lower()
    window = reader(scripts=scripts, width=width, color_scheme=scheme)
    registers(window, mailbox, address)
    finds_and_answers(window, scene)
    joins_the_waitlist(window, town, scene)
    gives_up(town, scene)
    mailbox.wait_for(address, "A place became free")
    takes_the_place(window, scene)
    leaves_the_place_to_the_next_story(window, town, scene)


def registers(window: Reader, mailbox: Mailbox, address: str) -> None:
    window.go("/account/register")
    window.fill(name="Jo Neighbor", email=address, password="three quiet green lamps")
    window.press("Register", exact=True)
    window.go(link_in(mailbox.wait_for(address, "/account/confirm/")))
    window.press("Confirm my address")
    window.reads("Your account is ready")


def finds_and_answers(window: Reader, scene: Scene) -> None:
    window.go("/events")
    window.choose("neighborhood", scene.area)
    window.press("Show", exact=True)
    window.press("Coffee with your beat officers", "link")
    window.press("Say whether you come", "link")
    window.answer("going", 2)
    window.reads("Your 2 places are saved")


def joins_the_waitlist(window: Reader, town: Town, scene: Scene) -> None:
    window.go(scene.full_event)
    window.press("Join the waitlist", "link")
    window.answer("going")
    window.reads("You are on the waitlist")


def gives_up(town: Town, scene: Scene) -> None:
    assert holder_says(town, scene, "not_going") == 303


def takes_the_place(window: Reader, scene: Scene) -> None:
    window.go(scene.full_event)
    window.reads("A place is offered to you. Yours until")
    window.press("Take it or pass", "link")
    window.press("Take the place")
    window.reads("You are going")


def leaves_the_place_to_the_next_story(window: Reader, town: Town, scene: Scene) -> None:
    window.go(f"/events/{scene.full_id}/rsvp")
    window.answer("not_going")
    window.reads("Thank you for saying so")
    assert holder_says(town, scene, "going") == 303


def holder_says(town: Town, scene: Scene, word: str) -> int | None:
    return town.send(scene.holder, f"/events/{scene.full_id}/rsvp", {"answer": word, "party_size": 1})
