"""Two questions afterwards: once a concern, no account, and nothing that says whose answer it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Role
from forum.concerns.models import Afterwards, Cause, Closing, Concern, DangerCount, Mode, Question, Verdict
from forum.concerns.operations.afterwards import afterwards_token, answer_afterwards, find_asked
from forum.concerns.operations.working import close_concern
from forum.core import clock
from forum.extensions import db
from tests.factories import accounts, concerns
from tests.factories.accounts import sign_in
from tests.pages import Client

Saved = Callable[[Callable[[], Any]], Any]
SAID = {Question.DEALT_WITH: Verdict.NO, Question.RESPECT: Verdict.YES}


def closed(mode: Mode = Mode.ANONYMOUS) -> Concern:
    made = concerns.concern(mode)
    close_concern(
        actor=accounts.person(Role.OFFICER),
        concern=made,
        closed_as=Closing.DONE,
        text="A bump was built.",
        evidence="Seen on Monday, on Sheffield.",
    )
    return made


def test_an_open_concern_asks_nothing_and_a_made_up_link_opens_nothing(work: Flask) -> None:
    made = concerns.concern()
    assert afterwards_token(made) is None
    for token in ("", "1", f"{made.id}.{'0' * 32}", "99999999999.a"):
        assert find_asked(token) is None


def test_answers_count_once_and_no_row_knows_the_concern_or_which_came_together(work: Flask) -> None:
    made = closed()
    answer_afterwards(concern=made, said=SAID)
    answer_afterwards(concern=made, said=dict.fromkeys(Question, Verdict.NO))
    rows = db.session.scalars(select(Afterwards)).all()
    assert {row.question: row.verdict for row in rows} == SAID
    assert {column.key for column in Afterwards.__table__.columns} == {
        "key", "question", "verdict", "month", "neighborhood_id",
    }  # fmt: skip
    for row in rows:
        assert str(made.id) not in row.key
        assert made.reference not in row.key
    assert afterwards_token(made) is None


def test_somebody_without_an_account_answers_by_the_link(client: Client, saved: Saved) -> None:
    token = saved(lambda: afterwards_token(closed()))
    path = f"/concerns/afterwards/{token}"
    assert client.send(path, {"dealt_with": "yes"}).status_code == 422
    client.send(path, {"dealt_with": "yes", "respect": "partly"})
    assert "Thank you" in client.page(path).text()


@pytest.mark.parametrize(("answers", "shown"), [(9, False), (10, True)])
def test_the_desk_sees_sums_of_ten_and_more(app: Flask, saved: Saved, answers: int, shown: bool) -> None:
    def make() -> int:
        for _ in range(answers):
            answer_afterwards(concern=closed(), said=SAID)
        return accounts.person(Role.OFFICER).id

    client = app.test_client()
    sign_in(client, saved(make))
    page = client.page("/desk/concerns/afterwards")
    assert ("Too few answers yet" in page.text()) is not shown
    counts = [cell.text for cell in page.all("td") if cell.get("data-label") in ("Yes", "Partly", "No")]
    assert counts == (["0", "0", str(answers), str(answers), "0", "0"] if shown else [])


def test_the_desk_sees_how_often_somebody_was_told_whom_to_call_but_not_today(
    app: Flask, saved: Saved
) -> None:
    def make() -> int:
        days = {0: 5, 1: 2, 29: 1, 31: 9}
        for ago, times in days.items():
            day = clock.today() - timedelta(days=ago)
            db.session.add(DangerCount(day=day, cause=Cause.WORDS, times=times))
        return accounts.person(Role.OFFICER).id

    client = app.test_client()
    sign_in(client, saved(make))
    page = client.page("/desk/concerns/afterwards").text()
    assert "Because of what it was about 0 Because of a word in it 3" in page
