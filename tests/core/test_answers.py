"""What is there as a whole is handed over at once; what comes bit by bit, or has something to close, is not."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, Response, redirect, send_file
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import create_environ
from werkzeug.urls import iri_to_uri

from forum.core import answers

pytestmark = pytest.mark.once
closed: list[str] = []


@pytest.fixture
def ask() -> Callable[..., tuple[str, dict[str, str], Any]]:
    app = Flask("toy")
    answers.init_app(app)
    closed.clear()
    made: dict[str, Callable[[], Any]] = {
        "/whole": lambda: "whól",
        "/moved": lambda: redirect("/wó?a=b c&d=%41#e", 303),
        "/none": lambda: ("", 204),
        "/known": lambda: ("", 304, {"Content-Length": "9", "ETag": '"a"'}),
        "/bits": lambda: Response(iter(["a", "b"])),
        "/file": lambda: send_file(io.BytesIO(b"abc"), mimetype="text/plain"),
    }
    for path, view in made.items():
        app.add_url_rule(path, path, view)

    @app.get("/closes")
    def closes() -> Response:
        response = app.make_response("abc")
        response.call_on_close(lambda: closed.append("closed"))
        return response

    def send(path: str, method: str = "GET") -> tuple[str, dict[str, str], Any]:
        told: list[Any] = []
        body = app.wsgi_app(create_environ(path, method=method), lambda *start: told.extend(start))  # type: ignore[arg-type,func-returns-value]
        return told[0], dict(told[1]), body

    return send


def test_a_whole_answer_is_a_list(ask: Any) -> None:
    status, headers, body = ask("/whole")
    assert (status, body, headers["Content-Length"]) == ("200 OK", ["whól".encode()], "5")
    _, headers, body = ask("/whole", "HEAD")
    assert (body, headers["Content-Length"]) == ([], "5")


def test_a_redirect_leads_to_an_address_of_plain_letters(ask: Any) -> None:
    status, headers, body = ask("/moved")
    assert status == "303 SEE OTHER"
    assert headers["Location"] == "/w%C3%B3?a=b%20c&d=%41#e"
    assert int(headers["Content-Length"]) == len(b"".join(body))


@given(st.lists(st.sampled_from([*'/?#%&=;:@.~a é\\\n[]{}"<>|^`\0', "//", "http:", "%41"])).map("".join))
def test_an_address_that_is_taken_as_it_is_would_not_be_changed(rest: str) -> None:
    for address in (rest, f"/{rest}"):
        if answers.is_plain(address):
            assert iri_to_uri(address) == address


def test_the_addresses_of_this_site_are_taken_as_they_are() -> None:
    for address in ("/", "/topics/5-a?view=time&after=20#post-21", "/search?q=%C3%B3", "/desk/"):
        assert answers.is_plain(address)
    for address in ("", "a", "//elsewhere.example/", "/a b", "/ó", "/a?", "/a#", "https://a.example/"):
        assert not answers.is_plain(address)


def test_what_may_have_no_length_has_none(ask: Any) -> None:
    for path in ("/none", "/known"):
        _, headers, body = ask(path)
        assert body == []
        assert "Content-Length" not in headers


def test_what_comes_bit_by_bit_stays_so(ask: Any) -> None:
    for path, found in (("/bits", b"ab"), ("/file", b"abc")):
        body = ask(path)[2]
        assert not isinstance(body, list)
        assert isinstance(iter(body), Iterator)
        assert b"".join(body) == found
        body.close()


def test_what_has_something_to_close_is_closed_by_the_server(ask: Any) -> None:
    body = ask("/closes")[2]
    assert (b"".join(body), closed) == (b"abc", [])
    body.close()
    assert closed == ["closed"]
