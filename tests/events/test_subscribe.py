"""One's own calendar and other sites: the right address for what was chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.factories import events as make
from tests.factories import neighborhoods
from tests.pages import Client, Page

Saved = Callable[[Callable[[], Any]], Any]


@pytest.fixture
def town(saved: Saved) -> None:
    saved(lambda: make.event(neighborhood_ids=(neighborhoods.neighborhood("Logan Square").id,)))


def fields(page: Page) -> dict[str, str]:
    return {field.get("id"): field.get("value") for field in page.all("input")}


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(
    ("query", "feed"),
    [
        ("", "/events.ics"),
        ("?neighborhood=logan-square", "/neighborhoods/logan-square/events.ics"),
        ("?kind=beat-meeting", "/events/kinds/beat-meeting.ics"),
        (
            "?neighborhood=logan-square&kind=beat-meeting",
            "/events.ics?neighborhood=logan-square&kind=beat-meeting",
        ),
        ("?neighborhood=atlantis&kind=%22%3E%3Cscript%3E", "/events.ics"),
    ],
)
def test_each_choice_leads_to_a_feed_and_a_list_that_are_there(client: Client, query: str, feed: str) -> None:
    page = client.page(f"/calendars{query}")
    address = fields(page)["feed-address"]
    assert address == f"http://localhost{feed}"
    assert client.get(feed).mimetype == "text/calendar"
    (frame,) = Page(fields(page)["embed-snippet"]).all("iframe")
    assert frame.get("title")
    shown = urlsplit(frame.get("src"))
    assert len(client.page(f"{shown.path}?{shown.query}").all("h2")) == 1
    assert not page.all("iframe")


def test_the_page_says_how_often_each_application_looks(client: Client) -> None:
    text = client.page("/calendars").text()
    for words in (
        "Google Calendar",
        "Every 4 to 24 hours",
        "Thunderbird",
        "Every 30 minutes",
        "always right",
    ):
        assert words in text
