"""What a form does with a NUL, which no database keeps: it goes, the words around it stay, and the person is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from forum.accounts.models import Person, Role
from forum.concerns.models import Entry
from forum.events.models import Event
from forum.extensions import db
from tests.concerns.steps import ANSWERS, page_of, press, step_of, walk
from tests.factories import accounts, concerns
from tests.factories.accounts import sign_in
from tests.pages import Client

Saved = Callable[[Callable[[], Any]], Any]
TOLD = "held a character that cannot be kept"


def test_a_nul_in_a_step_of_a_concern_is_told_beside_the_field_and_every_word_stays(client: Client) -> None:
    answer = press(client, walk(client, until="story"), 422, title="Cars\0 race", story="Every \0evening.")
    page = page_of(answer)
    assert step_of(answer) == "story"
    assert page.text().count(TOLD) == 4  # in the summary and beside each of the two fields
    fields = page.form("/concerns/new")
    assert (fields["title"], fields["story"]) == ("Cars race", "Every evening.")
    assert step_of(press(client, answer)) == "place"


def test_a_nul_in_a_hidden_field_leads_back_to_the_step_that_asks_for_it(client: Client) -> None:
    review = walk(client)
    answer = press(client, review, 422, story="Every \0evening.")
    assert step_of(answer) == "story"
    assert page_of(answer).form("/concerns/new")["title"] == ANSWERS["story"]["title"]


def test_a_nul_on_the_desk_is_told_with_the_words_kept_and_nothing_is_written(
    app: Flask, saved: Saved
) -> None:
    officer, reference = saved(lambda: (accounts.person(Role.OFFICER).id, concerns.concern().reference))
    desk: Any = sign_in(app.test_client(), officer)
    answer = desk.send(
        f"/desk/concerns/{reference}", {"answer-text": "A patrol\0 comes.", "action": "send"}, form="/answer"
    )
    assert answer.status_code == 422
    assert TOLD in answer.text
    assert page_of(answer).form("/answer")["answer-text"] == "A patrol comes."
    with app.app_context():
        assert db.session.query(Entry).count() == 1


@pytest.mark.parametrize("name", ["title", "story", "starts"])
def test_a_nul_on_the_form_of_an_event_keeps_everything_that_was_typed(
    app: Flask, saved: Saved, name: str
) -> None:
    desk: Any = sign_in(app.test_client(), saved(lambda: accounts.person(Role.OFFICER).id))
    typed = {
        "title": "Coffee",
        "story": "With the beat.",
        "starts_on": "2030-03-04",
        "starts": "09:00",
        "ends": "10:00",
    }
    answer = desk.send("/desk/events/new", typed | {name: f"{typed[name]}\0"}, form="/desk/events/new")
    assert answer.status_code == 422
    assert TOLD in answer.text
    kept = page_of(answer).form()
    assert {key: kept[key] for key in typed} == typed
    with app.app_context():
        assert db.session.query(Event).count() == 0


def test_a_nul_in_a_name_is_told_to_who_changes_it(app: Flask, saved: Saved) -> None:
    person_id = saved(lambda: accounts.person(name="Sam").id)
    own: Any = sign_in(app.test_client(), person_id)
    answer = own.send("/account/name", {"name": "Sam\0 Ortiz"})
    assert (answer.status_code, TOLD in answer.text) == (422, True)
    assert 'value="Sam Ortiz"' in answer.text
    with app.app_context():
        assert db.session.get_one(Person, person_id).name == "Sam"


def test_a_nul_in_an_address_is_refused(client: Client) -> None:
    assert client.get("/events?q=a%00b").status_code == 400
    assert client.get("/events/%00").status_code == 400
