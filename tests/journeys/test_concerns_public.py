"""A neighbor finds a public concern, says me too, follows by mail, hears of the answer and stops."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from sqlalchemy import select

from forum.accounts.models import Person
from forum.concerns.models import Concern, Mode, Status
from forum.concerns.operations.working import answer_concern
from forum.extensions import db
from forum.neighborhoods.models import Neighborhood
from tests.factories import concerns
from tests.journeys.reader import NARROW, WIDE, Reader
from tests.journeys.scenery import Mailbox, Scene, link_in
from tests.servers.town import Town

pytestmark = pytest.mark.browser
PHONE = {"width": NARROW, "color_scheme": "light"}
DESK_IN_THE_DARK = {"width": WIDE, "color_scheme": "dark"}
PHONE_WITHOUT_SCRIPTS = {"width": NARROW, "scripts": False}
ANSWER = "I stood there this morning and counted eleven cars. A crossing guard starts Monday."


def raised() -> str:
    """The reference of a new public concern, beside others."""
    area = db.session.scalars(select(Neighborhood).where(Neighborhood.name == "Logan Square")).one()
    concerns.concern(Mode.PUBLIC, title="Music until three at night", category="noise")
    concerns.concern(Mode.PRIVATE, title="Told in private", neighborhood_id=area.id)
    return concerns.concern(
        Mode.PUBLIC, title="Cars run the red light at Kedzie and Palmer", place="Kedzie and Palmer",
        neighborhood_id=area.id, happened="Every school morning between 7:40 and 8:05",
        story="Every school morning.\n\nMy daughter crosses there. Yesterday a van missed a boy by a step.",
    ).reference  # fmt: skip


@pytest.mark.parametrize(
    "way",
    (PHONE, DESK_IN_THE_DARK, PHONE_WITHOUT_SCRIPTS),
    ids=("phone", "desktop, dark", "without JavaScript"),
)
def test_a_neighbor_follows_a_concern_by_mail_and_stops(
    town: Town, scene: Scene, mailbox: Mailbox, reader: Callable[..., Reader], way: dict[str, Any]
) -> None:
    reference, address = town.make(raised), f"neighbor.{token_hex(6)}@example.org"
    window = reader(**way)
    finds(window, reference)
    window.press("Me too, or follow", "link")
    window.fill(email="sam at home")
    window.press("Mail me the link")
    window.reads("Enter an e-mail address")
    asks(window, reference, address)
    window.go(link_in(mailbox.wait_for(address, "/follow/confirm/")))
    window.press("Yes, that was me")
    window.reads("It counts now")
    town.make(lambda: answered(scene, reference))
    asks(window, reference, f"friend.{address}")  # which wakes the courier
    stop = link_of(mailbox.wait_for(address, "counted eleven cars")["List-Unsubscribe"])
    window.go(f"/concerns/{reference}")
    window.reads("1 other says the same")
    window.reads("Beat sergeant, 14th District")
    shot(window, "concern")
    window.go(stop)
    window.press("Stop the mails")
    window.reads("You are off the list")


def finds(window: Reader, reference: str) -> None:
    window.go("/")
    window.go("/concerns")
    shot(window, "list")
    window.fill(q="red light")
    window.choose("neighborhood", "logan-square")
    window.press("Show")
    assert window.page.get_by_text("Told in private").count() == 0
    assert window.page.get_by_text("Music until three").count() == 0
    window.press("Open", "link", exact=True)
    window.page.locator(f"a[href='/concerns/{reference}']").click()
    window.page.wait_for_load_state()
    window.check()
    window.reads("Told us on")


def asks(window: Reader, reference: str, address: str) -> None:
    window.go(f"/concerns/{reference}/follow")
    window.fill(email=address)
    window.press("Mail me the link")
    window.reads("A link is on its way")


def answered(scene: Scene, reference: str) -> None:
    made = db.session.scalars(select(Concern).where(Concern.reference == reference)).one()
    officer = db.session.get_one(Person, scene.people["officer"])
    answer_concern(actor=officer, concern=made, text=ANSWER, status=Status.IN_PROGRESS)


def link_of(header: str) -> str:
    return "/" + header.strip("<>").split("/", 3)[3]


def shot(window: Reader, name: str) -> None:
    if folder := os.environ.get("FORUM_TEST_SHOTS"):
        size = (window.page.viewport_size or {}).get("width")
        window.page.screenshot(path=Path(folder) / f"{name}-{size}-{window.scripts}.png", full_page=True)
