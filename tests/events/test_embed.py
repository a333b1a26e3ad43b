"""The list for other sites: it may be framed, is plain HTML, and sets no cookie. Nothing else may be framed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.factories import events as make
from tests.factories import neighborhoods
from tests.pages import Client

Saved = Callable[[Callable[[], Any]], Any]


@pytest.fixture
def town(saved: Saved) -> None:
    def events() -> None:
        area = neighborhoods.neighborhood("Logan Square")
        make.event(title="Streets we walk", neighborhood_ids=(area.id,), rrule="FREQ=WEEKLY;COUNT=8")
        make.event(title="Coffee for all", kind="coffee")
        make.event(title="Not yet", published=False)

    saved(events)


def names(client: Client, query: str = "") -> list[str]:
    page = client.page(f"/embed/events{query}")
    return ["".join(heading.itertext()).strip() for heading in page.all("h2")]


@pytest.mark.usefixtures("town")
def test_it_shows_public_events_narrowed_as_asked(client: Client) -> None:
    assert len(names(client)) == 5
    assert "Not yet" not in names(client, "?limit=20")
    assert names(client, "?kind=coffee") == ["Coffee for all"]
    assert set(names(client, "?neighborhood=logan-square&limit=2")) == {"Streets we walk"}
    assert len(names(client, "?limit=2")) == 2


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("limit", ["0", "-3", "x", "9" * 400, "%D9%A3"])
def test_an_odd_limit_shows_a_list(client: Client, limit: str) -> None:
    assert names(client, f"?limit={limit}")


@pytest.mark.usefixtures("town")
def test_it_has_no_script_no_form_no_cookie_and_its_links_take_the_whole_window(client: Client) -> None:
    got = client.get("/embed/events")
    assert "Set-Cookie" not in got.headers
    page = client.page("/embed/events")
    assert not page.all("script") + page.all("form")
    (base,) = page.all("base")
    assert dict(base.items()) == {"target": "_top"}
    assert all(link.startswith("/events") for link in page.links())


def test_it_alone_may_be_framed(client: Client) -> None:
    framed, page = client.get("/embed/events"), client.get("/events")
    assert "frame-ancestors *" in framed.headers["Content-Security-Policy"]
    assert "script-src" not in framed.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed.headers
    assert framed.headers["Cache-Control"] == "public, max-age=300"
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "DENY"


def test_its_language_is_the_one_in_the_address_and_never_the_readers(client: Client) -> None:
    spanish = {"Accept-Language": "es"}
    assert 'lang="en"' in client.get("/embed/events", headers=spanish).text
    assert 'lang="es"' in client.get("/embed/events?lang=es").text
