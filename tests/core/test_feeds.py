"""Feeds over HTTP, in front of Flask and past the cache, and Atom documents read by a feed reader."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
from flask import Flask, Response, session

from forum.core import caching, sessions
from forum.core.caching.middleware import VisitorCache
from forum.core.feeds import ATOM, CALENDAR, AtomEntry, atom, feed_response

pytestmark = pytest.mark.once

BODY = b"BEGIN:VCALENDAR\r\n" + b"X-LINE:something long enough to compress\r\n" * 100 + b"END:VCALENDAR\r\n"
CHANGED = datetime(2026, 11, 3, 12, 0, 0, tzinfo=UTC)


@pytest.fixture(params=(True, False), ids=("cached", "uncached"))
def feed(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """A client of a small application with a public and a private feed, with and without the cache in front."""
    app = Flask("toy")
    app.config.update(SECRET_KEY="k" * 40, SESSION_COOKIE_NAME="session")
    sessions.init_app(app)

    @app.get("/events.ics")
    def public() -> Response:
        session.get("anything")
        session["careless"] = "write"
        return feed_response(BODY, content_type=CALENDAR, last_modified=CHANGED)

    @app.get("/calendar/secret.ics")
    def private() -> Response:
        return feed_response(BODY, content_type=CALENDAR, last_modified=CHANGED, private=True)

    @app.get("/one.ics")
    def one() -> Response:
        return feed_response(BODY, content_type=CALENDAR, last_modified=CHANGED, filename="Café.ics")

    @app.after_request
    def mark(response: Response) -> Response:
        from flask import request

        request.environ["forum.cacheable"] = "secret" not in request.path
        return response

    if request.param:
        watch = caching.GenerationWatch(lambda: 1)
        app.wsgi_app = VisitorCache(  # type: ignore[method-assign]
            app.wsgi_app, watch=watch, store=caching.Store(10**7), languages=("en",), cookies=("session",)
        )
    return app.test_client()


@pytest.mark.parametrize("path", ("/events.ics", "/calendar/secret.ics"))
@pytest.mark.parametrize("accept", ("identity", "gzip", "br"))
def test_each_coding_revalidates_with_its_own_etag(feed: Any, path: str, accept: str) -> None:
    first = feed.get(path, headers={"Accept-Encoding": accept})
    assert first.headers.get("Content-Encoding", "identity") == accept
    for condition in (first.headers["ETag"], f'"zzz", W/{first.headers["ETag"]}', "*"):
        again = feed.get(path, headers={"Accept-Encoding": accept, "If-None-Match": condition})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
        assert again.headers["Vary"] == first.headers["Vary"] == "Accept-Encoding"
        assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
    assert feed.get(path, headers={"Accept-Encoding": accept, "If-None-Match": '"zzz"'}).status_code == 200


def test_etags_are_the_same_with_and_without_the_cache_and_differ_by_coding(feed: Any) -> None:
    plain, zipped = feed.get("/events.ics"), feed.get("/events.ics", headers={"Accept-Encoding": "gzip"})
    assert zipped.headers["ETag"] == plain.headers["ETag"][:-1] + '-gz"'
    assert gzip.decompress(zipped.data) == plain.data == BODY


@pytest.mark.parametrize("path", ("/events.ics", "/calendar/secret.ics"))
def test_the_date_counts_only_without_an_etag(feed: Any, path: str) -> None:
    stamp = feed.get(path).headers["Last-Modified"]
    earlier = "Mon, 02 Nov 2026 12:00:00 GMT"
    assert stamp == "Tue, 03 Nov 2026 12:00:00 GMT"
    assert feed.get(path, headers={"If-Modified-Since": stamp}).status_code == 304
    assert feed.get(path, headers={"If-Modified-Since": earlier}).status_code == 200
    assert feed.get(path, headers={"If-Modified-Since": stamp, "If-None-Match": '"other"'}).status_code == 200
    for nonsense in ("yesterday", "", "Tue, 99 Nov 2026 12:00:00 GMT", "0"):
        assert feed.get(path, headers={"If-Modified-Since": nonsense}).status_code == 200


@pytest.mark.parametrize("path", ("/events.ics", "/calendar/secret.ics"))
def test_head_has_the_headers_of_get_and_no_body(feed: Any, path: str) -> None:
    for accept in ("identity", "gzip"):
        head, get = (call(path, headers={"Accept-Encoding": accept}) for call in (feed.head, feed.get))
        assert head.data == b""
        assert dict(head.headers) == dict(get.headers)


def test_a_public_feed_may_be_kept_and_read_by_anyone(feed: Any) -> None:
    answer = feed.get("/events.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert not {"Set-Cookie", "Content-Disposition", "X-Robots-Tag"} & set(answer.headers.keys())


def test_a_private_feed_is_kept_by_nobody(feed: Any) -> None:
    for headers in ({}, {"If-None-Match": "*"}):
        answer = feed.get("/calendar/secret.ics", headers=headers)
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_any_accept_header_or_none_gets_the_feed(feed: Any) -> None:
    for accept in ("", "text/html", "application/json", "nonsense"):
        assert feed.get("/events.ics", headers={"Accept": accept}).status_code == 200


def test_a_download_has_a_name(feed: Any) -> None:
    assert feed.get("/one.ics").headers["Content-Disposition"].startswith("attachment; filename")


def _feed(entries: list[AtomEntry]) -> bytes:
    return atom(
        feed_id="https://town.example/events", title="Meetings & <more>", self_url="https://town.example/events.atom?a=1&b=2",
        alternate_url="https://town.example/events", updated=CHANGED, entries=entries, author="Town Police",
    )  # fmt: skip


def test_a_feed_reader_understands_the_atom_document() -> None:
    entry = AtomEntry(
        id="urn:uuid:60a76c80-d399-11d9-b93c-0003939e0af6", title="Beat <meeting> & \x0bcoffee\x00",
        url="https://town.example/events/1", updated=CHANGED + timedelta(hours=1), published=CHANGED,
        summary="At six",
        html='<p>See <a href="https://town.example/x">this</a> &amp; that</p>', categories=("Beat meeting",),
    )  # fmt: skip
    body = _feed([entry])
    parsed = feedparser.parse(body, response_headers={"content-type": ATOM})
    assert not parsed.bozo
    assert parsed.feed.title == "Meetings & <more>"
    assert parsed.feed.updated == "2026-11-03T13:00:00Z"
    assert {link.rel: link.href for link in parsed.feed.links} == {
        "self": "https://town.example/events.atom?a=1&b=2", "alternate": "https://town.example/events",
    }  # fmt: skip
    (read,) = parsed.entries
    assert read.id == entry.id
    assert read.content[0].value == entry.html
    assert read.tags[0].term == "Beat meeting"
    assert read.link == entry.url
    assert b"@" not in body


def test_the_same_entries_give_the_same_bytes() -> None:
    assert _feed([]) == _feed([])
    assert not feedparser.parse(_feed([])).bozo
