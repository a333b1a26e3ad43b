"""A form that may not be sent any more comes back with what was typed: the session ended, or another one began."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from forum.accounts.models import Role
from forum.extensions import db
from forum.moderation.models import Report
from tests.factories.accounts import person, sign_in
from tests.factories.moderation import KIND, Notes, note
from tests.pages import Page

Saved = Callable[[Callable[[], Any]], Any]
WORDS = "He writes this under everything that I say, and it is about my daughter.\nPlease look at all of it."


@pytest.fixture
def reader(saved: Saved) -> int:
    made: int = saved(lambda: person().id)
    return made


@pytest.fixture
def path(saved: Saved, notes: Notes) -> str:
    made: str = saved(lambda: f"/report/{KIND}/{note(person(), 'Go away.').id}")
    return made


def kept(answer: Any) -> Page:
    assert answer.status_code == 400
    assert answer.headers["Cache-Control"] == "private, no-store"
    page = Page(answer.get_data(as_text=True))
    assert "Your words are still here" in page.text()
    return page


def test_a_report_is_sent_from_the_page_that_kept_it(
    app: Flask, reader: int, path: str, saved: Saved
) -> None:
    client: Any = app.test_client()
    old = sign_in(app.test_client(), reader).page(path).form()
    page = kept(client.post(path, data=old | {"rule": "3", "words": WORDS}))
    assert "You are not signed in any more" in page.text()
    assert "/account/sign-in" in page.links()
    assert {name: value for name, value in page.form().items() if name in ("rule", "words")} == {
        "rule": "3",
        "words": WORDS,
    }
    sign_in(client, reader)
    page = kept(client.post(path, data=page.form()))  # with the token of the session that was before
    assert "please press the button again" in page.text()
    assert client.post(path, data=page.form()).status_code == 303
    (words,) = saved(lambda: db.session.scalars(db.select(Report.words)).all())
    assert words == WORDS


@pytest.mark.parametrize(
    "words",
    (WORDS, "\n" + WORDS, "他每天晚上在这里大声喊叫" * 5, "نسمعها كل ليلة بعد العاشرة، ولا أحد يأتي."),
)
def test_words_come_back_as_they_were_in_any_writing(app: Flask, path: str, words: str) -> None:
    assert kept(app.test_client().post(path, data={"words": words})).form()["words"] == words


def test_a_form_of_more_fields_than_any_of_ours_is_not_half_kept(app: Flask, path: str) -> None:
    fields = {"words": WORDS} | {f"field-{number}": "x" for number in range(300)}
    answer = app.test_client().post(path, data=fields)
    assert answer.status_code == 400
    assert "Your words are still here" not in answer.get_data(as_text=True)


def test_a_decision_of_the_desk_is_kept_too(app: Flask, saved: Saved) -> None:
    officer = saved(lambda: person(Role.OFFICER).id)
    token = sign_in(app.test_client(), officer).page("/account/name").form()["csrf_token"]
    answer = app.test_client().post("/desk/moderation/1/decide", data={"csrf_token": token, "words": WORDS})
    assert WORDS.partition("\n")[0] in kept(answer).text()


def test_what_is_typed_again_in_a_moment_is_not_kept(app: Flask, path: str) -> None:
    long = {"next": "/topics/3-cars-race-on-lincoln-after-ten?view=time&after=40", "key": "k" * 64}
    for fields in ({}, {"rule": "3", "words": "Look at this."}, long):
        answer = app.test_client().post(path, data=fields)
        assert answer.status_code == 400
        assert "Your words are still here" not in answer.get_data(as_text=True)


def test_no_password_comes_back(app: Flask) -> None:
    secret = "correct horse battery staple and some more of it"
    answer = app.test_client().post("/account/sign-in", data={"email": "a@example.org", "password": secret})
    assert answer.status_code == 400
    assert secret not in answer.get_data(as_text=True)
