"""A form is let through with the token of its own session, and with no other."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, session
from flask_wtf.csrf import generate_csrf
from itsdangerous import URLSafeTimedSerializer

from forum.core.forgery import Csrf

pytestmark = pytest.mark.once
KEY = "k" * 40


@pytest.fixture
def client() -> Any:
    app = Flask("toy")
    app.config.update(SECRET_KEY=KEY, WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False)
    Csrf(app)

    @app.get("/")
    def form() -> dict[str, str]:
        return {"token": generate_csrf(), "known": session["csrf_token"]}

    @app.post("/")
    def sent() -> str:
        return "sent"

    return app.test_client()


def test_the_token_of_the_session_is_taken_from_a_form_and_from_a_header(client: Any) -> None:
    token = client.get("/").json["token"]
    assert client.post("/", data={"csrf_token": token}).status_code == 200
    assert client.post("/", headers={"X-CSRFToken": token}).status_code == 200


def test_no_other_token_is_taken(client: Any) -> None:
    given = client.get("/").json
    known = given["known"]
    foreign = client.application.test_client().get("/").json["token"]
    made_up = (
        URLSafeTimedSerializer("x" * 40, salt="wtf-csrf-token").dumps(known),
        URLSafeTimedSerializer(KEY, salt="session").dumps(known),
    )
    for token in (None, "", "x", known, foreign, given["token"] + "x", given["token"][1:], *made_up):
        fields = {} if token is None else {"csrf_token": token}
        assert client.post("/", data=fields).status_code == 400, token


def test_who_has_no_session_has_no_token(client: Any) -> None:
    token = client.get("/").json["token"]
    nobody = client.application.test_client()
    assert nobody.post("/", data={"csrf_token": token}).status_code == 400


def test_a_setting_that_the_quick_look_does_not_know_is_refused() -> None:
    app = Flask("toy")
    app.config.update(SECRET_KEY=KEY, WTF_CSRF_SSL_STRICT=False)  # a token that ends by itself
    with pytest.raises(RuntimeError, match="WTF_CSRF_TIME_LIMIT"):
        Csrf(app)
