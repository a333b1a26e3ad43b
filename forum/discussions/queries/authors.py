"""Who wrote what, also behind «Resident of»: for operations alone, never for a page."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select, bindparam, func, select

from forum.accounts.models import Person
from forum.core.prepared import PreparedSelect
from forum.discussions.models import Post, PostState, Topic, VeiledAuthor
from forum.discussions.policy import Viewer
from forum.discussions.queries.topics import seen
from forum.moderation.queries.pauses import pause_of


def _by(person_id: int) -> ColumnElement[bool]:
    veiled = select(VeiledAuthor.post_id).where(VeiledAuthor.person_id == person_id)
    return sa.or_(Post.author_id == person_id, Post.id.in_(veiled))


def published_by(person_id: int, *, but: int) -> Select[int]:
    """How many posts of a person others read, without the post *but*."""
    shown = Post.state == PostState.PUBLISHED
    return select(func.count()).select_from(Post).where(_by(person_id), shown, Post.id != but)


LATELY = 50
_SINCE = Post.created_at >= bindparam("since"), Post.id != bindparam("but")
_OWN = select(Post.likeness, Post.topic_id).where(Post.author_id == bindparam("person_id"), *_SINCE)
_VEILED = (
    select(Post.likeness, Post.topic_id)
    .join(VeiledAuthor, VeiledAuthor.post_id == Post.id)
    .where(VeiledAuthor.person_id == bindparam("person_id"), *_SINCE)
)
# Two ways of asking put together: each walks an index of its own, and no further than it has to, where "either" would
# read all that a person wrote. Of what is under their name the index knows all that is asked here: each of fifty texts
# lies on a page of its own, which would be read while others wait for the lock.
_WRITTEN = sa.union_all(
    *(
        select(way.order_by(Post.created_at.desc()).limit(LATELY).subquery(name))
        for way, name in ((_OWN, "own"), (_VEILED, "veiled"))
    )
).subquery()
_SAME = sa.case((_WRITTEN.c.likeness == bindparam("likeness"), 1))
_ELSEWHERE = sa.case((_WRITTEN.c.topic_id != bindparam("topic_id"), _WRITTEN.c.topic_id))
WRITTEN_SINCE = PreparedSelect(
    select(func.count(), func.count(_SAME), func.count(_ELSEWHERE.distinct())).select_from(_WRITTEN)
)
"""How many posts a person has written since a moment, without one post, how many of them are like a text, and in
how many topics but one they stand; of those under their name, and of those under «Resident of», the newest fifty count.

Its parameters are ``person_id``, ``since``, ``but``, ``topic_id``, and the text's ``likeness``, which may be None.
"""


def counted_since(person_id: int, since: datetime, *wanted: ColumnElement[bool]) -> Select[int]:
    """How many posts of this kind a person has written since a moment, in the same two ways."""
    asked = {"person_id": person_id, "since": since, "but": 0}
    ways = (
        way.with_only_columns(Post.id, maintain_column_froms=True).where(*wanted) for way in (_OWN, _VEILED)
    )
    return select(func.count()).select_from(sa.union_all(*ways).subquery()).params(asked)


SENT = select(Post.id).where(Post.key == bindparam("key")).scalar_subquery()
PAUSED = pause_of(bindparam("person_id"), bindparam("now")).scalar_subquery()  # type: ignore[arg-type]
WRITER = select(Person, SENT, PAUSED).where(Person.id == bindparam("person_id"))
"""(person, the post that this form has made, until when they may not post). Parameters: person_id, key, now."""


def veiled_authors_of(post_ids: Collection[int]) -> Select[int, int]:
    """Each of these posts that is under «Resident of», with whose it is."""
    return select(VeiledAuthor.post_id, VeiledAuthor.person_id).where(VeiledAuthor.post_id.in_(post_ids))


def veiled_starters_of(topic_ids: Collection[int]) -> Select[int, int]:
    """Each of these topics whose first post is under «Resident of», with whose it is; none about something else."""
    return (
        select(Post.topic_id, VeiledAuthor.person_id)
        .join(VeiledAuthor, VeiledAuthor.post_id == Post.id)
        .join(Topic, Topic.id == Post.topic_id)
        .where(Post.topic_id.in_(topic_ids), Post.number == 1, Topic.about_kind.is_(None))
    )


def written_within(since: datetime, until: datetime, author_ids: Collection[int]) -> Select[int]:
    """Posts of a time that others read, or that a filter holds, the newest first; with ids, those under these names."""
    found = select(Post.id).where(
        Post.created_at >= since,
        Post.created_at <= until,
        Post.state.in_((PostState.HELD, PostState.PUBLISHED)),
    )
    if author_ids:
        found = found.where(Post.author_id.in_(author_ids))
    return found.order_by(Post.created_at.desc(), Post.id.desc())


def named_in_public(
    viewer: Viewer, person_ids: Collection[int], now: datetime, *, verified: bool = False
) -> Select[int | None]:
    """Those of these people under whose name *viewer* reads something."""
    return (
        select(Post.author_id)
        .join(Post.topic)
        .join(Topic.forum)
        .where(
            Post.author_id.in_(person_ids),
            Post.state == PostState.PUBLISHED,
            *seen(viewer, now, verified=verified),
        )
        .distinct()
    )


def same_text_as(
    text: str, since: datetime, until: datetime, *, but: int, most: int = 20
) -> Select[int | None]:
    """Who else wrote the very same under their name in this time."""
    return (
        select(Post.author_id)
        .where(
            Post.created_at >= since,
            Post.created_at <= until,
            Post.text == text,
            Post.author_id.is_not(None),
            Post.author_id != but,
        )
        .distinct()
        .limit(most)
    )
