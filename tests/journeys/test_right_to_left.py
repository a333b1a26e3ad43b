"""In a language that runs from right to left (its words not yet translated) no page runs out of the window."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.reader import NARROW, WIDE, Reader
from tests.journeys.scenery import Scene
from tests.journeys.test_every_page import PUBLIC

pytestmark = [pytest.mark.browser, pytest.mark.once]


def test_pages_run_from_right_to_left(scene: Scene, reader: Callable[..., Reader]) -> None:
    window = reader(width=NARROW, locale="ar")
    for path in (*PUBLIC[:8], scene.series, f"/neighborhoods/{scene.area}"):
        window.go(path)
        assert window.page.locator("html").get_attribute("dir") == "rtl"
        window.page.set_viewport_size(WIDE)
        window.overflow()
        window.page.set_viewport_size(NARROW)
