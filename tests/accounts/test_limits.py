"""Passwords cannot be ground down, and the owner is never kept out for long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from forum.core import clock
from tests.factories.accounts import PASSWORD, person, sign_in

WRONG = "not the right one"


@pytest.fixture(autouse=True)
def frozen() -> Iterator[None]:
    """Sixty passwords are tried in one moment: on a busy machine they take more than the minute that they count for."""
    with time_machine.travel(clock.now(), tick=False):
        yield


def attempt(client: Any, email: str, password: str = WRONG, **kwargs: Any) -> Any:
    return client.send("/account/sign-in", {"email": email, "password": password}, **kwargs)


def test_the_sixth_wrong_password_in_a_minute_is_not_even_checked(client: Any, saved: Any) -> None:
    owner = saved(person)
    assert [attempt(client, owner.email).status_code for _ in range(5)] == [422] * 5
    response = attempt(client, owner.email, PASSWORD)
    assert response.status_code == 429
    assert 1 <= int(response.headers["Retry-After"]) <= 61
    assert owner.email in response.get_data(as_text=True)


def test_the_owner_waits_a_minute_at_most(client: Any, saved: Any) -> None:
    owner = saved(person)
    with time_machine.travel(clock.now(), tick=False) as travel:
        for _ in range(6):
            attempt(client, owner.email)
        travel.shift(timedelta(seconds=61))
        assert attempt(client, owner.email, PASSWORD).status_code == 303


def test_no_window_of_a_minute_holds_more_than_five_wrong_passwords(client: Any, saved: Any) -> None:
    owner = saved(person)
    with time_machine.travel(clock.now(), tick=False) as travel:
        checked = []
        for second in range(0, 180, 5):
            checked += [second] if attempt(client, owner.email).status_code == 422 else []
            travel.shift(timedelta(seconds=5))
    assert all(len([s for s in checked if start <= s < start + 60]) <= 5 for start in range(180))


def test_made_up_headers_and_other_spellings_give_no_more_tries(app: Flask, client: Any, saved: Any) -> None:
    owner = saved(lambda: person(email="owner@example.org"))
    seen = []
    for number in range(12):
        forged = {
            "X-Forwarded-For": f"203.0.113.{number}",
            "X-Real-IP": f"203.0.113.{number}",
            "Forwarded": f"for=203.0.113.{number}",
            "User-Agent": f"browser {number}",
        }
        spelling = owner.email.upper() if number % 2 else f" {owner.email} "
        seen.append(attempt(app.test_client(), spelling, headers=forged).status_code)
    assert seen.count(422) == 5
    assert seen.count(429) == 7


def test_other_addresses_do_not_share_the_accounts_limit_away(app: Flask, saved: Any) -> None:
    owner = saved(person)
    seen = [
        attempt(
            app.test_client(), owner.email, environ_overrides={"REMOTE_ADDR": f"198.51.100.{number}"}
        ).status_code
        for number in range(8)
    ]
    assert seen.count(422) == 5


def test_one_address_tries_sixty_accounts_a_minute(app: Flask, client: Any, saved: Any) -> None:
    owner = saved(person)
    seen = [attempt(client, f"nobody{number}@example.org").status_code for number in range(64)]
    assert seen == [422] * 60 + [429] * 4
    neighbor = {"REMOTE_ADDR": "198.51.100.7"}
    assert attempt(app.test_client(), owner.email, PASSWORD, environ_overrides=neighbor).status_code == 303


def test_right_passwords_use_nothing_up(app: Flask, saved: Any) -> None:
    owner = saved(person)
    assert {attempt(app.test_client(), owner.email, PASSWORD).status_code for _ in range(8)} == {303}


def test_a_browser_that_stayed_signed_in_before_is_let_in_while_a_stranger_guesses(
    app: Flask, saved: Any
) -> None:
    owner = saved(person)
    home = app.test_client()
    home.send("/account/sign-in", {"email": owner.email, "password": PASSWORD, "stay": "y"})
    home.send("/account", form="sign-out")
    stranger = app.test_client()
    for _ in range(6):
        attempt(stranger, owner.email)
    assert attempt(stranger, owner.email, PASSWORD).status_code == 429
    assert attempt(home, owner.email, PASSWORD).status_code == 303


def test_the_mark_of_a_known_browser_is_good_for_its_account_only_and_for_five_tries(
    app: Flask, saved: Any
) -> None:
    owner, thief = saved(person), saved(person)
    browser = app.test_client()
    browser.send("/account/sign-in", {"email": thief.email, "password": PASSWORD, "stay": "y"})
    browser.send("/account", form="sign-out")
    stranger = app.test_client()
    for _ in range(6):
        attempt(stranger, owner.email)
    assert attempt(browser, owner.email).status_code == 429
    assert [attempt(browser, thief.email).status_code for _ in range(6)] == [422] * 5 + [429]


def test_the_owner_comes_in_by_a_reset_link_while_a_stranger_guesses(
    app: Flask, client: Any, saved: Any
) -> None:
    from tests.accounts.mailbox import mail_to, path_in

    owner = saved(person)
    for _ in range(6):
        attempt(app.test_client(), owner.email)
    client.send("/account/reset", {"email": owner.email})
    client.send(path_in(mail_to(app, owner.email)[0]), {"password": "seven green bottles"})
    assert client.get("/account").status_code == 200


def test_an_open_session_does_not_let_anybody_guess_its_password(client: Any, saved: Any) -> None:
    sign_in(client, saved(person))
    fields = {"password": WRONG, "new_password": "seven green bottles"}
    seen = [client.send("/account/password", fields, form="/password").status_code for _ in range(7)]
    assert seen == [422] * 5 + [429] * 2


def test_an_unknown_address_is_limited_like_a_known_one(app: Flask, saved: Any) -> None:
    owner = saved(person)

    def seen(email: str) -> list[int]:
        return [attempt(app.test_client(), email).status_code for _ in range(7)]

    assert seen(owner.email) == seen("nobody@example.org")
