"""Who wrote what, also behind «Resident of»: for operations alone, never for a page."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select, bindparam, func, select

from forum.accounts.models import Person
from forum.discussions.models import Post, PostState, VeiledAuthor
from forum.moderation.queries.pauses import pause_of


def _by(person_id: int) -> ColumnElement[bool]:
    veiled = select(VeiledAuthor.post_id).where(VeiledAuthor.person_id == person_id)
    return sa.or_(Post.author_id == person_id, Post.id.in_(veiled))


def published_by(person_id: int, *, but: int) -> Select[int]:
    """How many posts of a person others read, without the post *but*."""
    shown = Post.state == PostState.PUBLISHED
    return select(func.count()).select_from(Post).where(_by(person_id), shown, Post.id != but)


_LATELY = Post.created_at >= bindparam("since"), Post.id != bindparam("but")
# Two ways of asking put together: each walks an index of its own, where "either" would read all that a person wrote.
_TEXTS = (
    select(Post.id, Post.text)
    .where(Post.author_id == bindparam("person_id"), *_LATELY)
    .union_all(
        select(Post.id, Post.text)
        .join(VeiledAuthor, VeiledAuthor.post_id == Post.id)
        .where(VeiledAuthor.person_id == bindparam("person_id"), *_LATELY)
    )
    .subquery()
)
TEXTS_SINCE = select(_TEXTS.c.text).order_by(_TEXTS.c.id.desc()).limit(50)
"""The last fifty texts that a person has written since a moment, without one post; the newest first.

Its parameters are ``person_id``, ``since`` and ``but``.
"""


WRITER = select(
    Person,
    select(Post.id).where(Post.key == bindparam("key")).scalar_subquery(),
    pause_of(bindparam("person_id"), bindparam("now")).scalar_subquery(),  # type: ignore[arg-type]
).where(Person.id == bindparam("person_id"))
"""(person, the post that this form has made, until when they may not post). Parameters: person_id, key, now."""


def veiled_authors_of(post_ids: Collection[int]) -> Select[int, int]:
    """Each of these posts that is under «Resident of», with whose it is."""
    return select(VeiledAuthor.post_id, VeiledAuthor.person_id).where(VeiledAuthor.post_id.in_(post_ids))
