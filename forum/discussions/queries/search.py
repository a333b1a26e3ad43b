"""Posts as search keeps them: those that are published, in topics that are there for their forum's readers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import contains_eager, load_only

from forum.accounts.models import Person
from forum.core import clock, markdown
from forum.core.db import UTCDateTime
from forum.core.search import PUBLIC, Entry
from forum.discussions.models import Audience, Forum, Post, PostState, Topic
from forum.extensions import db
from forum.neighborhoods.models import Neighborhood


def all_ids() -> Sequence[int]:
    """Every post that there is."""
    return db.session.scalars(select(Post.id)).all()


def found(ids: Sequence[int]) -> Select[Post]:
    """Those of these posts that can be found, with their topic and forum."""
    return (
        select(Post)
        .join(Post.topic)
        .join(Topic.forum)
        .options(contains_eager(Post.topic).contains_eager(Topic.forum))
        .where(Post.id.in_(ids), *_there(clock.now()))
    )


def _there(now: Any) -> Iterator[ColumnElement[bool]]:
    yield Post.state == PostState.PUBLISHED
    yield Topic.published_at.is_not(None)
    yield Topic.about_public.is_(True)
    yield sa.or_(Topic.opens_at.is_(None), Topic.opens_at <= now)


# Made once: making it takes longer than running it, and whole posts longer than what is shown of them.
_SHOWN = (
    select(Post.id, Topic.title, Forum, Person.name.label("author"), Neighborhood.name.label("area"))
    .join(Post.topic)
    .join(Topic.forum)
    .outerjoin(Post.author)
    .outerjoin(Post.resident_of)
    .options(load_only(Forum.slug, Forum.names, Forum.readers))
    .where(Post.id.in_(sa.bindparam("ids", expanding=True)), *_there(sa.bindparam("now", type_=UTCDateTime)))
)


def shown(ids: Sequence[int]) -> Sequence[Any]:
    """What is shown of those that can be found: id, title, Forum, and the names of their author and of the *area*
    that they wrote as a resident of, or None."""
    return db.session.execute(_SHOWN, {"ids": list(ids), "now": clock.now()}).all()


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
