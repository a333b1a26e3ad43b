"""Posts as search keeps them: those that are published, in topics that are there for their forum's readers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from forum.core import clock, markdown
from forum.core.search import PUBLIC, Entry
from forum.discussions.models import Audience, Post, PostState, Topic
from forum.extensions import db


def all_ids() -> Sequence[int]:
    """Every post that there is."""
    return db.session.scalars(select(Post.id)).all()


def found(ids: Sequence[int]) -> Select[Post]:
    """Those of these posts that can be found, with their topic, forum and author."""
    return (
        select(Post)
        .join(Post.topic)
        .join(Topic.forum)
        .options(
            contains_eager(Post.topic).contains_eager(Topic.forum),
            joinedload(Post.author),
            joinedload(Post.resident_of),
        )
        .where(
            Post.id.in_(ids),
            Post.state == PostState.PUBLISHED,
            Topic.published_at.is_not(None),
            Topic.about_public.is_(True),
            sa.or_(Topic.opens_at.is_(None), Topic.opens_at <= clock.now()),
        )
    )


def entries(ids: Sequence[int]) -> Iterator[Entry]:
    """What search knows of these posts. Only a topic's first post carries its title, or each answer would be found."""
    return (entry(post) for post in db.session.scalars(found(ids)))


def entry(post: Post, plain: str | None = None) -> Entry:
    """What search knows of a post that can be found; *plain*, its words, where they are at hand."""
    forum = post.topic.forum
    return Entry(
        subject_id=post.id,
        title=post.topic.title if post.number == 1 else "",
        text=markdown.plain(post.text) if plain is None else plain,
        at=post.created_at,
        audience=PUBLIC if forum.readers is Audience.EVERYONE else str(forum.readers),
        neighborhood_ids=(forum.neighborhood_id,) if forum.neighborhood_id else (),
    )


def can_be_found(post: Post) -> bool:
    """The twin of :func:`found`, for a post that is at hand."""
    topic = post.topic
    there = topic.published_at is not None and topic.about_public
    return post.is_published and there and topic.is_open(clock.now())


def ids_in(topic_id: int) -> Select[int]:
    """The posts of a topic."""
    return select(Post.id).where(Post.topic_id == topic_id).order_by(Post.id)


def ids_in_forum(forum_id: int) -> Select[int]:
    """The posts of all topics of a forum."""
    return select(Post.id).join(Post.topic).where(Topic.forum_id == forum_id).order_by(Post.id)
