"""Topics of a forum, lately written in first."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from forum.accounts.models import STAFF
from forum.core.prepared import PreparedSelect
from forum.discussions import subjects
from forum.discussions.models import Forum, Interest, Post, PostState, Topic, TopicMove, TopicReader
from forum.discussions.policy import Viewer
from forum.discussions.queries.boards import anybody, readable

PAGE = 30
Key = tuple[bool, datetime, int]  # pinned, posted_at, id: where a page of a forum ended


def seen(viewer: Viewer, now: datetime, *, verified: bool | None = False) -> tuple[ColumnElement[bool], ...]:
    """The twin of policy.can_see_topic, for statements that join Forum."""
    return readable(viewer, verified=verified), *_there(viewer, now)


def _there(viewer: Viewer, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """The same within forums that they read."""
    there: ColumnElement[bool] = Topic.about_public.is_(True)
    if kinds := subjects.open_to(viewer.role):
        there = sa.or_(there, *(Topic.about_kind == kind for kind in kinds))
    if viewer.role in STAFF:
        return (there,)
    open_ = sa.or_(Topic.opens_at.is_(None), Topic.opens_at <= now)
    words = sa.or_(
        Topic.published_at.is_not(None),
        Topic.merged_into_id.is_not(None),  # it leads on
        sa.and_(Topic.about_kind.is_not(None), Topic.hidden_rule.is_(None)),  # what it is about can be read
    )
    own = words if viewer.id is None else sa.or_(words, Topic.author_id == viewer.id)
    return there, open_, own


def topic_by_id(
    viewer: Viewer, topic_id: int, now: datetime, *, verified: bool | None = False
) -> tuple[PreparedSelect, dict[str, Any]]:
    """(topic, forum) of an address: a statement and its parameters."""
    asked = {"topic_id": topic_id, "now": now, "viewer_id": viewer.id}
    return _topic_by_id(viewer.role, viewer.id is not None, verified), asked


@lru_cache(maxsize=64)
def _topic_by_id(role: Any, known: bool, verified: bool | None) -> PreparedSelect:
    """Made once for each role: every page of a topic asks it."""
    now: Any = sa.bindparam("now")
    return PreparedSelect(
        select(Topic, Forum)
        .join_from(Topic, Forum, Forum.id == Topic.forum_id)
        .where(Topic.id == sa.bindparam("topic_id"), *seen(anybody(role, known), now, verified=verified))
    )


def whole_topics(topic_ids: Collection[int]) -> Select[Topic]:
    """These topics, whoever sees them, each with its forum, author and tags: for moderation."""
    return (
        select(Topic)
        .options(joinedload(Topic.forum), joinedload(Topic.author), selectinload(Topic.tags))
        .where(Topic.id.in_(topic_ids))
    )


def topics_of(
    viewer: Viewer,
    forum: Forum,
    now: datetime,
    *,
    tag: str = "",
    after: Key | None = None,
    verified: bool | None = False,
) -> Select[Topic]:
    """A forum's topics: the pinned, then those lately written in. Merged ones are where they went."""
    found = (
        select(Topic)
        .join(Topic.forum)
        .options(joinedload(Topic.author), selectinload(Topic.tags))
        .where(
            Topic.forum_id == forum.id, Topic.merged_into_id.is_(None), *seen(viewer, now, verified=verified)
        )
        .order_by(Topic.pinned.desc(), Topic.posted_at.desc(), Topic.id.desc())
    )
    if tag:
        found = found.where(Topic.tags.any(word=tag))
    if after is not None:
        place = sa.tuple_(Topic.pinned, Topic.posted_at, Topic.id)
        found = found.where(
            place
            < sa.tuple_(
                *(
                    sa.literal(v, c.type)
                    for v, c in zip(after, (Topic.pinned, Topic.posted_at, Topic.id), strict=True)
                )
            )
        )
    return found


def lately_of(viewer: Viewer, forum: Forum, now: datetime) -> Select[Topic]:
    """A forum's topics, lately written in first, for its feed: pinned ones have their place in time."""
    return (
        select(Topic)
        .join(Topic.forum)
        .options(selectinload(Topic.tags))
        .where(Topic.forum_id == forum.id, Topic.merged_into_id.is_(None), *seen(viewer, now))
        .order_by(Topic.posted_at.desc(), Topic.id.desc())
    )


def newest(viewer: Viewer, now: datetime, most: int, *, verified: bool = False) -> Select[Topic]:
    """Topics of all forums they may read, lately written in first, without those that they muted."""
    found = (
        select(Topic)
        .join(Topic.forum)
        .options(joinedload(Topic.forum), joinedload(Topic.author), selectinload(Topic.tags))
        .where(Topic.merged_into_id.is_(None), *seen(viewer, now, verified=verified))
        .order_by(Topic.posted_at.desc(), Topic.id.desc())
        .limit(most)
    )
    return found if viewer.id is None else found.where(~muted_by(viewer.id))


def muted_by(person_id: int) -> ColumnElement[bool]:
    """Whether a topic is muted, for statements over Topic."""
    return sa.exists().where(
        TopicReader.topic_id == Topic.id,
        TopicReader.person_id == person_id,
        TopicReader.interest == Interest.MUTE,
    )


def counts(viewer: Viewer, forum_ids: list[int], now: datetime) -> Select[int, int, int, datetime]:
    """(forum, topics, posts, moment of the last post) of these forums, which they read: of what they see there."""
    return (
        select(
            Topic.forum_id,
            func.count(),
            func.coalesce(func.sum(Topic.posts_count), 0),
            func.max(Topic.posted_at),
        )
        .where(
            Topic.forum_id.in_(forum_ids),
            Topic.merged_into_id.is_(None),
            *_there(viewer, now),
        )
        .group_by(Topic.forum_id)
    )


def begun_with(author_id: int, forum_id: int, title: str, text: str, since: datetime) -> Select[Topic]:
    """What *author_id* began in a forum after *since* with this title and this text, and did not take back."""
    return (
        select(Topic)
        .join(Post, sa.and_(Post.topic_id == Topic.id, Post.number == 1))
        .where(
            Topic.author_id == author_id,
            Topic.forum_id == forum_id,
            Topic.created_at > since,
            Topic.title == title,
            Topic.merged_into_id.is_(None),
            Post.text == text,
            Post.state != PostState.DELETED,
        )
        .order_by(Topic.id.desc())
        .limit(1)
    )


def moves_of(topic_id: int, most: int) -> Select[TopicMove]:
    """What staff moved to and from a topic, newest first, with the other places."""
    return (
        select(TopicMove)
        .options(joinedload(TopicMove.other_forum), joinedload(TopicMove.other_topic).joinedload(Topic.forum))
        .where(TopicMove.topic_id == topic_id)
        .order_by(TopicMove.id.desc())
        .limit(most)
    )


def opened_since(since: datetime, now: datetime) -> Select[Topic]:
    """Topics whose hour has come in this time."""
    return select(Topic).where(Topic.opens_at > since, Topic.opens_at <= now)
