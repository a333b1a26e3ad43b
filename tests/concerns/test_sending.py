"""The last step of raising a concern: what it asks of the database, and what a process remembers to the next."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, request
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from forum.accounts.models import Role
from forum.concerns.forms.answers import Answers
from forum.concerns.forms.raising import RaiseForm
from forum.concerns.models import Category, Concern, Identity
from forum.concerns.receipts import new_code
from forum.core import fleeting_limits
from forum.extensions import db
from tests.concerns.steps import page_of
from tests.core.test_shared_pages import Statements
from tests.factories import accounts, concerns
from tests.pages import Client

Saved = Callable[[Callable[[], Any]], Any]
MOST_STATEMENTS = 8  # a category, the calendar, who takes it; the concern, who, its thread, ledger, mails


def whole_form(client: Client, **changes: str) -> dict[str, str]:
    """What the last page sends."""
    token = client.page("/concerns/new").form("/concerns/new")["csrf_token"]
    fields = {
        "csrf_token": token, "step": "review", "mode": "private", "category": "speeding", "code": new_code(),
        "title": f"Cars race ({secrets.token_hex(4)})", "story": "Every evening after nine.", "language": "en",
        "same": "y", "email": "sender@example.org",
    }  # fmt: skip
    return fields | changes


def send(client: Client, **changes: str) -> TestResponse:
    return client.post("/concerns/new", data=whole_form(client, **changes))


def test_what_does_not_hold_is_said_by_the_form(app: Flask, client: Client) -> None:
    send(client)  # the category is remembered from now on, and no form is made of what holds
    for changes, words in (
        ({"mode": "loud"}, "Choose how you want to send it"),
        ({"title": "a" * 121}, "Use at most 120 characters"),
        ({"title": "Cars\0race"}, "held a character that cannot be kept"),
        ({"story": " "}, "Tell us what happened"),
        ({"neighborhood": "nowhere"}, "Choose a neighborhood from the list"),
        ({"point": "somewhere"}, "could not read this as a latitude"),
        ({"language": "xx"}, "Choose a language from the list"),
        ({"email": "nobody"}, "Enter an e-mail address"),
        ({"code": "7K3M"}, "This form is incomplete"),
    ):
        answer = send(client, **changes)
        assert answer.status_code == 422
        assert words in page_of(answer).text(), words
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Concern)) == 1


@pytest.mark.parametrize("changes", [{}, {"interpreter": "y", "point": " 41.9 ,  -87.7", "language": ""}])
def test_answers_are_what_the_fields_hold(client: Client, app: Flask, changes: dict[str, str]) -> None:
    fields = (
        whole_form(client, name=" Marisol\tQuintero ", email=" me@example.org\n", story="a \r\n\n\n\nb")
        | changes
    )
    with app.test_request_context("/concerns/new", method="POST", data=fields):
        assert Answers.sent(request.form) == RaiseForm(meta={"csrf": False}).answers


def change(category: str = "speeding", **values: Any) -> None:
    """As another process would."""
    db.session.execute(update(Category).where(Category.slug == category).values(**values))


def test_sending_asks_as_much_of_the_database_however_much_there_is(
    app: Flask, client: Client, saved: Saved
) -> None:
    saved(lambda: accounts.person(Role.SUPERVISOR).id)
    send(client)  # the category is remembered from now on
    counts = []
    for _more in range(2):
        fields = whole_form(client)
        with Statements() as asked:
            assert client.post("/concerns/new", data=fields).status_code == 200
        counts.append(len(asked))
        assert not [statement for statement in asked if statement.startswith(("SAVEPOINT", "UPDATE"))]
        saved(lambda: [accounts.person(Role.SUPERVISOR).id for _ in range(3)])
        saved(lambda: [concerns.concern().id for _ in range(3)])
    assert counts == [counts[0]] * 2
    assert counts[0] <= MOST_STATEMENTS


def test_a_category_that_changed_is_not_taken_as_it_is_remembered(
    app: Flask, client: Client, saved: Saved
) -> None:
    assert "within 3 days" in send(client).text
    try:
        saved(lambda: change(answer_hours=24))
        assert "within 24 hours" in send(client).text
        saved(lambda: change(concerns_staff=True))
        refused = send(client, mode="public")
        assert refused.status_code == 422
        assert "never shown in public" in page_of(refused).text()
        saved(lambda: change(concerns_staff=False))
        fleeting_limits_forgotten(app)
        assert send(client, mode="public").status_code == 200
        saved(lambda: change(retired=True))
        assert "Choose what it is about" in page_of(send(client)).text()
    finally:
        saved(lambda: change(answer_hours=72, concerns_staff=False, retired=False))
    with app.app_context():
        kept = db.session.scalars(select(Concern)).all()
        assert len(kept) == 3


def fleeting_limits_forgotten(app: Flask) -> None:
    """Nobody has sent anything from this address."""
    with app.app_context():
        fleeting_limits.reset()


def test_what_is_kept_of_a_receipt_holds_nothing_of_whoever_got_it(app: Flask, client: Client) -> None:
    first, second = new_code(), new_code()
    before = send(client, code=first, title="<b>Palmer & Sons</b>").text
    after = send(app.test_client(), code=second, title="Something else").text
    assert "&lt;b&gt;Palmer &amp; Sons&lt;/b&gt;" in before
    assert first in before
    assert second in after
    assert "Palmer" not in after
    assert first not in after
    kept = repr(app.extensions["concern_receipts"])
    assert not [word for word in (first, second, "Palmer", "Something else", "CG-") if word in kept]


def test_a_contact_is_kept_once_with_the_concern_that_it_came_with(app: Flask, client: Client) -> None:
    send(client, name="Marisol Quintero")
    with app.app_context():
        made, identity = db.session.scalars(select(Concern)).one(), db.session.scalars(select(Identity)).one()
        assert (identity.concern_id, identity.name) == (made.id, "Marisol Quintero")
        assert identity.email == "sender@example.org"
