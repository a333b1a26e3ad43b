"""Posts as search keeps them: those that are published, in topics that are there for their forum's readers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import contains_eager, selectinload

from forum.accounts.models import Person
from forum.core import clock, markdown
from forum.core.db import UTCDateTime
from forum.core.inserting import drawn_up
from forum.core.many import among
from forum.core.prepared import PreparedSelect
from forum.core.search import PUBLIC, Entry
from forum.discussions.models import Audience, Forum, Post, PostState, Topic
from forum.extensions import db
from forum.neighborhoods.models import Neighborhood


def all_ids() -> Sequence[int]:
    """Every post that there is."""
    return db.session.scalars(select(Post.id)).all()


def found(ids: Sequence[int]) -> Select[Post]:
    """Those of these posts that can be found, with their topic, its tags and its forum."""
    return (
        select(Post)
        .join(Post.topic)
        .join(Topic.forum)
        .options(contains_eager(Post.topic).options(contains_eager(Topic.forum), selectinload(Topic.tags)))
        .where(Post.id.in_(ids), *_there(clock.now()))
    )


def _there(now: Any) -> Iterator[ColumnElement[bool]]:
    yield Post.state == PostState.PUBLISHED
    yield Topic.published_at.is_not(None)
    yield Topic.about_public.is_(True)
    yield sa.or_(Topic.opens_at.is_(None), Topic.opens_at <= now)


# Made once: making it takes longer than running it, and whole posts and forums longer than what is shown of them.
_SHOWN = PreparedSelect(
    select(
        Post.id, Topic.title, Forum.id, Forum.slug, Forum.names, Forum.readers, Person.name, Neighborhood.name
    )
    .join(Post.topic)
    .join(Topic.forum)
    .outerjoin(Post.author)
    .outerjoin(Post.resident_of)
    .where(among(Post.id, "ids"), *_there(sa.bindparam("now", type_=UTCDateTime)))
)


class Shown(NamedTuple):
    """What is shown of a post, with the names of its author and of the *area* that they wrote as a resident of."""

    id: int
    title: str
    forum: Forum
    author: str | None
    area: str | None


def shown(ids: Sequence[int]) -> list[Shown]:
    """Those of these posts that can be found. Their forums know no more than their names and readers."""
    forums: dict[int, Forum] = {}
    found = []
    for id_, title, forum_id, slug, names, readers, author, area in _SHOWN.all(
        db.session(), ids=ids, now=clock.now()
    ):
        forum = forums.get(forum_id)
        if forum is None:
            forum = forums[forum_id] = drawn_up(Forum, id=forum_id, slug=slug, names=names, readers=readers)
        found.append(Shown(id_, title, forum, author, area))
    return found


def entries(ids: Sequence[int]) -> Iterator[Entry]:
    """What search knows of these posts. Only a topic's first post carries its title and tags, or each answer would be
    found by them."""
    return (entry(post) for post in db.session.scalars(found(ids)))


def entry(post: Post, plain: str | None = None) -> Entry:
    """What search knows of a post that can be found; *plain*, its words, where they are at hand."""
    forum, first = post.topic.forum, post.number == 1
    return Entry(
        subject_id=post.id,
        title=post.topic.title if first else "",
        text=markdown.plain(post.text) if plain is None else plain,
        more=tuple(tag.word for tag in post.topic.tags) if first else (),
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
