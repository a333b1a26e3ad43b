"""Pictures under posts, and those that wait in the place of a draft."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, func, select

from forum.discussions.models import PostPicture

_IN_ORDER = (PostPicture.position, PostPicture.id)


def picture_by_name(name: str) -> Select[PostPicture]:
    """The picture of this file name. Whoever calls asks the policy of its post."""
    return select(PostPicture).where(PostPicture.name == name[:40])


def pictures_of(post_ids: Collection[int]) -> Select[PostPicture]:
    """Those under these posts, each post's in their order; also what a decision hid."""
    return select(PostPicture).where(PostPicture.post_id.in_(post_ids)).order_by(*_IN_ORDER)


def not_hidden(post_ids: Collection[int]) -> Select[PostPicture]:
    """Those of them that no decision hid."""
    return pictures_of(post_ids).where(PostPicture.rule_number.is_(None))


def under_posts(picture_ids: Collection[int]) -> Select[PostPicture]:
    """Those of these pictures that were sent: for moderation."""
    return select(PostPicture).where(PostPicture.id.in_(picture_ids), PostPicture.post_id.is_not(None))


def waiting_in(person_id: int, place: str) -> Select[PostPicture]:
    """What somebody has chosen for what they are writing in *place*."""
    own = (PostPicture.person_id == person_id, PostPicture.place == place)
    return select(PostPicture).where(*own).order_by(*_IN_ORDER)


def waiting_of(person_id: int) -> Select[PostPicture]:
    """All that wait in somebody's drafts."""
    return select(PostPicture).where(PostPicture.person_id == person_id)


def waiting_count(person_id: int) -> Select[int]:
    """How many those are."""
    return select(func.count()).select_from(PostPicture).where(PostPicture.person_id == person_id)


def waiting_before(moment: datetime) -> Select[PostPicture]:
    """Those that nobody sent since."""
    return select(PostPicture).where(PostPicture.person_id.is_not(None), PostPicture.kept_at < moment)


def known(names: Collection[str]) -> Select[str]:
    """Those of these file names that some row names."""
    return select(PostPicture.name).where(PostPicture.name.in_(names))
