"""The site tells nobody who has an account: same words, same status, same time."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from forum.core import clock, limits
from tests import alike
from tests.factories.accounts import PASSWORD, person


def answer(client: Any, path: str, fields: dict[str, str]) -> tuple[int, str | None, str]:
    response = client.send(path, fields, form=path)
    words = response.get_data(as_text=True).replace(fields["email"], "ADDRESS")
    return response.status_code, response.location, re.sub(r'name="csrf_token" value="[^"]*"', "CSRF", words)


STATES = {
    "active": {},
    "unconfirmed": {"confirmed_at": None},
    "suspended": {"suspended_at": "now"},
    "invited": {"confirmed_at": None, "password_hash": None},
}


@pytest.mark.parametrize(
    ("path", "extra"),
    [
        ("/account/sign-in", {"password": "wrong for everyone"}),
        ("/account/register", {"name": "Ana", "password": "blue kettle in march"}),
        ("/account/reset", {}),
    ],
)
@pytest.mark.parametrize("state", sorted(STATES))
def test_every_state_of_an_account_answers_like_no_account(
    app: Flask, saved: Any, path: str, extra: dict[str, str], state: str
) -> None:
    columns = {name: clock.now() if value == "now" else value for name, value in STATES[state].items()}
    known = saved(lambda: person(email="known@example.org", **columns))
    mine = answer(app.test_client(), path, {"email": known.email, **extra})
    nobodys = answer(app.test_client(), path, {"email": "other@example.org", **extra})
    assert mine == nobodys


@pytest.mark.parametrize("state", ["unconfirmed", "suspended"])
def test_the_right_password_of_who_may_not_come_in_answers_like_a_wrong_one(
    app: Flask, saved: Any, state: str
) -> None:
    columns = {name: clock.now() if value == "now" else value for name, value in STATES[state].items()}
    known = saved(lambda: person(email="known@example.org", **columns))
    mine = answer(app.test_client(), "/account/sign-in", {"email": known.email, "password": PASSWORD})
    nobodys = answer(
        app.test_client(), "/account/sign-in", {"email": "other@example.org", "password": PASSWORD}
    )
    assert mine == nobodys


def test_cookies_and_headers_do_not_tell_either(app: Flask, saved: Any) -> None:
    known = saved(person)

    def shape(email: str) -> list[tuple[str, int]]:
        """Header names, and a cookie's size in twenties: it is packed, so random marks differ a little."""
        client = app.test_client()
        fields = {"name": "Ana", "email": email, "password": "blue kettle in march"}
        headers = client.send("/account/register", fields).headers
        return sorted(
            (name, round(len(value), -1) // 20 if name == "Set-Cookie" else 0) for name, value in headers
        )

    assert shape(known.email) == shape("n" * len(known.email.split("@")[0]) + "@example.org")


@pytest.mark.parametrize(
    ("path", "extra"),
    [
        ("/account/sign-in", {"password": "wrong for everyone"}),
        ("/account/register", {"name": "Ana", "password": "blue kettle in march"}),
        ("/account/reset", {}),
    ],
)
def test_the_time_of_an_answer_does_not_tell(
    app: Flask, saved: Any, path: str, extra: dict[str, str]
) -> None:
    from forum.accounts.passwords import hash_password

    stored = hash_password(PASSWORD)  # of today's cost, as every account's is after its next sign-in
    client = app.test_client()
    csrf = client.page(path).form(path.rsplit("/", 1)[1] if path.endswith("sign-in") else None)["csrf_token"]

    client.lint = False  # no part of the time that a visitor waits

    def timed(*, known: bool) -> float:
        """Ask for an account that was made a moment ago, or for none when one was."""
        email = saved(lambda: person(password_hash=stored)).email
        with app.app_context():
            limits.reset()
        data = {"email": email if known else f"no-{email}", "csrf_token": csrf, **extra}
        return alike.seconds(lambda: client.post(path, data=data))

    for known in (True, False):
        timed(known=known)
    alike.assert_alike(lambda: timed(known=True), lambda: timed(known=False), band=(0.1, 0.9))


def test_asking_for_the_address_of_another_as_ones_own_answers_like_a_free_one(
    app: Flask, saved: Any
) -> None:
    from tests.accounts.mailbox import mail_to
    from tests.factories.accounts import sign_in

    taken, me = saved(person), saved(person)
    client = sign_in(app.test_client(), me)
    seen = [
        answer(client, "/account/email", {"email": email, "password": PASSWORD})
        for email in (taken.email, "free@example.org")
    ]
    assert seen[0] == seen[1]
    assert mail_to(app, taken.email) == []
