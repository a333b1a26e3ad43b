"""More in a day than accounts of that age write: held for a person, then asked to wait; nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from forum.accounts.models import Person, Role
from forum.core import clock
from forum.discussions.models import Post, PostState
from forum.discussions.operations.flooding import MOST_WAITING
from forum.discussions.operations.writing import edit_post
from forum.extensions import db
from forum.moderation.filters import Filter
from forum.moderation.models import CaseFinding
from forum.moderation.pace import FIRST_DAY, LATER
from tests.factories import accounts
from tests.factories import discussions as make

OLD = timedelta(days=60)


def said(author: Person, count: int, **where: Any) -> list[PostState]:
    """The states of so many topics that *author* begins, each in words of its own."""
    begun = [make.topic(author=author, text=f"Number {number}.", **where) for number in range(count)]
    ids = [topic.id for topic in begun]
    posts = db.session.scalars(select(Post).where(Post.topic_id.in_(ids), Post.number == 1).order_by(Post.id))
    return [post.state for post in posts]


def test_who_begins_very_many_topics_in_a_day_waits_and_then_posts_no_more(
    app: Flask, saved: Callable[[Callable[[], Any]], Any]
) -> None:
    def prepare() -> tuple[int, int]:
        author, board = accounts.person(), make.forum()
        states = said(author, FIRST_DAY.begun + MOST_WAITING, board=board)
        assert states == [PostState.PUBLISHED] * FIRST_DAY.begun + [PostState.HELD] * MOST_WAITING
        assert set(db.session.scalars(select(CaseFinding.filter))) == {Filter.MUCH}
        held = db.session.scalars(make.posts_of_person(author).order_by(Post.id.desc()).limit(1)).one()
        edit_post(actor=author, post=held, text="An edit lets nothing go.")
        assert held.state is PostState.HELD
        return author.id, make.topic(board, author=accounts.person(Role.OFFICER)).id

    author, topic = saved(prepare)
    own: Any = accounts.sign_in(app.test_client(), author)
    answer = own.send(f"/topics/{topic}/reply", {"text": "One more of my words."})
    assert answer.status_code == 422
    assert f"{MOST_WAITING} of your posts wait" in answer.text
    assert "One more of my words." in answer.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(Post.author_id == author)) == 25


def test_who_is_here_for_long_writes_on_where_they_talk_and_not_everywhere(work: Flask) -> None:
    author, officer = accounts.person(created_at=clock.now() - OLD), accounts.person(Role.OFFICER)
    board = make.forum()
    topics = [make.topic(board, author=officer, text=f"Number {n}.") for n in range(LATER.topics + 1)]
    assert {post.state for post in db.session.scalars(make.posts_of_person(officer))} == {PostState.PUBLISHED}
    talk = [make.post(topics[0], author=author, text=f"Again, {n}.") for n in range(FIRST_DAY.posts + 1)]
    assert {post.state for post in talk} == {PostState.PUBLISHED}
    spread = [make.post(topic, author=author, text=f"Look, {topic.id}.") for topic in topics[1:]]
    assert [post.state for post in spread] == [PostState.PUBLISHED] * (LATER.topics - 1) + [PostState.HELD]


def test_the_same_text_again_is_known_under_another_title(work: Flask) -> None:
    author, text = (
        accounts.person(created_at=clock.now() - OLD),
        "Cheap watches, all of them real, at my shop.",
    )
    first, second = (make.topic(author=author, title=title, text=text) for title in ("Watches", "Clocks"))
    posts = [db.session.scalars(make.posts_of(topic)).one() for topic in (first, second)]
    assert [post.state for post in posts] == [PostState.PUBLISHED, PostState.HELD]
