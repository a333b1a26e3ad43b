"""A flood: a moderator sees exactly what would go, hides it with one press, and gives it back with another."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.factories import accounts
from tests.factories import discussions as make
from tests.journeys.reader import NARROW, Reader
from tests.servers.town import Town

pytestmark = [pytest.mark.browser, pytest.mark.once]
FLOOD = "Best roofs in town: call us before winter comes."


def flood() -> str:
    """A topic into which one neighbor pours the same text, and another writes something."""
    seller = accounts.person(name="Rudy Roof", email="roofs@example.org")
    topic = make.topic(title="Where do we meet?", text="In the park, or in the hall?")
    make.post(topic, text="In the hall, please: it is dark by five.")
    for _ in range(3):
        make.post(topic, author=seller, text=FLOOD)
    make.post(topic, author=accounts.person(name="Randy Roof", email="roofs+2@example.org"), text=FLOOD)
    return f"/topics/{topic.id}-{topic.slug}"


def test_a_flood_is_hidden_at_once_and_given_back_at_once(town: Town, reader: Callable[..., Reader]) -> None:
    path = town.make(flood)
    window = reader("supervisor", width=NARROW, color_scheme="dark")
    window.go("/desk/moderation")
    window.press("Waves", "link")
    window.press(FLOOD, "link")
    window.reads("Rudy Roof, in one message")
    window.page.get_by_text("Other accounts that may be those of Randy Roof").click()
    window.reads("it may be one household")
    window.choose("rule", "5")
    window.fill(words="You posted the same advertisement again and again.")
    window.press("Hide all of it")
    window.reads("Hidden: 4")
    window.go(path)
    window.reads("Hidden under rule 5.")
    assert window.page.get_by_text(FLOOD).count() == 0
    window.page.go_back()
    window.press("Undo the whole wave")
    window.reads("Back as it was: 4")
    window.go(path)
    window.reads("This post waits for a person to read it.")
    assert window.page.get_by_text(FLOOD).count() == 2  # the others wait for a person, as they did before
