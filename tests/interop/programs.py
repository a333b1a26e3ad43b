"""The programs under test, as far as more than one test asks them."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from tests import servers

ICAL_JS = Path(__file__).parents[1] / "vendor" / "ical.js" / "ical.es5.min.cjs"


@contextmanager
def ical_js() -> Iterator[Any]:
    """A browser page that has ``ICAL``; skips the test where there is no Chromium."""
    try:
        chromium = servers.chromium_path()
    except RuntimeError as reason:
        pytest.skip(f"client: ical.js needs Chromium ({reason})")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=servers.chromium_args())
        page = browser.new_page()
        page.evaluate(ICAL_JS.read_text())
        yield page
        browser.close()


def libical_library() -> ctypes.CDLL:
    """libical 3; skips the test where it is missing."""
    for name in ("libical.so.3", "libical.dylib"):
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    pytest.skip("client: libical is not installed (Debian: libical3)")
