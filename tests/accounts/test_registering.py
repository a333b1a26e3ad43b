"""Registering and confirming by mail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from forum.accounts import throttle
from forum.accounts.models import MailedLink, Person, Role
from forum.audit.models import Entry
from forum.core import clock
from forum.extensions import db
from tests.accounts.mailbox import link_in, mail_to, path_in, text_of
from tests.factories.accounts import PASSWORD, person, sign_in

FORM = {"name": "Ana Lopez", "email": "ana@example.org", "password": "blue kettle in march"}


def register(client: Any, **changes: str) -> Any:
    return client.send("/account/register", {**FORM, **changes})


def test_a_resident_registers_confirms_by_mail_and_is_signed_in_in_the_same_browser(
    app: Flask, client: Any
) -> None:
    response = register(client)
    assert (response.status_code, response.location) == (303, "/account/check-mail?occasion=confirm")
    (message,) = mail_to(app, "ana@example.org")
    response = client.send(path_in(message))
    assert (response.status_code, response.location) == (303, "/")
    assert "Ana Lopez" in client.page("/account").text()
    client.send("/account", form="sign-out")
    assert client.send("/account/sign-in", FORM).status_code == 303


def test_another_browser_is_asked_for_the_password_after_confirming(app: Flask, client: Any) -> None:
    register(client)
    phone = app.test_client()
    response = phone.send(path_in(mail_to(app, "ana@example.org")[0]))
    assert (response.status_code, response.location) == (303, "/account/sign-in")
    assert phone.get("/account").status_code == 302
    assert phone.send("/account/sign-in", FORM).status_code == 303


def test_nobody_signs_in_before_confirming(client: Any) -> None:
    register(client)
    assert client.send("/account/sign-in", FORM).status_code == 422


def test_looking_at_the_link_confirms_nothing(app: Flask, client: Any) -> None:
    register(client)
    path = path_in(mail_to(app, "ana@example.org")[0])
    for _ in range(3):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
    assert client.send("/account/sign-in", FORM).status_code == 422


def test_the_last_lines_of_a_mail_stand_apart(app: Flask, client: Any) -> None:
    register(client)
    *_others, automatic, emergency = text_of(mail_to(app, "ana@example.org")[0]).splitlines()
    assert automatic.endswith("are not read.")
    assert emergency == "In an emergency call 911."


def test_the_link_works_once(app: Flask, client: Any) -> None:
    register(client)
    path = path_in(mail_to(app, "ana@example.org")[0])
    page = app.test_client()
    csrf = page.page(path).form()["csrf_token"]
    assert page.post(path, data={"csrf_token": csrf}).status_code == 303
    assert (
        page.post(path, data={"csrf_token": page.page("/account/sign-in").form()["csrf_token"]}).status_code
        == 404
    )
    assert page.get(path).status_code == 404


def test_the_link_works_for_three_days(app: Flask, client: Any) -> None:
    with time_machine.travel(clock.now(), tick=False) as travel:
        register(client)
        path = path_in(mail_to(app, "ana@example.org")[0])
        travel.shift(timedelta(days=2, hours=23))
        assert client.get(path).status_code == 200
        travel.shift(timedelta(hours=2))
        assert client.get(path).status_code == 404


def test_who_registers_someone_elses_address_does_not_choose_its_password(app: Flask, client: Any) -> None:
    stranger = app.test_client()
    register(stranger, password="chosen by a stranger")
    register(client)
    own = mail_to(app, "ana@example.org")[-1]
    client.send(path_in(own))
    assert client.get("/account").status_code == 200
    other = app.test_client()
    assert other.send("/account/sign-in", {**FORM, "password": "chosen by a stranger"}).status_code == 422
    assert other.send("/account/sign-in", FORM).status_code == 303


def test_the_strangers_link_dies_with_the_owners_confirmation(app: Flask, client: Any) -> None:
    register(app.test_client(), password="chosen by a stranger")
    register(client)
    first, second = mail_to(app, "ana@example.org")
    client.send(path_in(second))
    assert app.test_client().get(path_in(first)).status_code == 404


def test_the_owner_who_presses_the_strangers_link_is_not_signed_in(app: Flask, client: Any) -> None:
    register(app.test_client(), password="chosen by a stranger")
    client.send(path_in(mail_to(app, "ana@example.org")[0]))
    assert client.get("/account").status_code == 302


def test_an_address_with_an_account_gets_a_note_and_keeps_its_password(
    app: Flask, client: Any, saved: Any
) -> None:
    owner = saved(lambda: person(email="ana@example.org"))
    response = register(client)
    assert (response.status_code, response.location) == (303, "/account/check-mail?occasion=confirm")
    (message,) = mail_to(app, "ana@example.org")
    assert "has an account already" in text_of(message)
    assert "confirm" not in text_of(message)
    assert client.send("/account/sign-in", {"email": owner.email, "password": PASSWORD}).status_code == 303


def test_registering_over_an_invitation_sends_the_invitation_again(
    app: Flask, client: Any, saved: Any
) -> None:
    saved(lambda: person(Role.OFFICER, email="ana@example.org", confirmed_at=None, password_hash=None))
    register(client)
    (message,) = mail_to(app, "ana@example.org")
    assert "/account/reset/" in link_in(message)
    client.send(path_in(message), {"password": "the owner chose this"})
    other = app.test_client()
    assert other.send("/account/sign-in", FORM).status_code == 422


def test_the_same_address_in_other_letters_is_the_same_account(app: Flask, client: Any) -> None:
    register(client)
    register(client, email="ANA@Example.ORG")
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Person)) == 1


def test_what_was_typed_is_kept_when_something_is_refused_except_the_password(client: Any) -> None:
    response = register(client, password="short")
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert "Ana Lopez" in page
    assert "ana@example.org" in page
    assert "short" not in page.replace("short time", "")
    assert "at least 8 characters" in page


def test_everything_to_mend_is_named_at_the_top(client: Any) -> None:
    page = register(client, name=" ", email="", password="short").get_data(as_text=True)
    summary = page.partition("error-summary")[2].partition("<form")[0]
    assert [f'href="#{name}"' in summary for name in FORM] == [True] * 3


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ana",
        "ana@",
        "@example.org",
        "ana@localhost",
        "a b@example.org",
        "ana@exa\x01mple.org",
        "ana@exa mple.org",
        "ana@example.org\r\nBcc: x@example.org",
        "x" * 250 + "@example.org",
    ],
)
def test_what_cannot_be_written_to_is_refused(app: Flask, client: Any, address: str) -> None:
    assert register(client, email=address).status_code == 422
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Person)) == 0


def test_an_address_that_asks_for_many_accounts_is_told_to_wait_and_loses_nothing(
    app: Flask, client: Any
) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": "127.0.0.1"}):
        for _ in range(300):
            throttle.count_form()
    response = register(client, email="one-more@example.org")
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert "one-more@example.org" in response.get_data(as_text=True)
    forged = {"X-Forwarded-For": "203.0.113.9", "Forwarded": "for=203.0.113.9", "X-Real-IP": "203.0.113.9"}
    again = client.send("/account/register", {**FORM, "email": "other@example.org"}, headers=forged)
    assert again.status_code == 429


def test_one_mailbox_gets_at_most_five_mails_an_hour(app: Flask, client: Any) -> None:
    for _ in range(8):
        assert register(client).status_code == 303
    assert len(mail_to(app, "ana@example.org")) == 5


def test_the_mail_is_in_the_language_of_the_page(app: Flask, client: Any) -> None:
    client.set_cookie("lang", "es")
    register(client)
    with app.app_context():
        assert db.session.scalars(sa.select(Person.language)).one() == "es"


def test_who_is_signed_in_is_not_asked_to_register(client: Any, saved: Any) -> None:
    sign_in(client, saved(person))
    assert client.get("/account/register").location == "/account"


def test_registrations_nobody_confirms_are_forgotten_with_their_passwords(app: Flask, client: Any) -> None:
    from forum.accounts.jobs import forget

    with time_machine.travel(clock.now(), tick=False) as travel:
        register(client)
        travel.shift(timedelta(days=6))
        with app.app_context():
            forget()
            assert db.session.scalar(sa.select(sa.func.count()).select_from(MailedLink)) == 0
            assert db.session.scalar(sa.select(sa.func.count()).select_from(Person)) == 1
        travel.shift(timedelta(days=2))
        with app.app_context():
            forget()
            assert db.session.scalar(sa.select(sa.func.count()).select_from(Person)) == 0


def test_the_ledger_names_the_act_and_no_words(app: Flask, client: Any) -> None:
    register(client)
    client.send(path_in(mail_to(app, "ana@example.org")[0]))
    with app.app_context():
        entry = db.session.scalars(sa.select(Entry)).one()
        assert (entry.act, entry.subject_kind, entry.detail) == ("account.person.register", "person", {})
