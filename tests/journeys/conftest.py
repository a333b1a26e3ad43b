"""One running site and one browser for all stories of a test process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.journeys.reader import Reader
from tests.journeys.scenery import Mailbox, Scene, make_scene
from tests.servers.site import ROOT
from tests.servers.town import Town, backend, running_town

SETTINGS = {
    "FORUM_LANGUAGES": "en,es,ar",
    "FORUM_AGENCY_NAME": "Springfield Police Department",
    "FORUM_MAIL_REPLY_ADDRESS": "rsvp@town.example",
}


ON_BOTH = (
    "test_concern_stories",
    "test_discussions",
    "test_guest",
    "test_officer",
    "test_reply",
    "test_series",
    "test_the_door_offline_and_back",
)
HOW = {
    "way",
    "width",
    "scripts",
    "scheme",
    "title",
}  # the reader's window, and a name that tells its events apart


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The second database sees some stories, each in one window: views and operations are tested on both, statement by
    statement, and a few whole stories show that they hold together there."""
    told = set()
    for item in items:
        if "tests/journeys/" not in item.nodeid:
            continue
        params = item.callspec.params if hasattr(item, "callspec") else {}
        story = item.nodeid.partition("[")[0], repr({k: v for k, v in params.items() if k not in HOW})
        if story in told or not any(name in item.nodeid for name in ON_BOTH):
            item.add_marker(pytest.mark.once)
        told.add(story)


@pytest.fixture(scope="session")
def town() -> Iterator[Town]:
    """The site with its job worker, empty."""
    with running_town(backend(), workers=1, settings=SETTINGS) as town:
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "run"]
        with (town.site.instance / "jobs.log").open("wb") as log:
            worker = subprocess.Popen(command, cwd=ROOT, env=town.site.environment, stdout=log, stderr=log)
        yield town
        worker.terminate()
        worker.wait(120)


@pytest.fixture(scope="session")
def scene(town: Town) -> Scene:
    made: Scene = town.make(make_scene)
    return made


@pytest.fixture(scope="session")
def mailbox(town: Town) -> Mailbox:
    return Mailbox(town)


@pytest.fixture
def reader(town: Town, scene: Scene, chromium: Browser) -> Iterator[Callable[..., Reader]]:
    """``reader()`` opens a visitor's window, ``reader("officer")`` one in which that role's person is signed in."""
    opened: list[Reader] = []

    def open_window(who: str | int = "", **options: Any) -> Reader:
        person = scene.people.get(who) if isinstance(who, str) else who
        cookie = town.browser(person).cookie if person else ""
        opened.append(Reader(chromium, town.site.url, cookie=cookie, **options))
        return opened[-1]

    yield open_window
    for window in opened:
        window.close()
