"""A person answers on their own thread whether their concern may be passed on: by code, and by account."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from forum.accounts.models import Person, Role
from forum.concerns.models import Concern, Consent, Entry, Item, Mode, Transfer
from forum.concerns.operations.transferring import ask_transfer, send_transfer
from forum.concerns.parcel import parcel
from forum.concerns.receipts import new_code
from forum.core import clock
from forum.core.errors import Refusal
from forum.core.transactions import unit_of_work
from forum.extensions import db
from tests.concerns.steps import page_of
from tests.factories import accounts, concerns
from tests.factories.accounts import sign_in
from tests.pages import Client

Saved = Callable[[Callable[[], Any]], Any]
CODE = new_code()
BOTH = (Item.STORY, Item.PLACE)


def asked(mode: Mode, code: str, person: Person | None = None, items: Sequence[Item] = BOTH) -> Transfer:
    """A question to the person of a new concern."""
    made = concerns.concern(mode, code=code, person=person, place="Wells and Ohio")
    officer = accounts.person(Role.REVIEWER)
    return ask_transfer(actor=officer, concern=made, to_name="City lights", why="They mend.", items=items)


def by_code(client: Client, code: str = CODE) -> TestResponse:
    form = client.page("/concerns/track").form("/concerns/track")
    answer: TestResponse = client.post("/concerns/track", data=form | {"code": code})
    return answer


def answers(client: Client, page: TestResponse, answer: str, *shared: str, **changes: str) -> TestResponse:
    """Tick *shared* in the form of *page* and press one of its two buttons."""
    action = next(
        form.get("action") for form in page_of(page).forms() if form.get("action").endswith("/consent")
    )
    fields = page_of(page).form("/consent") | {"answer": answer, "shared": list(shared)} | changes
    sent: TestResponse = client.post(action, data=fields)
    return sent


def leaves(app: Flask, transfer_id: int) -> dict[Item, list[str]]:
    """What an officer who sends it gets to send."""
    with app.app_context(), unit_of_work():
        found = db.session.get_one(Transfer, transfer_id)
        sent = send_transfer(actor=accounts.person(Role.REVIEWER), transfer=found)
        return parcel(sent, db.session.get_one(Concern, sent.concern_id))


@pytest.mark.parametrize("mode", [Mode.PRIVATE, Mode.ANONYMOUS, Mode.CONFIDENTIAL])
def test_by_code_only_what_was_chosen_leaves(app: Flask, client: Client, saved: Saved, mode: Mode) -> None:
    transfer_id = saved(lambda: asked(mode, CODE).id)
    page = by_code(client)
    assert "City lights" in page_of(page).text()
    done = answers(client, page, "yes", "place", "contact", "nonsense")
    assert done.status_code == 200
    assert "Only what you chose leaves us." in page_of(done).text()
    assert "May we pass this on?" not in page_of(done).text(), "an answered question is not asked again"
    assert leaves(app, transfer_id) == {Item.PLACE: ["Wells and Ohio"]}


def test_by_account_only_what_was_chosen_leaves(app: Flask, client: Client, saved: Saved) -> None:
    person = saved(accounts.person).id
    transfer_id, reference = saved(lambda: _of_account(person))
    sign_in(client, person)
    page = client.get(f"/concerns/{reference}")
    done = answers(client, page, "yes", "story")
    assert done.status_code == 303
    assert "Yes, you may pass this to City lights" in client.page(done.headers["Location"]).text()
    assert set(leaves(app, transfer_id)) == {Item.STORY}


def _of_account(person_id: int) -> tuple[int, str]:
    transfer = asked(Mode.PRIVATE, new_code(), db.session.get_one(Person, person_id))
    return transfer.id, db.session.get_one(Concern, transfer.concern_id).reference


@pytest.mark.parametrize(
    ("answer", "shared"), [("no", ("place", "story")), ("yes", ()), ("", ("place",)), ("maybe", ("place",))]
)
def test_a_no_and_no_choice_let_nothing_leave(
    app: Flask, client: Client, saved: Saved, answer: str, shared: tuple[str, ...]
) -> None:
    transfer_id = saved(lambda: asked(Mode.PRIVATE, CODE).id)
    done = answers(client, by_code(client), answer, *shared)
    assert "No, do not pass this to City lights." in page_of(done).text()
    with pytest.raises(Refusal):
        leaves(app, transfer_id)


@pytest.mark.parametrize("number", ["", "x", "-1", "0", "9" * 30, "foreign"])
def test_a_question_of_somebody_else_is_answered_by_nobody_here(
    app: Flask, client: Client, saved: Saved, number: str
) -> None:
    foreign = saved(lambda: asked(Mode.PRIVATE, new_code()).id)
    own = saved(lambda: asked(Mode.PRIVATE, CODE).id)
    wanted = str(foreign) if number == "foreign" else number
    done = answers(client, by_code(client), "yes", "place", question=wanted)
    assert done.status_code == 422
    assert "answered already" in page_of(done).text()
    with app.app_context():
        assert not any(db.session.get_one(Transfer, id_).answered_at for id_ in (foreign, own))


def test_the_first_answer_stands(app: Flask, client: Client, saved: Saved) -> None:
    transfer_id = saved(lambda: asked(Mode.PRIVATE, CODE).id)
    page = by_code(client)
    assert answers(client, page, "no").status_code == 200
    again = answers(client, page, "yes", "story", "place")
    assert again.status_code == 422
    assert "answered already" in page_of(again).text()
    with app.app_context():
        assert db.session.get_one(Transfer, transfer_id).is_refused
        words = list(db.session.scalars(select(Entry.text).where(Entry.text.contains("City lights"))))
        assert len(words) == 2, "one question and one answer"


def test_two_questions_are_answered_each_for_itself(app: Flask, client: Client, saved: Saved) -> None:
    def ask_twice() -> tuple[int, int]:
        first = asked(Mode.PRIVATE, CODE)
        made = db.session.get_one(Concern, first.concern_id)
        second = ask_transfer(
            actor=accounts.person(Role.OFFICER), concern=made, to_name="Schools", why="Theirs.", items=BOTH
        )
        return first.id, second.id

    first, second = saved(ask_twice)
    page = answers(client, by_code(client), "yes", "place", question=str(first))
    assert page_of(page).form("/consent")["question"] == str(second)
    answers(client, page, "no")
    with app.app_context():
        agreed = [db.session.get_one(Transfer, id_).agreed for id_ in (first, second)]
        assert agreed == [["place"], []]


def test_an_anonymous_answer_keeps_its_day_and_nobody_behind_it(
    app: Flask, client: Client, saved: Saved
) -> None:
    transfer_id = saved(lambda: asked(Mode.ANONYMOUS, CODE).id)
    sign_in(client, saved(accounts.person).id)
    answers(client, by_code(client), "yes", "place")
    with app.app_context():
        found = db.session.get_one(Transfer, transfer_id)
        assert (found.consent, found.recorded_by_id) == (Consent.ON_THREAD, None)
        said = db.session.scalars(select(Entry).order_by(Entry.number.desc())).first()
        assert said is not None
        assert said.staff_id is None
        for moment in (found.answered_at, said.at):
            assert moment is not None
            local = clock.to_local(moment)
            assert (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0)


def test_an_ended_session_answers_nothing_and_asks_again(app: Flask, client: Client, saved: Saved) -> None:
    transfer_id = saved(lambda: asked(Mode.PRIVATE, CODE).id)
    fields = page_of(by_code(client)).form("/consent") | {"answer": "yes", "shared": ["place"]}
    other = app.test_client()
    late: TestResponse = other.post("/concerns/track/consent", data=fields)
    assert late.status_code == 400
    assert answers(other, late, "yes", "place").status_code == 200
    assert set(leaves(app, transfer_id)) == {Item.PLACE}
