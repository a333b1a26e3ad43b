"""The same thing from many browsers at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import sqlalchemy as sa
from flask import Flask

from forum.accounts.models import Person, Role
from forum.accounts.passwords import hash_password
from forum.extensions import db
from tests.accounts.mailbox import mail_to, path_in
from tests.factories.accounts import PASSWORD, person, sign_in


def at_once(count: int, act: Callable[[int], int]) -> list[int]:
    """The statuses of *count* calls that start together."""
    start = Barrier(count)

    def run(number: int) -> int:
        start.wait(120)
        return act(number)

    with ThreadPoolExecutor(count) as pool:
        return sorted(pool.map(run, range(count)))


def prepared(app: Flask, path: str, count: int) -> list[tuple[Any, str]]:
    """Browsers that have the form of *path* open, each with its token."""
    clients = [app.test_client() for _ in range(count)]
    return [(client, client.page(path).form()["csrf_token"]) for client in clients]


def test_many_guesses_at_once_are_five(app: Flask, saved: Any) -> None:
    owner = saved(person)
    browsers = prepared(app, "/account/sign-in", 16)

    def guess(number: int) -> int:
        client, csrf = browsers[number]
        data = {"csrf_token": csrf, "email": owner.email, "password": f"guess number {number}"}
        return int(client.post("/account/sign-in", data=data).status_code)

    assert at_once(16, guess) == [422] * 5 + [429] * 11


def test_a_link_pressed_many_times_at_once_works_once(app: Flask, saved: Any) -> None:
    owner = saved(person)
    app.test_client().send("/account/reset", {"email": owner.email})
    path = path_in(mail_to(app, owner.email)[0])
    browsers = prepared(app, path, 8)

    def press(number: int) -> int:
        client, csrf = browsers[number]
        return int(
            client.post(path, data={"csrf_token": csrf, "password": f"chosen by {number} of us"}).status_code
        )

    assert at_once(8, press) == [303] + [404] * 7


def test_one_address_registered_many_times_at_once_is_one_person(app: Flask) -> None:
    browsers = prepared(app, "/account/register", 5)

    def send(number: int) -> int:
        client, csrf = browsers[number]
        data = {
            "csrf_token": csrf,
            "name": f"Ana {number}",
            "email": "ana@example.org",
            "password": "blue kettle song",
        }
        return int(client.post("/account/register", data=data).status_code)

    assert at_once(5, send) == [303] * 5
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Person)) == 1
    assert len(mail_to(app, "ana@example.org")) == 5


def test_two_administrators_who_demote_each_other_leave_one(app: Flask, saved: Any) -> None:
    pair = [saved(lambda: person(Role.ADMINISTRATOR)) for _ in range(2)]
    forms = []
    for me, other in ((0, 1), (1, 0)):
        client = sign_in(app.test_client(), pair[me])
        path = f"/admin/people/{pair[other].id}"
        forms.append((client, path, {**client.page(path).form(path), "role": "resident"}))

    def demote(number: int) -> int:
        client, path, data = forms[number]
        return int(client.post(path, data=data).status_code)

    statuses = at_once(2, demote)
    with app.app_context():
        left = db.session.scalar(sa.select(sa.func.count()).where(Person.role == Role.ADMINISTRATOR))
    assert left == 1
    assert statuses[0] == 303
    assert statuses[1] in (404, 422)


def test_a_sign_in_under_way_does_not_outlive_a_new_password(app: Flask, saved: Any) -> None:
    from forum.accounts.operations.credentials import choose_password, request_reset
    from forum.accounts.operations.sessions import start_session
    from forum.core.errors import Refusal
    from forum.core.transactions import unit_of_work

    owner = saved(person)
    with app.app_context():
        found = db.session.get_one(Person, owner.id)
        proof = found.password_hash  # the password was right a moment ago
        with unit_of_work():
            request_reset(email=owner.email)
    token = path_in(mail_to(app, owner.email)[0]).rsplit("/", 1)[1]
    with app.app_context():
        with unit_of_work():
            choose_password(token, password_hash="another hash")
        refused = False
        try:
            with unit_of_work():
                start_session(db.session.get_one(Person, owner.id), proof=proof, stay=False)
        except Refusal:
            refused = True
        assert refused


def test_signing_in_many_times_at_once_opens_as_many_sessions(app: Flask, saved: Any) -> None:
    stored = hash_password(PASSWORD)  # of today's cost: the first of them has nothing to renew
    owner = saved(lambda: person(password_hash=stored))
    browsers = prepared(app, "/account/sign-in", 4)

    def enter(number: int) -> int:
        client, csrf = browsers[number]
        data = {"csrf_token": csrf, "email": owner.email, "password": PASSWORD}
        return int(client.post("/account/sign-in", data=data).status_code)

    assert at_once(4, enter) == [303] * 4
    assert "Sign out everywhere else" in browsers[0][0].page("/account").text()
