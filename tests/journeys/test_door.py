"""The door without a network and back: counted on the phone, kept over a reload, sent once; names go at sign-out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Error, expect

from forum.events.models import Answer, Occurrence
from forum.events.operations.door import ticket_for
from forum.events.operations.rsvp import answer
from forum.extensions import db
from tests.factories import accounts, events
from tests.journeys.reader import NARROW, WIDE, Reader
from tests.journeys.scenery import Scene
from tests.servers.town import Town

pytestmark = pytest.mark.browser
PHONE = {"width": NARROW, "color_scheme": "dark"}
SENT = "All is sent."
COPIES = "caches.keys().then(names => names.filter(name => name.startsWith('door ')).length)"
# A camera that sees one code. The browser here can read none by itself.
CAMERA = """
navigator.mediaDevices.getUserMedia = async () => document.createElement('canvas').captureStream();
const code = {rawValue: 'https://x.example/events/1/door/TICKET'};
globalThis.BarcodeDetector = class { async detect() { return [code]; } };
HTMLMediaElement.prototype.play = async () => {};
"""


@dataclass(frozen=True)
class Door:
    """A date with three parties: Ana's of two, Bo's of one, Cy's of three; and a ticket of another date."""

    date_id: int
    desk: str
    page: str
    tickets: tuple[str, ...]
    foreign: str


def a_door() -> Door:
    made, other = events.occurrence(title="Lawn evening"), events.occurrence(title="Another evening")
    said = [
        answer(actor=accounts.person(name=name), occurrence=made, answer=Answer.GOING, party_size=party)
        for name, party in (("Ana Ruiz", 2), ("Bo Lind", 1), ("Cy Doe", 3))
    ]
    away = answer(actor=accounts.person(), occurrence=other, answer=Answer.GOING)
    db.session.flush()
    event, day = made.event_id, made.original_date.isoformat()
    tickets = tuple(ticket_for(each.id) for each in said)
    return Door(
        made.id,
        f"/desk/events/{event}/dates/{day}/door",
        f"/events/{event}/door",
        tickets,
        ticket_for(away.id),
    )


def came(town: Town, door: Door) -> int:
    return town.make(lambda: db.session.get_one(Occurrence, door.date_id).walk_ins)


def shows(window: Reader, people: int) -> None:
    expect(window.page.locator(".came strong")).to_have_text(str(people))


def all_is_sent(window: Reader) -> None:
    expect(window.page.locator("p[data-status]")).to_have_text(SENT)


def press(window: Reader, name: str) -> None:
    """Here a press asks for no other page."""
    window.page.get_by_role("button", name=name).first.click()


def opens(window: Reader, door: Door) -> None:
    """The page, once all that it keeps is kept."""
    window.go(door.desk)
    window.page.locator("div[data-kept]").wait_for()


def test_the_door_offline_and_back(town: Town, scene: Scene, reader: Callable[..., Reader]) -> None:
    door = town.make(a_door)
    phone, other = reader("officer", **PHONE), reader("officer", width=WIDE)
    for window in (phone, other):
        opens(window, door)
    phone.context.set_offline(True)
    press(phone, "One more")
    press(phone, "One more")
    press(phone, "One fewer")
    phone.fill(people="5")
    press(phone, "Count them")
    press(phone, "Arrived Ana Ruiz")
    phone.fill(ticket=f"https://town.example/events/1/door/{door.tickets[1].upper().replace('0', 'O')}")
    press(phone, "Take the ticket")
    phone.reads("Counted: Bo Lind")
    phone.fill(ticket=door.foreign)
    press(phone, "Take the ticket")
    phone.reads("It waits for the network")
    shows(phone, 9)
    phone.page.reload()  # the page is there, and so is what was counted on it
    shows(phone, 9)
    phone.reads("Waiting on this device: 7.")
    press(phone, "Undo Bo Lind")
    shows(phone, 8)
    assert came(town, door) == 0

    press(other, "Arrived Ana Ruiz")  # another phone ticks off the same party
    all_is_sent(other)
    assert came(town, door) == 2
    phone.context.set_offline(False)
    all_is_sent(phone)
    phone.reads("This ticket is for another date: Another evening")
    shows(phone, 8)
    assert came(town, door) == 8
    phone.page.reload()
    shows(phone, 8)
    assert stays(phone) == 0
    signs_out(phone, door)
    forgive(phone)


def stays(window: Reader) -> int:
    """How many counts wait in the browser."""
    return int(
        window.page.evaluate("Object.keys(localStorage).filter(n => n.startsWith('door-item')).length")
    )


def signs_out(window: Reader, door: Door) -> None:
    """The copy with the names goes, and the page with it."""
    assert window.page.evaluate(COPIES) == 1
    press(window, "Sign out")
    window.page.wait_for_url("**/")
    assert window.page.evaluate(COPIES) == 0
    window.context.set_offline(True)
    with pytest.raises(Error, match="ERR_"):
        window.page.goto(door.desk)
    window.context.set_offline(False)


def forgive(window: Reader) -> None:
    """A browser says of every request without a network that it failed, and of one with an old token."""
    window.faults = [fault for fault in window.faults if "ERR_" not in fault and "400 (" not in fault]


def test_when_the_session_has_ended_nothing_is_lost(
    town: Town, scene: Scene, reader: Callable[..., Reader]
) -> None:
    door = town.make(a_door)
    phone = reader("officer", **PHONE)
    opens(phone, door)
    cookies = phone.context.cookies()
    phone.context.clear_cookies()
    press(phone, "Arrived Cy Doe")
    phone.reads("Sign in again; nothing was lost.")
    phone.reads("Waiting on this device: 1.")
    assert phone.page.evaluate(COPIES) == 0
    assert came(town, door) == 0
    phone.context.add_cookies(cookies)  # as signing in again does
    phone.go(door.desk)
    all_is_sent(phone)
    shows(phone, 3)
    assert came(town, door) == 3
    forgive(phone)


def test_a_camera_reads_a_ticket_once(town: Town, scene: Scene, reader: Callable[..., Reader]) -> None:
    door = town.make(a_door)
    phone = reader("officer", **PHONE)
    phone.context.add_init_script(CAMERA.replace("TICKET", door.tickets[2]))
    opens(phone, door)
    press(phone, "Scan tickets")
    phone.reads("Counted: Cy Doe")
    all_is_sent(phone)
    shows(phone, 3)
    phone.check()
    press(phone, "Stop the camera")
    assert came(town, door) == 3


@pytest.mark.parametrize(
    "way", ({"width": NARROW, "color_scheme": "light"}, {"width": WIDE, "color_scheme": "dark"}, {"scripts": False}),
    ids=("phone, light", "desktop, dark", "without JavaScript"),
)  # fmt: skip
def test_a_ticket_is_shown_and_used(
    town: Town, scene: Scene, reader: Callable[..., Reader], way: dict[str, Any]
) -> None:
    door = town.make(a_door)
    guest, officer = reader(**way), reader("officer", **way)
    guest.go(f"{door.page}/{door.tickets[0]}")
    guest.reads("Show this at the door")
    assert guest.page.get_by_text("Ana Ruiz").count() == 0
    officer.go(f"{door.page}/{door.tickets[0]}")
    officer.reads("Ana Ruiz")
    officer.go(door.desk)
    officer.fill(ticket=door.tickets[1])
    officer.page.get_by_role("button", name="Take the ticket").click()
    officer.reads("Counted: Bo Lind")
    shows(officer, 1)
    officer.fill(ticket=door.foreign)
    officer.page.get_by_role("button", name="Take the ticket").click()
    officer.reads("This ticket is for another date: Another evening")
    shows(officer, 1)
