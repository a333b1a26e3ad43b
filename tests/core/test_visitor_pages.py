"""The real site's public pages, as the cache in front of it hands them to visitors."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from flask import Flask

from forum.core.transactions import unit_of_work
from forum.events.models import Event
from forum.extensions import db
from tests.factories import accounts, events, neighborhoods

PAGES = (
    "/",
    "/events",
    "/events/calendar",
    "/events?past=1",
    "/neighborhoods",
    "/neighborhoods/riverbend",
    "/about",
    "/{event}",
)
FEEDS = ("/events.ics", "/events.atom", "/neighborhoods/riverbend/events.ics")


@pytest.fixture
def event(saved: Any) -> Any:
    def make() -> Event:
        area = neighborhoods.neighborhood(name="Riverbend")
        return events.event(title="Coffee with Sergeant Ruiz", neighborhood_ids=(area.id,))

    return saved(make)


def address(path: str, event: Event) -> str:
    return path.format(event=f"events/{event.id}-{event.slug}")


def kept(app: Flask) -> int:
    return len(app.extensions["visitor_cache"].store)


@pytest.mark.parametrize("path", PAGES)
def test_a_public_page_is_kept_and_says_that_only_visitors_share_it(
    app: Flask, event: Event, path: str
) -> None:
    visitor = app.test_client()
    first = visitor.get(address(path, event))
    assert kept(app) == 1
    second = visitor.get(address(path, event))
    for page in (first, second):
        assert page.status_code == 200
        assert page.data == first.data
        assert page.headers["Cache-Control"] == "no-cache"
        assert {"Cookie", "Accept-Language", "Accept-Encoding"} <= {
            v.strip() for v in page.headers["Vary"].split(",")
        }
        assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert not {"Set-Cookie", "X-Request-Id"} & set(page.headers.keys())
        assert b"csrf_token" not in page.data
    again = visitor.get(address(path, event), headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", FEEDS)
def test_a_public_feed_is_kept_in_every_coding(app: Flask, event: Event, path: str) -> None:
    visitor = app.test_client()
    plain = visitor.get(path)
    assert kept(app) == 1
    zipped = visitor.get(path, headers={"Accept-Encoding": "gzip", "Accept-Language": "es"})
    if "Content-Encoding" in zipped.headers:
        assert gzip.decompress(zipped.data) == plain.data
    assert plain.headers["Vary"] == "Accept-Encoding"
    assert plain.headers["Cache-Control"].startswith("public, max-age=")
    assert "Set-Cookie" not in plain.headers


@pytest.mark.parametrize("path", ("/account/sign-in", "/account/register", "/healthz", "/events/1/rsvp"))
def test_what_is_one_s_own_is_not_kept(app: Flask, event: Event, path: str) -> None:
    app.test_client().get(path)
    assert kept(app) == 0


def test_a_change_is_on_the_next_page(app: Flask, event: Event) -> None:
    visitor = app.test_client()
    assert "Coffee with Sergeant Ruiz" in visitor.get("/events").text
    with app.app_context(), unit_of_work():
        db.session.get_one(Event, event.id).title = "Tea with Sergeant Ruiz"
    assert "Tea with Sergeant Ruiz" in visitor.get("/events").text


@pytest.mark.once  # a commit in another database of one PostgreSQL server ends what is kept
def test_a_visitor_who_saw_a_form_is_still_served_and_a_resident_is_not(
    app: Flask, event: Event, saved: Any
) -> None:
    person = saved(lambda: accounts.person(name="Ada Green").id)
    browser = app.test_client()
    browser.get("/events")
    browser.get("/account/sign-in")
    cache = app.extensions["visitor_cache"]
    before = next(iter(cache.store._entries.values()))
    browser.get("/events")
    assert next(iter(cache.store._entries.values())) is before
    accounts.sign_in(browser, person)
    assert "Ada Green" in browser.get("/events").text
    assert browser.get("/events").headers["Cache-Control"] == "private, no-store"
    assert "Ada Green" not in app.test_client().get("/events").text


def test_each_language_is_kept_apart(app: Flask, event: Event) -> None:
    visitor = app.test_client()
    for wanted, tag in (("es-MX,es;q=0.9", "es"), ("en-US", "en"), ("de", "en"), ("de, es;q=0.1", "es")):
        assert f'<html lang="{tag}"' in visitor.get("/events", headers={"Accept-Language": wanted}).text
    assert kept(app) == 2
    visitor.set_cookie("lang", "es")
    assert '<html lang="es"' in visitor.get("/events", headers={"Accept-Language": "en"}).text
