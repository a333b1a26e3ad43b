"""What a reader has read, follows, keeps and said with one press: one statement a page for each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from forum.accounts.models import Person
from forum.discussions.models import (
    Bookmark,
    Interest,
    PollOption,
    PollVote,
    Post,
    PostState,
    Reaction,
    Topic,
    TopicReader,
)
from forum.discussions.models.poll import Poll
from forum.discussions.policy import Viewer
from forum.discussions.queries.topics import seen

PAGE = 30
BOOKMARK, VOTE = "bookmark", "vote"
LISTED = (Interest.FOLLOW, Interest.WATCH)


def reader_of(person_id: int, topic_id: int) -> Select[TopicReader]:
    """What they keep of one topic."""
    return select(TopicReader).where(TopicReader.person_id == person_id, TopicReader.topic_id == topic_id)


def read_of(person_id: int, topic_ids: Sequence[int]) -> Select[int, int]:
    """(topic, number read up to) of those of *topic_ids* that they have opened."""
    return select(TopicReader.topic_id, TopicReader.read_number).where(
        TopicReader.person_id == person_id, TopicReader.topic_id.in_(topic_ids)
    )


_THEIRS: Any = sa.bindparam("person_id")
_SHOWN: Any = sa.bindparam("post_ids", expanding=True)
OWN = sa.union_all(
    select(sa.cast(TopicReader.interest, sa.String), TopicReader.read_number).where(
        TopicReader.person_id == _THEIRS, TopicReader.topic_id == sa.bindparam("topic_id")
    ),
    select(sa.cast(Reaction.kind, sa.String), Reaction.post_id).where(
        Reaction.person_id == _THEIRS, Reaction.post_id.in_(_SHOWN)
    ),
    select(sa.literal(BOOKMARK), Bookmark.post_id).where(
        Bookmark.person_id == _THEIRS, Bookmark.post_id.in_(_SHOWN)
    ),
    select(sa.literal(VOTE), PollVote.option_id)
    .join(PollOption, PollOption.id == PollVote.option_id)
    .join(Poll, Poll.id == PollOption.poll_id)
    .where(PollVote.person_id == _THEIRS, Poll.topic_id == sa.bindparam("topic_id")),
)
"""(what, number): all that is theirs on a page of a topic, in one statement that is made once.

Their reactions to and bookmarks of the posts by post, their votes in the topic's poll by option, and their interest
with the number that they have read up to. Its parameters are ``person_id``, ``topic_id`` and ``post_ids``.
"""


REACTION_COUNTS = (
    select(Reaction.post_id, Reaction.kind, func.count())
    .where(Reaction.post_id.in_(_SHOWN))
    .group_by(Reaction.post_id, Reaction.kind)
)
"""(post, kind, how many) of a page of posts, ``post_ids``."""


def bookmarks_of(
    viewer: Viewer, now: datetime, *, before: int = 0, verified: bool = False
) -> Select[Bookmark]:
    """Their bookmarks, the newest first, of posts that can still be read, from the id *before* on."""
    found = (
        select(Bookmark)
        .join(Bookmark.post)
        .join(Post.topic)
        .join(Topic.forum)
        .options(
            contains_eager(Bookmark.post).contains_eager(Post.topic).contains_eager(Topic.forum),
            contains_eager(Bookmark.post).joinedload(Post.author),
            contains_eager(Bookmark.post).joinedload(Post.resident_of),
        )
        .where(
            Bookmark.person_id == viewer.id,
            Post.state == PostState.PUBLISHED,
            *seen(viewer, now, verified=verified),
        )
        .order_by(Bookmark.id.desc())
    )
    return found.where(Bookmark.id < before) if before else found


def followed_by(
    viewer: Viewer,
    now: datetime,
    *,
    after: tuple[datetime, int] | None = None,
    verified: bool = False,
) -> Select[TopicReader]:
    """What they follow or watch, lately written in first, from after a (posted_at, topic) on."""
    found = (
        select(TopicReader)
        .join(TopicReader.topic)
        .join(Topic.forum)
        .options(
            contains_eager(TopicReader.topic).contains_eager(Topic.forum),
            contains_eager(TopicReader.topic).joinedload(Topic.author),
            contains_eager(TopicReader.topic).selectinload(Topic.tags),
        )
        .where(
            TopicReader.person_id == viewer.id,
            TopicReader.interest.in_(LISTED),
            Topic.merged_into_id.is_(None),
            *seen(viewer, now, verified=verified),
        )
        .order_by(Topic.posted_at.desc(), Topic.id.desc())
    )
    if after is not None:
        found = found.where(
            sa.tuple_(Topic.posted_at, Topic.id)
            < sa.tuple_(sa.literal(after[0], Topic.posted_at.type), sa.literal(after[1], Topic.id.type))
        )
    return found


WATCHERS = (
    select(TopicReader.person_id, TopicReader.id)
    .join(Person, Person.id == TopicReader.person_id)
    .where(
        TopicReader.topic_id == sa.bindparam("topic_id"),
        TopicReader.interest == Interest.WATCH,
        TopicReader.person_id != sa.bindparam("but"),
        Person.erased_at.is_(None),
        Person.suspended_at.is_(None),
    )
    .order_by(TopicReader.id)
)
"""(person, their row) of who wants mail about ``topic_id``, without ``but``, who wrote; 0 for nobody."""


def reader_with_topic(reader_id: int) -> Select[TopicReader]:
    """One row with its topic and forum, for mail."""
    return (
        select(TopicReader)
        .options(joinedload(TopicReader.topic).joinedload(Topic.forum))
        .where(TopicReader.id == reader_id)
    )


def written_since(topic_id: int, number: int, most: int) -> Select[Post]:
    """What everybody may read of a topic after *number*, in order."""
    return (
        select(Post)
        .options(joinedload(Post.author), joinedload(Post.resident_of))
        .where(Post.topic_id == topic_id, Post.number > number, Post.state == PostState.PUBLISHED)
        .order_by(Post.number)
        .limit(most)
    )


def count_since(topic_id: int, number: int, most: int) -> Select[int, int | None]:
    """(how many everybody may read after *number*, at most *most*; the greatest of those numbers)."""
    new = (
        select(Post.number)
        .where(Post.topic_id == topic_id, Post.number > number, Post.state == PostState.PUBLISHED)
        .order_by(Post.number)
        .limit(most)
        .subquery()
    )
    return select(func.count(), func.max(new.c.number)).select_from(new)
