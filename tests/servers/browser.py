"""The Chromium that tests drive: one that is there, else the distribution's, else Playwright's own.

Its headless shell comes first: the same engine without what a window needs, in which stories take a quarter less time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PATIENCE = 60_000  # milliseconds until what is expected of a page is given up: a busy machine is slow
SHELLS = ("chromium-headless-shell", "chrome-headless-shell")
NAMES = (*SHELLS, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find_chromium() -> str | None:
    """The path of a Chromium that starts, or None. FORUM_TEST_CHROMIUM, if set, is asked before all others."""
    named = os.environ.get("FORUM_TEST_CHROMIUM")
    candidates = [named] if named else [*filter(None, map(shutil.which, NAMES)), *_playwrights_own()]
    return next((path for path in candidates if _starts(path)), None)


def find_shell() -> str | None:
    """The path of a headless shell that starts, or None."""
    return next((path for path in filter(None, map(shutil.which, SHELLS)) if _starts(path)), None)


@cache
def chromium_path() -> str:
    """The path of a Chromium; RuntimeError says how to get one."""
    path = find_chromium()
    if path is None:
        raise RuntimeError(
            "No Chromium found: run `python -m tests.servers ensure`, or set FORUM_TEST_CHROMIUM."
        )
    return path


def chromium_args() -> list[str]:
    """Arguments that Chromium needs here: it refuses its sandbox to root, and containers give /dev/shm 64 MB."""
    return ["--no-sandbox", "--disable-dev-shm-usage"] if os.geteuid() == 0 else ["--disable-dev-shm-usage"]


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """A Chromium without a window, until the block ends."""
    from playwright.sync_api import expect, sync_playwright  # heavy: most test processes drive none

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=chromium_args())
        yield browser
        browser.close()


def install_from_playwright() -> None:
    """Download Playwright's Chromium into its cache; with the libraries it needs, where we may install them."""
    dependencies = ["--with-deps"] if os.geteuid() == 0 and shutil.which("apt-get") else []
    subprocess.run([sys.executable, "-m", "playwright", "install", *dependencies, "chromium"], check=True)


def _playwrights_own() -> list[str]:
    default = Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "ms-playwright"
    cache_folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or default)
    shells = "chromium_headless_shell-*/chrome*/*headless?shell"
    whole = ("chromium-*/chrome-*/chrome", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*")
    found = [sorted(map(str, cache_folder.glob(pattern)), reverse=True) for pattern in (shells, *whole)]
    return [path for paths in found for path in paths]


def _starts(path: str) -> bool:
    """Some images carry a `chromium` that only tells to install a snap; the version tells them apart."""
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=120)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and ("Chromium" in answer.stdout or "Chrome" in answer.stdout)
