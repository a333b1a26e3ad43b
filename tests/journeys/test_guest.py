"""Answering without an account: by a mailed link and a button, and as a headcount with a code."""

from __future__ import annotations

from collections.abc import Callable
from secrets import token_hex
from typing import Any

import pytest

from forum.events.operations.headcounts import code_of
from tests.factories import events, neighborhoods
from tests.journeys.reader import NARROW, WIDE, Reader
from tests.journeys.scenery import Mailbox, Scene, link_in
from tests.servers.town import Town

pytestmark = pytest.mark.browser
PHONE = {"width": NARROW, "color_scheme": "light"}
PHONE_IN_THE_DARK = {"width": NARROW, "color_scheme": "dark"}
DESK_IN_THE_DARK = {"width": WIDE, "color_scheme": "dark"}
PHONE_WITHOUT_SCRIPTS = {"width": NARROW, "scripts": False}
DESK_WITHOUT_SCRIPTS = {"width": WIDE, "scripts": False}


def a_meeting() -> str:
    """Its page; a new meeting of six places for each story."""
    area = neighborhoods.neighborhood()
    event = events.event(
        title="Lamps on Kedzie", starts_local=events.evening(9), capacity=6, neighborhood_ids=(area.id,),
        interpreter="Spanish", step_free=True, contact_email="caps.014@example.org",
    )  # fmt: skip
    return f"/events/{event.id}-{event.slug}"


@pytest.mark.parametrize(
    "way",
    (PHONE, DESK_IN_THE_DARK, PHONE_WITHOUT_SCRIPTS),
    ids=("phone", "desktop, dark", "without JavaScript"),
)
def test_a_visitor_answers_by_mail_and_changes_and_cancels_it(
    town: Town, scene: Scene, mailbox: Mailbox, reader: Callable[..., Reader], way: dict[str, Any]
) -> None:
    page, address = town.make(a_meeting), f"guest.{token_hex(6)}@example.org"
    window, neighbor = reader(**way), reader(scripts=False)
    asks(window, page, address)
    link = link_in(mailbox.wait_for(address, "/rsvp/confirm/"))
    for ahead in ("HEAD", "GET"):  # as mail programs do
        assert neighbor.context.request.fetch(link, method=ahead).ok
    window.go(link)
    window.reads("Going, 2 people")
    stands(neighbor, page, taken=0)
    window.press("Confirm my answer")
    window.reads("Your 2 places are saved")
    stands(neighbor, page, taken=2)
    another_day(window)
    window.go(own_page(mailbox, address))
    window.answer("going", 3)
    window.reads("Your 3 places are saved")
    stands(neighbor, page, taken=3)
    window.answer("not_going")
    window.reads("Thank you for saying so")
    stands(neighbor, page, taken=0)
    window.go(link)  # what is confirmed leads to the answer, and changes nothing
    window.reads("You said you can't come")


def asks(window: Reader, page: str, address: str) -> None:
    window.go(page)
    window.press("Say whether you come", "link")
    window.page.locator("main input[name=answer][value=going]").check()
    window.fill(party_size="2", name="Sam Visitor", email="sam at home")
    window.page.get_by_text("What do you need to take part?").click()
    window.page.locator("main [name=step_free]").check()
    window.press("Mail me the link")
    assert window.page.locator("main [name=name]").input_value() == "Sam Visitor"
    window.fill(email=address)
    window.press("Mail me the link")
    window.reads("A link is on its way")


def own_page(mailbox: Mailbox, address: str) -> str:
    letter = mailbox.wait_for(address, "You can change your answer here")
    link = link_in(letter)
    assert "/rsvp/guest/" in link
    return link


def another_day(window: Reader) -> None:
    """Nothing in the browser knows the visitor any more."""
    window.context.clear_cookies()


def stands(window: Reader, page: str, *, taken: int) -> None:
    window.go(page)
    window.reads(f"{taken} of 6 places taken")


@pytest.mark.parametrize(
    "way", (PHONE_IN_THE_DARK, DESK_WITHOUT_SCRIPTS), ids=("phone, dark", "desktop without JavaScript")
)
def test_a_party_is_counted_and_comes_back_with_its_code(
    town: Town, scene: Scene, reader: Callable[..., Reader], way: dict[str, Any]
) -> None:
    page = town.make(a_meeting)
    window, neighbor = reader(**way), reader(scripts=False)
    window.go(page)
    window.press("Say whether you come", "link")
    window.press("Say only how many you are", "link")
    code = counts_in(town, window)
    stands(neighbor, page, taken=4)
    another_day(window)
    window.press("Change it with your code", "link")
    opens(window, "0000-0000")
    window.reads("No answer to this date has this code")
    opens(window, code.lower().replace("0", "o").replace("-", " "))
    window.reads("Your 4 places are saved")
    window.answer("going", 2)
    window.reads("Your 2 places are saved")
    stands(neighbor, page, taken=2)
    window.answer("not_going")
    window.reads("Thank you for saying so")
    stands(neighbor, page, taken=0)


def counts_in(town: Town, window: Reader) -> str:
    """Count four in; the code, by a form whose code has a 0 to be mistaken."""
    for _attempt in range(100):
        key = window.page.locator("main [name=key]").input_value()
        if "0" in town.make(lambda key=key: code_of(key)):  # type: ignore[misc]
            break
        window.page.reload()
    window.fill(party_size="4")
    window.press("Count us in")
    window.reads("Your 4 places are saved")
    code = window.page.locator("#headcount-code").input_value()
    assert "0" in code
    return code


def opens(window: Reader, code: str) -> None:
    window.fill(code=code)
    window.press("Open my answer")
