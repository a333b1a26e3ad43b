"""A visitor raises a concern anonymously, prints the receipt, returns with the code and reads the answer."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from forum.accounts.models import Role
from forum.concerns.models import Closing, Concern, Status
from forum.concerns.operations.working import answer_concern, close_concern
from forum.extensions import db
from tests.factories import accounts
from tests.journeys.reader import NARROW, WIDE, Reader
from tests.servers.town import Town

pytestmark = pytest.mark.browser
WAYS: dict[str, dict[str, Any]] = {
    "phone": {"width": NARROW},
    "desktop, dark": {"width": WIDE, "color_scheme": "dark"},
    "phone without JavaScript": {"width": NARROW, "scripts": False},
    "desktop without JavaScript": {"width": WIDE, "scripts": False},
}


def photograph() -> bytes:
    written = BytesIO()
    Image.effect_noise((900, 600), 90).convert("RGB").save(written, "JPEG")
    return written.getvalue()


def the_concern(title: str) -> Concern:
    return db.session.scalars(select(Concern).where(Concern.title == title)).one()


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_a_visitor_raises_one_anonymously_prints_the_receipt_and_reads_the_answer(
    town: Town,
    reader: Callable[..., Reader],
    tmp_path: Path,
    way: dict[str, Any],
    request: pytest.FixtureRequest,
) -> None:
    window, title = reader(**way), f"Cars race down Palmer ({request.node.callspec.id})"
    code = raises(window, title)
    prints(window, code, tmp_path / "receipt.png")

    def answer() -> None:
        made = the_concern(title)
        assert made.assigned_to_id is None
        answer_concern(
            actor=accounts.person(Role.OFFICER, name="Officer Reyes"), concern=made, status=Status.ANSWERED,
            text="A patrol stands there from Friday.",
        )  # fmt: skip

    town.make(answer)
    returns(window, code)
    window.reads("A patrol stands there from Friday.")
    window.page.locator("#reply-text").fill("Thank you, it helps.")
    window.press("Send", exact=True)
    window.reads("We have your words.")
    assert code.replace("-", "") not in window.page.url

    def close() -> None:
        officer = accounts.person(Role.OFFICER, name="Officer Lund")
        close_concern(
            actor=officer,
            concern=the_concern(title),
            closed_as=Closing.DONE,
            text="It is done.",
            evidence="Seen on Friday.",
        )

    town.make(close)
    returns(window, code)
    window.page.locator("#dispute-text").fill("They race again.")
    window.press("Disagree")
    window.reads("Your concern is open again.")


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])
def test_another_language_in_the_midst_keeps_what_was_typed_and_enter_still_goes_on(
    reader: Callable[..., Reader], scripts: bool
) -> None:
    window = reader(width=NARROW, scripts=scripts)
    window.go("/concerns/new")
    window.page.get_by_label("Private", exact=True).check()
    window.press("Continue")
    window.page.get_by_label("Speeding and traffic").check()
    window.press("Continue")
    window.fill(title="Cars race down Palmer", story="Every evening after nine.")
    window.press("Español")
    window.reads("¿Qué pasó?")
    assert window.page.locator("#story").input_value() == "Every evening after nine."
    window.page.locator("#title").press("Enter")
    window.reads("¿Dónde es?")


def raises(window: Reader, title: str) -> str:
    """Walk through the steps; the receipt code."""
    window.go("/concerns/new")
    window.reads("Call or text 911")
    window.press("Continue")  # without a choice
    window.reads("Choose how you want to send it.")
    window.page.get_by_label("Anonymous", exact=True).check()
    window.press("Continue")
    window.page.get_by_label("Speeding and traffic").check()
    window.press("Continue")
    window.fill(title=title, story="Every evening after nine. One of them waved a gun.")
    window.press("Continue")
    window.reads("Is somebody in danger now?")
    window.press("Nobody is in danger now: go on")
    window.fill(place="Palmer and Kedzie")
    if window.scripts:
        window.page.get_by_text("Add a point on the map").click()
        window.press("Open the map and press the place")
        window.page.locator("[data-map].leaflet-container").wait_for()
    window.press("Continue")
    window.press("Continue")
    files = [{"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": photograph()}]
    window.page.locator("#pictures").set_input_files(files)  # type: ignore[arg-type]
    if window.scripts:
        hides_a_face(window)
    window.press("Add these pictures")
    window.page.get_by_label("What does picture 1 show?").fill("A blue car at the crossing")
    window.press("Continue")
    window.press("Back")
    window.press("Continue")
    code = window.page.locator(".receipt-code").inner_text().strip()
    window.page.get_by_alt_text("A blue car at the crossing").wait_for()
    window.press("Send it", exact=True)
    window.reads("We have your concern")
    assert window.page.locator(".receipt-code").inner_text().strip() == code
    return code


# How many colors there are in a part of a canvas, given as its corner and size on the page.
COLORS = """(c, part) => {
  const [x, y, width, height] = part.map(each => Math.round(each * c.width / c.getBoundingClientRect().width));
  const data = c.getContext('2d').getImageData(x, y, width, height).data;
  return new Set(new Uint32Array(data.buffer)).size;
}"""


def hides_a_face(window: Reader) -> None:
    canvas = window.page.locator(".cover canvas")
    canvas.wait_for()
    before = canvas.evaluate("c => c.toDataURL()")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    window.page.mouse.move(box["x"] + 20, box["y"] + 20)
    window.page.mouse.down()
    window.page.mouse.move(box["x"] + 120, box["y"] + 100)
    window.page.mouse.up()
    window.page.get_by_role("button", name="Undo").and_(window.page.locator(":enabled")).wait_for()
    hidden = canvas.evaluate("c => c.toDataURL()")
    assert hidden != before
    assert canvas.evaluate(COLORS, [40, 40, 60, 40]) == 1
    canvas.focus()
    for key in ("Enter", "ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown", "Enter"):
        canvas.press(key)
    assert canvas.evaluate("c => c.toDataURL()") != hidden
    window.page.wait_for_function("document.querySelector('#pictures').files[0].name === 'picture-1.jpg'")


def prints(window: Reader, code: str, where: Path) -> None:
    window.page.emulate_media(media="print")
    window.page.screenshot(path=where, full_page=True)
    assert window.page.locator(".receipt-code").is_visible()
    assert window.page.get_by_text("How you come back").is_visible()
    assert not window.page.get_by_text("Leave this page quickly").is_visible()
    window.page.emulate_media(media="screen")


def returns(window: Reader, code: str) -> None:
    window.go("/concerns/track")
    window.fill(code=code.lower().replace("-", " "))
    window.press("Open", exact=True)
