"""Somebody writes with the keyboard: marks the text, pastes a picture, says what it shows, and prints the topic."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.factories import accounts
from tests.factories import discussions as make
from tests.journeys.reader import NARROW, TAGS, Reader
from tests.servers.town import Town

pytestmark = pytest.mark.browser
PASTE = """async () => {
  const canvas = Object.assign(document.createElement("canvas"), {width: 300, height: 200});
  const pixels = await new Promise((done) => canvas.toBlob(done, "image/png"));
  const clipboardData = new DataTransfer();
  clipboardData.items.add(new File([pixels], "image.png", {type: "image/png"}));
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}));
}"""

COVER_AND_ADD = """() => {
  const canvas = document.querySelector(".cover canvas");
  const press = (key) => canvas.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
  press("Enter");
  for (let step = 0; step < 30; step += 1) { press("ArrowLeft"); press("ArrowUp"); }
  press("Enter");
  document.querySelector("button[value=pictures]").click();
}"""
# Whether the left upper part of the picture that was sent is painted over.
DARK = """async () => {
  const picture = document.querySelector(".carried img");
  await picture.decode();
  const canvas = Object.assign(document.createElement("canvas"), {width: 40, height: 40});
  canvas.getContext("2d").drawImage(picture, 0, 0, 40, 40);
  return canvas.getContext("2d").getImageData(8, 8, 1, 1).data[0] < 80;
}"""


def talk() -> dict[str, Any]:
    topic = make.topic(title="The lamp at the corner")
    return {
        "reader": accounts.person(name="Jo Reader").id, "reply": f"/topics/{topic.id}/reply",
        "print": f"/topics/{topic.id}/print",
    }  # fmt: skip


def test_somebody_marks_words_pastes_a_picture_and_says_what_it_shows(
    town: Town, reader: Callable[..., Reader]
) -> None:
    made = town.make(talk)
    window = reader(made["reader"], width=NARROW)
    page = window.page
    window.go(made["reply"])
    text = page.locator("main [name=text]")
    text.fill("The lamp is out")
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+b")
    assert text.input_value() == "**The lamp is out**"
    page.keyboard.press("Control+z")  # as if it had been typed
    assert text.input_value() == "The lamp is out"
    page.keyboard.press("Control+a")
    page.get_by_role("button", name="Quote", exact=True).click()
    assert text.input_value() == "> The lamp is out"
    page.keyboard.press("End")
    page.keyboard.type("\n\nSince ")
    page.keyboard.press("Control+i")
    page.keyboard.type("Monday")
    assert text.input_value() == "> The lamp is out\n\nSince *Monday*"
    page.evaluate(PASTE)
    canvas = page.locator(".cover canvas")
    page.wait_for_function("document.activeElement.value === 'pictures'")
    page.get_by_role("status").get_by_text("Hide faces and plates first.").wait_for()
    page.keyboard.press("Shift+Tab")  # over the button that takes it back, which is asleep
    assert canvas.evaluate("c => c === document.activeElement")
    for key in ("Enter", "ArrowRight", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    page.get_by_role("button", name="Undo").and_(page.locator(":enabled")).wait_for()
    window.axe(TAGS)
    window.overflow()
    # At once, before a picture that is painted over can be in the field: the form waits for it.
    page.evaluate(COVER_AND_ADD)
    page.locator("[name=picture]").wait_for(state="attached")
    page.get_by_role("status").get_by_text("The picture is there.").wait_for()
    assert page.evaluate("document.activeElement.name").startswith("alt-")
    window.axe(TAGS)
    window.overflow()
    page.keyboard.type("A lamp without light")
    assert page.locator("[name=picture]").count() == 1
    assert page.evaluate(DARK)
    window.press("Post it")
    page.get_by_alt_text("A lamp without light").wait_for()
    window.go(made["print"])
    page.get_by_alt_text("A lamp without light").wait_for()
