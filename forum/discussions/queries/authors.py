"""Who wrote what, also behind «Resident of»: for operations alone, never for a page."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select, func, select

from forum.discussions.models import Post, PostState, VeiledAuthor


def _by(person_id: int) -> ColumnElement[bool]:
    veiled = select(VeiledAuthor.post_id).where(VeiledAuthor.person_id == person_id)
    return sa.or_(Post.author_id == person_id, Post.id.in_(veiled))


def published_by(person_id: int, *, but: int) -> Select[int]:
    """How many posts of a person others read, without the post *but*."""
    shown = Post.state == PostState.PUBLISHED
    return select(func.count()).select_from(Post).where(_by(person_id), shown, Post.id != but)


def texts_since(person_id: int, since: datetime, *, but: int, most: int = 50) -> Select[str]:
    """What a person has written since, the newest first, without the post *but*."""
    lately = Post.created_at >= since
    return (
        select(Post.text).where(_by(person_id), lately, Post.id != but).order_by(Post.id.desc()).limit(most)
    )


def veiled_authors_of(post_ids: Collection[int]) -> Select[int, int]:
    """Each of these posts that is under «Resident of», with whose it is."""
    return select(VeiledAuthor.post_id, VeiledAuthor.person_id).where(VeiledAuthor.post_id.in_(post_ids))
