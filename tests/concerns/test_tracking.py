"""Coming back with the receipt code, and by account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from forum.accounts.models import Role
from forum.concerns.models import Closing, Concern, ConcernPicture, DangerCount, Dispute, Entry, Mode, Status
from forum.concerns.operations.working import add_note, answer_concern, assign_concern, close_concern
from forum.concerns.receipts import new_code
from forum.core import clock, fleeting_limits
from forum.extensions import db
from tests.concerns.steps import jpeg, page_of
from tests.factories import accounts, concerns
from tests.factories.accounts import sign_in
from tests.pages import Client

Save = Callable[[Callable[[], Any]], Any]
CODE = new_code()


def opened(client: Client, code: str = CODE, **options: Any) -> TestResponse:
    form = client.page("/concerns/track").form("/concerns/track")
    answer: TestResponse = client.post("/concerns/track", data=form | {"code": code}, **options)
    return answer


def act(client: Client, page: TestResponse, name: str, **typed: Any) -> TestResponse:
    fields = page_of(page).form(f"/{name}") | typed
    target = next(
        form.get("action") for form in page_of(page).forms() if form.get("action").endswith(f"/{name}")
    )
    answer: TestResponse = client.post(target, data=fields, content_type="multipart/form-data")
    return answer


@pytest.fixture
def kept(saved: Save) -> int:
    return int(saved(lambda: concerns.concern(Mode.ANONYMOUS, code=CODE).id))


def closed(saved: Save, concern_id: int, when: datetime | None = None) -> int:
    def close() -> int:
        officer = accounts.person(Role.OFFICER)
        made = db.session.get_one(Concern, concern_id)
        close_concern(
            actor=officer,
            concern=made,
            closed_as=Closing.DONE,
            text="A patrol stood there.",
            evidence="Seen on Friday.",
        )
        if when is not None:
            made.closed_at = when
        return officer.id

    return int(saved(close))


@pytest.mark.usefixtures("kept")
def test_the_code_opens_the_thread_and_stands_in_no_address_and_no_cookie(client: Client) -> None:
    answer = opened(client, CODE.lower().replace("-", " "))
    assert answer.status_code == 200
    assert concerns.STORY in page_of(answer).text()
    assert answer.headers["Cache-Control"] == "private, no-store"
    plain = CODE.replace("-", "")
    assert not any(plain in link.replace("-", "") for link in page_of(answer).links())
    assert all(name != "Set-Cookie" for name, _value in answer.headers)


def test_the_answer_is_read_and_the_notes_are_not(client: Client, saved: Save, kept: int) -> None:
    def work() -> None:
        officer = accounts.person(Role.OFFICER, name="Officer Reyes")
        made = db.session.get_one(Concern, kept)
        answer_concern(actor=officer, concern=made, text="A patrol comes on Friday.", status=Status.ANSWERED)
        add_note(actor=officer, concern=made, text="Internal words")

    saved(work)
    text = page_of(opened(client)).text()
    assert "A patrol comes on Friday." in text
    assert "Officer Reyes" in text
    assert "Internal words" not in text


def test_the_person_reads_who_has_it_what_comes_next_and_by_when(
    client: Client, saved: Save, kept: int
) -> None:
    def work() -> None:
        boss, made = accounts.person(Role.SUPERVISOR), db.session.get_one(Concern, kept)
        assign_concern(actor=boss, concern=made, to=accounts.person(Role.OFFICER, name="Officer Reyes"))
        answer_concern(actor=boss, concern=made, text="A patrol comes on Friday.", status=Status.ANSWERED)

    def late() -> None:
        db.session.get_one(Concern, kept).due_at = clock.now() - timedelta(days=2)

    first = page_of(opened(client)).text()
    assert "You have our first answer by" in first
    assert "Nobody has taken it yet." in first
    saved(work)
    then = page_of(opened(client)).text()
    assert "You hear from us again by" in then
    assert "Officer Reyes has it." in then
    saved(late)
    assert "We are late: you should have heard from us by" in page_of(opened(client)).text()


def test_a_reply_that_speaks_of_danger_is_kept_and_answered_with_whom_to_call(
    app: Flask, client: Client, kept: int
) -> None:
    answer = act(client, opened(client), "reply", text="He has a knife.")
    assert "Is somebody in danger now? Call or text 911." in page_of(answer).text()
    with app.app_context():
        assert db.session.scalars(select(Entry.text).where(Entry.concern_id == kept, Entry.number == 2)).one()
        assert db.session.scalars(select(DangerCount.times)).all() == [1]


def test_a_reply_is_kept_once_however_often_it_is_sent(app: Flask, client: Client, kept: int) -> None:
    page = opened(client)
    for _time in range(3):
        answer = act(client, page, "reply", text="It happened again.", pictures=(jpeg(), "a.jpg"))
        assert answer.status_code == 200
        assert page_of(answer).text().count("It happened again.") == 1
    assert "data:image/jpeg" in answer.get_data(as_text=True)
    with app.app_context():
        assert len(db.session.scalars(select(Entry).where(Entry.text != "")).all()) == 1
        assert len(db.session.scalars(select(ConcernPicture)).all()) == 1


@pytest.mark.usefixtures("kept")
def test_an_empty_reply_and_a_broken_picture_are_answered_beside_the_words(client: Client) -> None:
    page = opened(client)
    assert act(client, page, "reply", text=" ").status_code == 422
    answer = act(client, page, "reply", text="Kept words", pictures=(BytesIO(b"no"), "a.jpg"))
    assert answer.status_code == 422
    assert "Kept words" in answer.get_data(as_text=True)


def test_an_ended_session_takes_no_reply_with_it(app: Flask, client: Client, kept: int) -> None:
    fields = page_of(opened(client)).form("/reply") | {"text": "Every word of it."}
    other = app.test_client()
    answer = other.post("/concerns/track/reply", data=fields)
    assert answer.status_code == 400
    assert "Every word of it." in answer.get_data(as_text=True)
    assert act(other, answer, "reply").status_code == 200


@pytest.mark.usefixtures("kept")
def test_another_language_chosen_after_an_act_shows_the_thread_again_and_repeats_nothing(
    client: Client,
) -> None:
    answer = act(client, opened(client), "reply", text="It happened again.")
    fields = page_of(answer).form("/concerns/track")
    spoken = page_of(client.post("/concerns/track", data=fields | {"speak": "es"}))
    assert spoken.all("html")[0].get("lang") == "es"
    assert spoken.text().count("It happened again.") == 1


def test_the_address_of_an_act_opened_again_asks_for_the_code(client: Client) -> None:
    back = client.get("/concerns/track/reply", follow_redirects=True)
    assert (back.status_code, back.request.path) == (200, "/concerns/track")


def test_a_mode_is_made_stricter_by_the_person(app: Flask, client: Client, saved: Save) -> None:
    id_ = saved(lambda: concerns.concern(Mode.PUBLIC, code=CODE).id)
    page = opened(client)
    assert act(client, page, "mode").status_code == 422
    assert act(client, page, "mode", mode="anonymous").status_code == 422
    assert act(client, page, "mode", mode="confidential").status_code == 200
    with app.app_context():
        assert db.session.get_one(Concern, id_).mode is Mode.CONFIDENTIAL


def test_a_concern_is_taken_back(app: Flask, client: Client, kept: int) -> None:
    answer = act(client, opened(client), "withdraw")
    assert "taken back" in page_of(answer).text()
    with app.app_context():
        made = db.session.get_one(Concern, kept)
        assert (made.status, made.closed_as) == (Status.CLOSED, Closing.WITHDRAWN)
    assert "/dispute" not in answer.get_data(as_text=True)


def test_a_closing_is_disputed_once_and_says_who_closed_it(
    app: Flask, client: Client, saved: Save, kept: int
) -> None:
    officer = closed(saved, kept)
    page = opened(client)
    assert act(client, page, "dispute", text="").status_code == 422
    for _time in range(2):
        assert act(client, page, "dispute", text="Nobody came.").status_code == 200
    with app.app_context():
        made = db.session.get_one(Concern, kept)
        dispute = db.session.scalars(select(Dispute)).one()
        assert made.status is Status.REOPENED
        assert (dispute.closed_by_id, dispute.words, dispute.outcome) == (officer, "Nobody came.", None)
        assert dispute.raised_at.minute == dispute.raised_at.second == 0


def test_after_14_days_a_closing_stands(client: Client, saved: Save, kept: int) -> None:
    closed(saved, kept, datetime.now(UTC) - timedelta(days=14, minutes=1))
    assert "Closed wrongly?" not in page_of(opened(client)).text()


@pytest.mark.parametrize("headers", [{}, {"X-Forwarded-For": "10.0.0.{}"}, {"Forwarded": "for=10.0.0.{}"}])
def test_ten_wrong_codes_then_right_and_wrong_ones_wait_alike(
    client: Client, kept: int, headers: dict[str, str]
) -> None:
    form = client.page("/concerns/track").form("/concerns/track")

    def guess(code: str, turn: int) -> TestResponse:
        made_up = {name: value.format(turn) for name, value in headers.items()}
        answer: TestResponse = client.post("/concerns/track", data=form | {"code": code}, headers=made_up)
        return answer

    texts = set()
    for turn in range(10):
        answer = guess(new_code() if turn % 2 else f"slip {turn}", turn)
        assert answer.status_code == 422
        texts.add(page_of(answer).text())
    assert len(texts) == 1
    right, wrong = guess(CODE, 11), guess(new_code(), 12)
    assert right.status_code == wrong.status_code == 429
    assert page_of(right).text() == page_of(wrong).text()
    assert 0 < int(right.headers["Retry-After"]) <= 600
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=11)):
        assert guess(CODE, 13).status_code == 200


def test_after_a_thousand_wrong_codes_everybody_tries_once_a_minute(
    app: Flask, client: Client, kept: int
) -> None:
    form = client.page("/concerns/track").form("/concerns/track")
    with app.app_context():
        for _turn in range(1000):
            fleeting_limits.hit("concern-codes", "everybody", "1000 per hour")
    assert client.post("/concerns/track", data=form | {"code": CODE}).status_code == 200
    assert client.post("/concerns/track", data=form | {"code": CODE}).status_code == 429


def test_a_person_finds_their_own_and_nobody_elses(app: Flask, client: Client, saved: Save) -> None:
    person, other = saved(lambda: accounts.person().id), saved(lambda: accounts.person().id)

    def make() -> str:
        from forum.accounts.models import Person

        return concerns.concern(Mode.CONFIDENTIAL, person=db.session.get_one(Person, person)).reference

    reference = saved(make)
    sign_in(client, person)
    assert reference in client.page("/account/concerns").text()
    page = client.get(f"/concerns/{reference}")
    answer = act(client, page, "reply", text="One more thing.")
    assert answer.status_code == 303
    assert "One more thing." in client.page(answer.headers["Location"]).text()
    fresh = client.get(f"/concerns/{reference}")
    assert act(client, fresh, "reply", text="").status_code == 422
    assert client.get(f"/concerns/{reference}/reply").headers["Location"].endswith(f"/concerns/{reference}")
    stranger = app.test_client()
    sign_in(stranger, other)
    assert stranger.get(f"/concerns/{reference}").status_code == 404
    assert stranger.get(f"/concerns/{reference}/reply").status_code == 404
    assert reference not in stranger.page("/account/concerns").text()


def test_a_picture_is_for_its_person_and_the_desk(app: Flask, client: Client, saved: Save) -> None:
    person, other = saved(lambda: accounts.person().id), saved(lambda: accounts.person().id)
    officer = saved(lambda: accounts.person(Role.OFFICER).id)

    def make() -> str:
        from werkzeug.datastructures import FileStorage

        from forum.accounts.models import Person
        from forum.core.uploads import read_picture

        picture = read_picture(FileStorage(jpeg()))
        made = concerns.concern(person=db.session.get_one(Person, person), pictures=((picture, "A car"),))
        return str(
            db.session.scalars(select(ConcernPicture.name).where(ConcernPicture.concern_id == made.id)).one()
        )

    name = saved(make)
    statuses = []
    for who in (person, officer, other):
        browser = app.test_client()
        sign_in(browser, who)
        answer = browser.get(f"/concerns/pictures/{name}")
        statuses.append(answer.status_code)
        answer.close()
    assert statuses == [200, 200, 404]
