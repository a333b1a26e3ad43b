"""The demonstration's forums are lively, answered, and true in every count."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from forum.core import clock
from forum.demo import people, said, talking
from forum.discussions.models import Forum, Post, Topic
from forum.discussions.queries.posts import published_count
from forum.extensions import db


def test_the_town_talks_in_four_forums_and_everything_said_is_there(work: Flask) -> None:
    talking.play(people.add_cast({}))
    talking.play(people.add_cast({}))
    assert [forum.slug for forum in db.session.scalars(select(Forum).order_by(Forum.position))] == [
        "announcements", "streets-and-traffic", "ask-the-department", "events",
    ]  # fmt: skip
    topics = db.session.scalars(select(Topic)).all()
    assert sorted(topic.title for topic in topics) == sorted(talk.title for talk in said.talks())
    assert all(topic.posts_count == db.session.scalar(published_count(topic.id)) for topic in topics)
    assert sum(topic.posts_count for topic in topics) == sum(len(talk.posts) for talk in said.talks())
    assert (
        {topic.locked for topic in topics} == {topic.official_id is None for topic in topics} == {True, False}
    )
    assert any(topic.is_slow(clock.now()) for topic in topics)
    assert all(post.created_at <= clock.now() for post in db.session.scalars(select(Post)))
