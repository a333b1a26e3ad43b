"""Two jars of cookies: a sign-in is told from a visitor's CSRF token by the cookie's name alone."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, flash, g, get_flashed_messages, session
from flask_login import AnonymousUserMixin

from forum.core import sessions

pytestmark = pytest.mark.once


@pytest.fixture
def client() -> Any:
    app = Flask("toy")
    app.config.update(SECRET_KEY="k" * 40, SESSION_COOKIE_NAME="session")
    sessions.init_app(app)

    @app.get("/form")
    def form() -> str:
        session.setdefault("csrf_token", "t")
        return "form"

    @app.post("/in")
    def sign_in() -> str:
        session["_user_id"] = "someone"
        session.permanent = True
        return "in"

    @app.post("/fails")
    def fails() -> str:
        session["_user_id"] = "someone"
        g.drop_cookies = True
        return "fails"

    @app.post("/out")
    def sign_out() -> str:
        session.pop("_user_id", None)
        return "out"

    @app.post("/gone")
    def gone() -> str:
        session.clear()
        return "gone"

    @app.post("/say")
    def say() -> str:
        flash("Saved")
        return "said"

    @app.get("/ended")
    def ended() -> str:
        g._login_user = AnonymousUserMixin()  # as Flask-Login does when the loader finds nobody
        return "nobody"

    @app.get("/who")
    def who() -> dict[str, Any]:
        return {
            "who": session.get("_user_id"),
            "token": session.get("csrf_token"),
            "said": get_flashed_messages(),
        }

    return app.test_client()


def jar(client: Any) -> set[str]:
    return {name for name in ("session", "session-visitor") if client.get_cookie(name) is not None}


def test_a_visitor_s_token_is_not_a_sign_in(client: Any) -> None:
    client.get("/form")
    assert jar(client) == {"session-visitor"}
    assert client.get("/who").json["token"] == "t"


def test_signing_in_and_out_moves_the_session(client: Any) -> None:
    client.get("/form")
    client.post("/in")
    assert jar(client) == {"session"}
    assert client.get("/who").json == {"who": "someone", "token": "t", "said": []}
    client.post("/out")
    assert jar(client) == {"session-visitor"}
    assert client.get("/who").json["who"] is None


def test_a_cleared_session_leaves_no_cookie(client: Any) -> None:
    client.post("/in")
    client.post("/gone")
    assert jar(client) == set()


def test_a_message_waiting_makes_the_next_page_personal(client: Any) -> None:
    client.get("/form")
    client.post("/say")
    assert jar(client) == {"session"}
    assert client.get("/who").json["said"] == ["Saved"]
    assert jar(client) == {"session-visitor"}


def test_a_sign_in_under_the_visitor_s_name_is_nobody(client: Any) -> None:
    client.post("/in")
    value = client.get_cookie("session").value
    client.delete_cookie("session")
    client.set_cookie("session-visitor", value)
    assert client.get("/who").json["who"] is None


def test_a_failed_commit_leaves_no_cookie(client: Any) -> None:
    assert "Set-Cookie" not in client.post("/fails").headers
    assert jar(client) == set()


def test_a_sign_in_that_ended_on_the_server_leaves_the_browser(client: Any) -> None:
    client.get("/form")
    client.post("/in")
    client.get("/ended")
    assert jar(client) == {"session-visitor"}
    assert client.get("/who").json["who"] is None


def test_reading_a_page_writes_no_cookie(client: Any) -> None:
    client.post("/in")
    assert "Set-Cookie" not in client.get("/who").headers


def test_a_forged_or_cut_cookie_is_nobody(client: Any) -> None:
    client.post("/in")
    value = client.get_cookie("session").value
    for forged in (value[:-3], "x", "", value[1:]):
        client.set_cookie("session", forged)
        answer = client.get("/who")
        assert (answer.status_code, answer.json["who"]) == (200, None)
