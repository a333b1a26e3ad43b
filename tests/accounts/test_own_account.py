"""One's own account: name, language, address, password, and leaving."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from forum.accounts.models import MailedLink, Person, Role, Session
from forum.accounts.operations import erasing
from forum.core import clock
from forum.core.transactions import unit_of_work
from forum.extensions import db
from forum.notifications.models import Notification
from tests.accounts.mailbox import mail_to, path_in, text_of
from tests.factories.accounts import PASSWORD, person, sign_in

NEW = "seven green bottles"


def change(client: Any, page: str, **fields: str) -> Any:
    return client.send(f"/account/{page}", fields, form=f"/{page}")


@pytest.mark.parametrize("page", ["", "/name", "/language", "/password", "/email", "/delete"])
def test_a_visitor_is_sent_to_sign_in_and_back(client: Any, page: str) -> None:
    assert client.get(f"/account{page}").location == f"/account/sign-in?next=/account{page}"


def test_name_and_language_can_be_changed(app: Flask, client: Any, saved: Any) -> None:
    owner = saved(person)
    sign_in(client, owner)
    assert change(client, "name", name="  Ana   Lopez ").status_code == 303
    assert change(client, "language", language="es").status_code == 303
    with app.app_context():
        found = db.session.get_one(Person, owner.id)
        assert (found.name, found.language) == ("Ana Lopez", "es")
    assert change(client, "name", name="   ").status_code == 422
    assert change(client, "language", language="xx").status_code == 422


def test_a_new_password_ends_every_other_session_and_changes_this_one(
    app: Flask, client: Any, saved: Any
) -> None:
    owner = saved(person)
    elsewhere = sign_in(app.test_client(), owner)
    sign_in(client, owner)
    before = client.get_cookie("session").value
    assert change(client, "password", password=PASSWORD, new_password=NEW).status_code == 303
    assert client.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302
    thief = app.test_client()
    thief.set_cookie("session", before)
    assert thief.get("/account").status_code == 302
    assert "was changed on" in text_of(mail_to(app, owner.email)[-1])


def test_a_new_password_kills_reset_links(app: Flask, client: Any, saved: Any) -> None:
    owner = saved(person)
    app.test_client().send("/account/reset", {"email": owner.email})
    path = path_in(mail_to(app, owner.email)[0])
    sign_in(client, owner)
    change(client, "password", password=PASSWORD, new_password=NEW)
    assert app.test_client().get(path).status_code == 404


@pytest.mark.parametrize(
    "fields",
    [
        {"password": "not mine at all", "new_password": NEW},
        {"password": "", "new_password": NEW},
        {"password": PASSWORD, "new_password": "password1"},
        {"password": PASSWORD, "new_password": ""},
    ],
)
def test_a_password_is_changed_only_with_the_old_one_and_for_a_good_one(
    client: Any, saved: Any, fields: Any
) -> None:
    owner = saved(person)
    sign_in(client, owner)
    assert change(client, "password", **fields).status_code == 422
    client.send("/account", form="sign-out")
    assert client.send("/account/sign-in", {"email": owner.email, "password": PASSWORD}).status_code == 303


def test_a_new_address_counts_once_it_is_confirmed(app: Flask, client: Any, saved: Any) -> None:
    owner = saved(person)
    sign_in(client, owner)
    assert change(client, "email", email="New@Example.org", password=PASSWORD).status_code == 303
    assert "about to change" in mail_to(app, owner.email)[-1]["Subject"]
    (message,) = mail_to(app, "New@example.org") or mail_to(app, "New@Example.org")
    assert owner.email in client.page("/account").text()
    path = path_in(message)
    assert app.test_client().get(path).status_code == 200
    assert client.send(path, form=path.rsplit("/", 1)[1]).status_code == 303
    assert "New@Example.org" in client.page("/account").text()
    assert app.test_client().get(path).status_code == 404
    other = app.test_client()
    assert other.send("/account/sign-in", {"email": owner.email, "password": PASSWORD}).status_code == 422
    assert (
        other.send("/account/sign-in", {"email": "new@example.org", "password": PASSWORD}).status_code == 303
    )


def test_a_late_notice_of_a_new_address_still_goes_to_the_old_one(
    app: Flask, client: Any, saved: Any
) -> None:
    owner = saved(person)
    sign_in(client, owner)
    change(client, "email", email="new@example.org", password=PASSWORD)
    with app.app_context(), unit_of_work():
        notice = db.session.scalars(sa.select(Notification).where(Notification.kind.contains("notice"))).one()
        notice.due_at = clock.now() + timedelta(hours=1)
    path = path_in(mail_to(app, "new@example.org")[0])
    client.send(path, form=path.rsplit("/", 1)[1])
    with time_machine.travel(clock.now() + timedelta(hours=2), tick=False):
        assert "about to change" in mail_to(app, owner.email)[-1]["Subject"]
    assert len(mail_to(app, "new@example.org")) == 1


def test_the_address_one_has_is_no_new_one(app: Flask, client: Any, saved: Any) -> None:
    owner = saved(person)
    sign_in(client, owner)
    answer = change(client, "email", email=owner.email, password=PASSWORD)
    assert (answer.status_code, "your address already" in answer.text) == (422, True)
    assert mail_to(app, owner.email) == []


def test_who_leaves_is_told_that_concerns_stay(client: Any, saved: Any) -> None:
    sign_in(client, saved(person))
    assert "Concerns you raised stay" in client.page("/account/delete").text()
    change(client, "delete", password=PASSWORD)
    assert "Concerns you raised stay" in client.page("/account/deleted").text()


def test_a_new_address_needs_the_password(app: Flask, client: Any, saved: Any) -> None:
    sign_in(client, saved(person))
    assert change(client, "email", email="new@example.org", password="not mine at all").status_code == 422
    assert mail_to(app, "new@example.org") == []


def test_an_address_that_somebody_else_took_meanwhile_is_not_taken_over(
    app: Flask, client: Any, saved: Any
) -> None:
    owner = saved(person)
    sign_in(client, owner)
    change(client, "email", email="new@example.org", password=PASSWORD)
    path = path_in(mail_to(app, "new@example.org")[0])
    saved(lambda: person(email="new@example.org"))
    assert client.send(path, form=path.rsplit("/", 1)[1]).status_code == 404
    assert owner.email in client.page("/account").text()


def test_a_change_of_address_is_stopped_by_a_new_password(app: Flask, client: Any, saved: Any) -> None:
    sign_in(client, saved(person))
    change(client, "email", email="new@example.org", password=PASSWORD)
    path = path_in(mail_to(app, "new@example.org")[0])
    change(client, "password", password=PASSWORD, new_password=NEW)
    assert client.get(path).status_code == 404


def test_an_erased_account_leaves_nothing_personal(app: Flask, client: Any, saved: Any) -> None:
    owner = saved(lambda: person(email="ana.secret@example.org", name="Ana Secret"))
    app.test_client().send("/account/reset", {"email": owner.email})
    sign_in(client, owner)
    response = change(client, "delete", password=PASSWORD)
    assert (response.status_code, response.location) == (303, "/account/deleted")
    assert "is deleted" in client.page("/account/deleted").text()
    assert client.get("/account").status_code == 302
    assert client.send("/account/sign-in", {"email": owner.email, "password": PASSWORD}).status_code == 422
    with app.app_context():
        for table in db.metadata.sorted_tables:
            for row in db.session.execute(sa.select(table)).mappings():
                assert "secret" not in str(dict(row)).lower().replace("secret-key", "")
        for model in (Session, MailedLink, Notification):
            assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == 0
        found = db.session.get_one(Person, owner.id)
        assert (found.name, found.password_hash, found.is_active) == ("", None, False)


def test_an_erased_address_can_register_again(app: Flask, client: Any, saved: Any) -> None:
    owner = saved(person)
    sign_in(client, owner)
    change(client, "delete", password=PASSWORD)
    client.send("/account/register", {"name": "Ana", "email": owner.email, "password": NEW})
    client.send(path_in(mail_to(app, owner.email)[-1]))
    assert client.get("/account").status_code == 200


def test_everything_that_names_a_person_says_what_erasing_does_to_it(app: Flask) -> None:
    for table in db.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table is Person.__table__:
                assert key.ondelete in ("CASCADE", "SET NULL"), f"{table.name}.{key.parent.name}"


def test_what_other_slices_must_do_runs_first_and_in_the_same_transaction(
    app: Flask, client: Any, saved: Any
) -> None:
    owner = saved(person)
    sign_in(client, owner)
    seen: list[str] = []

    def fail(someone: Person) -> None:
        seen.append(someone.email)
        raise RuntimeError("this slice cannot")

    erasing.erasers.append(fail)
    client.lint = False
    try:
        assert change(client, "delete", password=PASSWORD).status_code == 500
    finally:
        erasing.erasers.remove(fail)
    assert seen == [owner.email]
    assert client.get("/account").status_code == 200


def test_an_account_is_deleted_only_with_its_password(client: Any, saved: Any) -> None:
    sign_in(client, saved(person))
    assert change(client, "delete", password="not mine at all").status_code == 422
    assert client.get("/account").status_code == 200


def test_the_last_administrator_cannot_leave(client: Any, saved: Any) -> None:
    sign_in(client, saved(lambda: person(Role.ADMINISTRATOR)))
    response = change(client, "delete", password=PASSWORD)
    assert response.status_code == 422
    assert "last administrator" in response.get_data(as_text=True)
    saved(lambda: person(Role.ADMINISTRATOR))
    assert change(client, "delete", password=PASSWORD).status_code == 303


def test_a_link_to_a_new_address_works_for_a_day(app: Flask, client: Any, saved: Any) -> None:
    with time_machine.travel(clock.now(), tick=False) as travel:
        sign_in(client, saved(person))
        change(client, "email", email="new@example.org", password=PASSWORD)
        path = path_in(mail_to(app, "new@example.org")[0])
        travel.shift(timedelta(hours=25))
        assert client.get(path).status_code == 404
