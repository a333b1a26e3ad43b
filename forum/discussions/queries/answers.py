"""What staff were asked: which topics wait for them, and how long the agency's answers took.

Asked is whoever a resident writes to in public, so every topic counts that no staff started.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from forum.accounts.models import STAFF, Person
from forum.discussions.models import Forum, Post, Topic
from forum.discussions.policy import Viewer
from forum.discussions.queries.topics import seen

WAITING = 50


def _asked() -> ColumnElement[bool]:
    """Started by no staff; one that stands under a veil or whose author left was started by a resident too."""
    by_staff = exists().where(Person.id == Topic.author_id, Person.role.in_(sorted(STAFF)))
    return sa.and_(Topic.merged_into_id.is_(None), Topic.posts_count > 0, ~by_staff)


def waiting(viewer: Viewer, now: datetime) -> Select[Topic]:
    """Open topics in which no staff have written a word, oldest first."""
    answered = exists().where(
        Post.topic_id == Topic.id, Post.author_id == Person.id, Person.role.in_(sorted(STAFF))
    )
    return (
        select(Topic)
        .join(Topic.forum)
        .options(contains_eager(Topic.forum), joinedload(Topic.author), selectinload(Topic.tags))
        .where(
            *seen(viewer, now, verified=True), _asked(), ~answered, Topic.locked.is_(False),
            Topic.archived.is_(False), Forum.archived.is_(False),
        )
        .order_by(Topic.created_at, Topic.id)
        .limit(WAITING)
    )  # fmt: skip


def asked_count(viewer: Viewer, since: datetime, now: datetime) -> Select[int, int]:
    """(forum, topics that residents started since then) of each forum that has one."""
    return (
        select(Topic.forum_id, func.count())
        .join(Topic.forum)
        .where(*seen(viewer, now, verified=True), _asked(), Topic.created_at >= since)
        .group_by(Topic.forum_id)
    )


def answer_times(viewer: Viewer, since: datetime, now: datetime) -> Select[int, datetime, datetime]:
    """(forum, when it was asked, when the official answer was written) of each topic answered so, asked since then."""
    return (
        select(Topic.forum_id, Topic.created_at, Post.created_at)
        .join(Topic.forum)
        .join(Post, Post.id == Topic.official_id)
        .where(*seen(viewer, now, verified=True), _asked(), Topic.created_at >= since)
    )
