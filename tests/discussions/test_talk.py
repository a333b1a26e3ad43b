"""Each public event has a topic: questions before, talk after."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from forum.core.errors import Refusal
from forum.discussions.models import Audience, Topic
from forum.discussions.operations.talking import ask_about
from forum.discussions.operations.writing import Written
from forum.extensions import db
from tests.factories import accounts, events
from tests.factories import discussions as make


def ask(forum: Any, person: Any, text: str = "Is there parking?") -> Any:
    return ask_about(
        actor=person, forum=forum, kind="event", about_id=7, title="Tea " * 60, written=Written(text=text)
    )


def test_the_first_question_makes_the_topic_and_the_next_one_joins_it(work: Flask) -> None:
    forum = make.forum(starters=Audience.STAFF)
    first, second = ask(forum, accounts.person()), ask(forum, accounts.person(), "And bikes?")
    topic = db.session.scalars(select(Topic)).one()
    assert (first.topic_id, second.topic_id, second.number) == (topic.id, topic.id, 2)
    assert (topic.about_kind, topic.about_id, topic.author_id, topic.posts_count) == ("event", 7, None, 2)


def test_a_question_is_refused_where_no_reply_would_be_taken(work: Flask) -> None:
    with pytest.raises(Refusal):
        ask(make.forum(repliers=Audience.VERIFIED), accounts.person())


@pytest.fixture
def site(saved: Any) -> dict[str, Any]:
    def prepare() -> dict[str, Any]:
        event, draft = events.event(title="Tea with the beat"), events.event(published=False)
        return {
            "path": f"/events/{event.id}-{event.slug}", "ask": f"/talk/event/{event.id}",
            "draft": f"/talk/event/{draft.id}", "ada": accounts.person().id,
        }  # fmt: skip

    found: dict[str, Any] = saved(prepare)
    return found


def test_nobody_is_asked_to_talk_where_there_is_no_forum_for_it(
    app: Flask, client: Any, site: dict[str, Any]
) -> None:
    assert site["ask"] not in client.page(site["path"]).links()
    assert accounts.sign_in(app.test_client(), site["ada"]).get(site["ask"]).status_code == 404


def test_a_question_is_asked_from_the_events_page_and_leads_back(
    app: Flask, client: Any, saved: Any, site: dict[str, Any]
) -> None:
    saved(lambda: make.forum(slug="events"))
    ada: Any = accounts.sign_in(app.test_client(), site["ada"])
    assert site["ask"] in client.page(site["path"]).links()
    ada.page(site["ask"])
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Topic)) == 0
    assert ada.send(site["ask"], {"text": ""}).status_code == 422
    answer = ada.send(site["ask"], {"text": "Is there parking?"})
    topic = answer.headers["Location"].split("?")[0].split("#")[0]
    page = client.page(topic)
    assert site["path"] in page.links()
    assert "Tea with the beat" in page.text()
    assert "Talk about it: 1 post" in client.page(site["path"]).text()
    assert topic in client.page(site["path"]).links()
    assert "/reply" in ada.get(site["ask"]).headers["Location"]
    assert ada.get(site["draft"]).status_code == 404
    assert ada.get("/talk/concern/1").status_code == 404


def test_a_question_about_an_event_is_looked_at_gently_too_and_not_lost(
    app: Flask, saved: Any, site: dict[str, Any]
) -> None:
    saved(lambda: make.forum(slug="events"))
    ada = accounts.sign_in(app.test_client(), site["ada"])
    asked = ada.send(site["ask"], {"text": make.HELD})  # type: ignore[attr-defined]
    assert (asked.status_code, "Please look at this once more" in asked.text) == (200, True)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Topic)) == 0
    visitor = app.test_client()
    token = visitor.page("/account/reset").form()["csrf_token"]  # type: ignore[attr-defined]
    kept = visitor.post(site["ask"], data={"csrf_token": token, "text": "Is there parking?"})
    assert (kept.status_code, "Is there parking?" in kept.text) == (400, True)
