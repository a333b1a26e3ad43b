"""A reset link works once, for its owner, for an hour, and goes to the configured address."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from forum.accounts.models import Person
from forum.core import clock
from forum.extensions import db
from forum.notifications.models import Notification
from tests.accounts.mailbox import link_in, mail_to, path_in, text_of
from tests.factories.accounts import PASSWORD, person, sign_in

NEW = {"password": "seven green bottles"}


def ask(app: Flask, client: Any, email: str) -> str:
    """Ask for a reset; the link's path."""
    assert client.send("/account/reset", {"email": email}).status_code == 303
    return path_in(mail_to(app, email)[-1])


def test_a_reset_link_sets_the_password_and_signs_in(app: Flask, client: Any, saved: Any) -> None:
    owner = saved(person)
    path = ask(app, client, owner.email)
    assert client.send(path, NEW).status_code == 303
    assert client.get("/account").status_code == 200
    other = app.test_client()
    assert other.send("/account/sign-in", {"email": owner.email, "password": PASSWORD}).status_code == 422
    assert other.send("/account/sign-in", {"email": owner.email, **NEW}).status_code == 303


def test_every_session_ends_when_the_password_is_reset(app: Flask, client: Any, saved: Any) -> None:
    owner = saved(person)
    elsewhere = sign_in(app.test_client(), owner)
    client.send(ask(app, client, owner.email), NEW)
    assert elsewhere.get("/account").status_code == 302


def test_a_reset_link_works_once_and_takes_older_ones_with_it(app: Flask, client: Any, saved: Any) -> None:
    owner = saved(person)
    older, newer = ask(app, client, owner.email), ask(app, client, owner.email)
    assert older != newer
    csrf = client.page(newer).form()["csrf_token"]
    assert client.send(newer, NEW).status_code == 303
    visitor = app.test_client()
    assert visitor.get(newer).status_code == 404
    assert visitor.get(older).status_code == 404
    assert visitor.post(newer, data={**NEW, "csrf_token": csrf}).status_code in (400, 404)


def test_a_reset_link_works_for_an_hour(app: Flask, client: Any, saved: Any) -> None:
    owner = saved(person)
    with time_machine.travel(clock.now(), tick=False) as travel:
        path = ask(app, client, owner.email)
        travel.shift(timedelta(minutes=59))
        assert client.get(path).status_code == 200
        travel.shift(timedelta(minutes=2))
        assert client.get(path).status_code == 404


def test_a_refused_password_does_not_use_the_link_up(app: Flask, client: Any, saved: Any) -> None:
    path = ask(app, client, saved(person).email)
    assert client.send(path, {"password": "password1"}).status_code == 422
    assert client.send(path, NEW).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"X-Forwarded-Host": "evil.example"},
        {"Forwarded": "host=evil.example"},
        {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Server": "evil.example"},
    ],
)
def test_the_link_goes_to_the_configured_address_whatever_the_headers_say(
    app: Flask, client: Any, saved: Any, headers: dict[str, str]
) -> None:
    owner = saved(person)
    client.post("/account/reset", data={"email": owner.email}, headers=headers)
    client.send("/account/reset", {"email": owner.email})
    messages = mail_to(app, owner.email)
    assert messages
    for message in messages:
        assert link_in(message).startswith("http://localhost/account/reset/")
        assert "evil" not in message.as_string()


def test_forged_tokens_open_nothing(app: Flask, client: Any, saved: Any) -> None:
    path = ask(app, client, saved(person).email)
    number, mac = path.rsplit("/", 1)[1].split(".")
    other = "0" if mac[-1] != "0" else "1"
    tokens = [
        f"{int(number) + 1}.{mac}",
        f"{number}.{mac[:-1]}{other}",
        f"{number}.",
        number,
        f".{mac}",
        f"0{number}.{mac}",
        f"-{number}.{mac}",
        f"{2**63}.{mac}",
        f"{number}.{mac}.x",
        "9" * 400,
        "é.x",
        "%01",
    ]
    for token in tokens:
        assert client.get(f"/account/reset/{token}").status_code == 404, token


def test_a_link_for_one_purpose_serves_no_other(app: Flask, client: Any, saved: Any) -> None:
    token = ask(app, client, saved(person).email).rsplit("/", 1)[1]
    assert client.get(f"/account/confirm/{token}").status_code == 404
    assert client.get(f"/account/email/{token}").status_code == 404


def test_the_outbox_holds_no_secret(app: Flask, client: Any, saved: Any) -> None:
    owner = saved(person)
    mac = ask(app, client, owner.email).rsplit(".", 1)[1]
    with app.app_context():
        for row in db.session.execute(sa.select(Notification.__table__)).mappings():
            assert mac not in str(dict(row))
            assert owner.email not in str(dict(row))


def test_the_owner_is_told_of_the_new_password(app: Flask, client: Any, saved: Any) -> None:
    owner = saved(person)
    client.send(ask(app, client, owner.email), NEW)
    assert "was changed on" in text_of(mail_to(app, owner.email)[-1])


def test_a_suspended_person_gets_no_link(app: Flask, client: Any, saved: Any) -> None:
    owner = saved(lambda: person(suspended_at=clock.now()))
    assert client.send("/account/reset", {"email": owner.email}).status_code == 303
    assert mail_to(app, owner.email) == []


def test_a_link_mailed_before_the_suspension_is_dead(app: Flask, client: Any, saved: Any) -> None:
    owner = saved(person)
    path = ask(app, client, owner.email)

    def suspend() -> None:
        db.session.get_one(Person, owner.id).suspended_at = clock.now()

    saved(suspend)
    assert client.get(path).status_code == 404


def test_whoever_never_confirmed_may_come_in_by_a_reset(app: Flask, client: Any, saved: Any) -> None:
    owner = saved(lambda: person(confirmed_at=None, password_hash=None))
    assert client.send(ask(app, client, owner.email), NEW).status_code == 303
    assert client.get("/account").status_code == 200


def test_a_link_that_died_before_its_mail_could_go_is_not_sent(app: Flask, client: Any, saved: Any) -> None:
    owner = saved(person)
    with time_machine.travel(clock.now(), tick=False) as travel:
        client.send("/account/reset", {"email": owner.email})
        travel.shift(timedelta(hours=2))
        assert mail_to(app, owner.email) == []
