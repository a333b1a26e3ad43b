"""The whole way to a saved answer without a mouse."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.reader import NARROW, TAGS, Reader
from tests.journeys.scenery import Scene

pytestmark = [pytest.mark.browser, pytest.mark.once]


# The focused element shows an outline, or the row that it stands for does.
OUTLINED = """() => {
  for (let e = document.activeElement, steps = 0; e && steps < 5; e = e.parentElement, steps++) {
    const style = getComputedStyle(e);
    if (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) return true;
  }
  return false;
}"""


def focus(window: Reader) -> str:
    """What has the focus, in a word or two."""
    return str(window.page.evaluate("() => (document.activeElement.innerText || document.activeElement.name || "
                                    "document.activeElement.id || document.activeElement.tagName).trim()"))  # fmt: skip


def tab_to(window: Reader, words: str, most: int = 60) -> None:
    """Press Tab until what is called *words* has the focus, and that can be seen."""
    for _ in range(most):
        window.page.keyboard.press("Tab")
        if focus(window).startswith(words):
            seen = window.page.evaluate(OUTLINED)
            assert seen, f"nobody sees that {words} has the focus"
            return
    raise AssertionError(f"{words} is not reached with {most} presses of Tab")


def test_the_first_press_offers_to_skip_to_the_page(scene: Scene, reader: Callable[..., Reader]) -> None:
    window = reader()
    window.go("/events")
    window.page.keyboard.press("Tab")
    assert focus(window) == "Skip to the page"
    window.page.keyboard.press("Enter")
    assert window.page.evaluate("() => document.activeElement.id") == "main"


def test_an_event_is_found_and_answered_with_keys_alone(scene: Scene, reader: Callable[..., Reader]) -> None:
    window = reader("resident")
    window.go("/events")
    tab_to(window, "q")
    window.page.keyboard.type("coffee")
    window.page.keyboard.press("Enter")
    window.page.wait_for_url("**q=coffee**")
    tab_to(window, "Coffee with your beat officers")
    window.page.keyboard.press("Enter")
    window.page.wait_for_url("**/events/*-coffee**")
    tab_to(window, "Say whether you come")
    window.page.keyboard.press("Enter")
    window.page.locator("main input[name=answer]").first.wait_for()
    tab_to(window, "answer")
    window.page.keyboard.press("Space")
    tab_to(window, "party_size")
    tab_to(window, "Save my answer")
    window.page.keyboard.press("Enter")
    window.reads("Your place is saved")


def test_the_menu_of_a_phone_unfolds_and_folds_with_keys(scene: Scene, reader: Callable[..., Reader]) -> None:
    window = reader(width=NARROW)
    window.go("/forums")
    tab_to(window, "More")
    window.page.keyboard.press("Enter")
    tab_to(window, "Neighborhoods", most=1)
    window.axe(TAGS)
    window.overflow()
    window.page.keyboard.press("Escape")
    assert focus(window) == "More"
    assert window.page.locator(".main-nav details[open]").count() == 0
    window.page.keyboard.press("Enter")
    tab_to(window, "Calendars", most=2)
    window.page.keyboard.press("Enter")
    window.page.wait_for_url("**/calendars")
