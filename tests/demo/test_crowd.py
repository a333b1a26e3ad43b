"""The large town is made of posts as the site itself makes them."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from forum.core import markdown
from forum.core.transactions import unit_of_work
from forum.demo import crowd
from forum.discussions.models import Post, Topic
from forum.discussions.models.post import path_of
from forum.discussions.operations.writing import reply
from forum.discussions.operations.written import Written
from forum.extensions import db


def test_a_small_part_of_the_town_is_true_in_every_count(context: Flask) -> None:
    assert crowd.load(lambda _done, _total, _text: None, part=1000) == 1000
    topics = db.session.scalars(select(Topic).order_by(Topic.id)).all()
    assert len(topics) == 50
    assert topics[25].posts_count == 100  # the long one
    for topic in topics:
        posts = db.session.scalars(select(Post).where(Post.topic_id == topic.id).order_by(Post.number)).all()
        assert [post.number for post in posts] == list(range(1, topic.posts_count + 1))
        assert posts[-1].created_at == topic.posted_at
        known = {post.id: post for post in posts}
        for post in posts:
            parent = known[post.parent_id] if post.parent_id else None
            assert (post.path, post.depth) == (
                path_of(parent, post.number),
                parent.depth + 1 if parent else 0,
            )
        assert markdown.render(posts[0].text).strip() == posts[0].html
    assert db.session.scalar(select(func.count(Topic.official_id))) == 5
    with pytest.raises(crowd.Occupied):
        crowd.load(lambda _done, _total, _text: None, part=1000)


def test_new_posts_come_after_the_loaded_ones(context: Flask) -> None:
    crowd.load(lambda _done, _total, _text: None, part=1000)
    db.session.rollback()
    with unit_of_work():
        topic = db.session.scalars(select(Topic).order_by(Topic.id)).first()
        assert topic is not None
        post = reply(actor=topic.author, topic=topic, written=Written(text="One more."))  # type: ignore[arg-type]
        assert (post.id, post.number) == (1001, topic.posts_count)
