"""Each public event has a topic: questions before, talk after."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from forum.accounts.models import Person, Role
from forum.core import search
from forum.core.errors import Refusal
from forum.discussions.models import Audience, Topic
from forum.discussions.operations.joining import split_topic
from forum.discussions.operations.talking import ask_about
from forum.discussions.operations.written import Written
from forum.events.models import Event, EventStatus
from forum.events.operations.events import publish_event, withdraw_event
from forum.extensions import db
from tests.factories import accounts, events
from tests.factories import discussions as make


def ask(forum: Any, person: Any, text: str = "Is there parking?") -> Any:
    public = select(Event.id).where(Event.status == EventStatus.PUBLISHED)
    about = db.session.scalars(public).one_or_none() or events.event().id
    return ask_about(
        actor=person, forum=forum, kind="event", about_id=about, title="Tea " * 60, written=Written(text=text)
    )


def test_the_first_question_makes_the_topic_and_the_next_one_joins_it(work: Flask) -> None:
    forum = make.forum(starters=Audience.STAFF)
    first, second = ask(forum, accounts.person()), ask(forum, accounts.person(), "And bikes?")
    topic = db.session.scalars(select(Topic)).one()
    assert (first.topic_id, second.topic_id, second.number) == (topic.id, topic.id, 2)
    about = db.session.scalars(select(Event.id)).one()
    assert (topic.about_kind, topic.about_id, topic.author_id, topic.posts_count) == ("event", about, None, 2)


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


def test_the_talk_about_an_event_is_read_by_exactly_who_sees_the_event(
    app: Flask, client: Any, saved: Any, site: dict[str, Any]
) -> None:
    def prepare() -> dict[str, Any]:
        forum = make.forum(slug="events")
        topic = ask(forum, accounts.person(), "Is there zebra parking?").topic
        post = make.pictured(topic, text="By the zebra.")
        return {
            "event": topic.about_id, "topic": topic.id, "path": f"/topics/{topic.id}-{topic.slug}",
            "picture": make.picture_of(post), "post": post.id,
            "people": {role: accounts.person(role).id for role in Role},
        }  # fmt: skip

    made = saved(prepare)
    with app.app_context():
        search.let_in()
    visitor = app.test_client()
    readers = {role: accounts.sign_in(app.test_client(), person) for role, person in made["people"].items()}
    paths = [
        made["path"], f"{made['path'].split('-')[0]}/print", f"/topics/{made['topic']}/since?number=0",
        f"/posts/{made['post']}", made["picture"],
    ]  # fmt: skip

    def read(by: Any) -> set[bool]:
        found = set()
        for path in paths:
            with by.get(path) as answer:
                found.add(answer.status_code in (200, 302, 303))
        return found | {made["path"] in by.page("/forums/events").links()}

    def change(act: Any) -> None:
        saved(
            lambda: act(
                actor=db.session.get_one(Person, made["people"][Role.OFFICER]),
                event=db.session.get_one(Event, made["event"]),
            )
        )

    def everybodys() -> tuple[int, bool, bool]:
        feed = visitor.get(f"/topics/{made['topic']}.atom").status_code
        listed = "2 posts" in visitor.page("/forums").text()
        return feed, listed, f"/posts/{made['post']}" in visitor.page("/search?q=zebra").links()

    assert everybodys() == (200, True, True)
    change(withdraw_event)
    assert everybodys() == (404, False, False)
    assert read(visitor) == {False}
    for role, reader in readers.items():
        sees = reader.get(f"/events/{made['event']}").status_code != 404
        assert read(reader) == {sees}, role
    assert "not public" in readers[Role.OFFICER].page(made["path"]).text()
    change(publish_event)
    assert everybodys() == (200, True, True)
    assert read(visitor) == read(readers[Role.REVIEWER]) == {True}


def test_what_is_said_of_a_draft_goes_nowhere_else(work: Flask) -> None:
    officer, event = accounts.person(Role.OFFICER), events.event(published=False)
    written = Written(text="Shall we?")
    asked = {"actor": officer, "forum": make.forum(), "kind": "event", "about_id": event.id, "title": "Tea"}
    topic = ask_about(written=written, **asked).topic
    more = make.post(topic, author=officer)
    assert not topic.about_public
    with pytest.raises(Refusal):
        split_topic(actor=officer, topic=topic, post_ids=[more.id], title="Elsewhere")
    with pytest.raises(Refusal):
        make.post(topic)
    publish_event(actor=officer, event=event)
    assert topic.about_public
