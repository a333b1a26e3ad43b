"""Words that are not sent yet."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, select

from forum.discussions.models import Draft, Forum, Topic
from forum.discussions.policy import Viewer
from forum.discussions.queries.boards import readable
from forum.discussions.queries.topics import seen

MOST = 100  # of one person, in a list


def draft_of(person_id: int, place: str) -> Select[Draft]:
    """What somebody has begun in *place*."""
    return select(Draft).where(Draft.person_id == person_id, Draft.place == place)


def drafts_of(person_id: int) -> Select[Draft]:
    """What somebody has begun, wherever, lately touched first."""
    wanted = select(Draft).where(Draft.person_id == person_id)
    return wanted.order_by(Draft.kept_at.desc(), Draft.place).limit(MOST)


def forums_among(viewer: Viewer, forum_ids: Collection[int], *, verified: bool) -> Select[Forum]:
    """Those of these forums that *viewer* reads."""
    return select(Forum).where(Forum.id.in_(forum_ids), readable(viewer, verified=verified))


def topics_among(
    viewer: Viewer, topic_ids: Collection[int], now: datetime, *, verified: bool
) -> Select[Topic]:
    """Those of these topics that *viewer* sees."""
    return (
        select(Topic).join(Topic.forum).where(Topic.id.in_(topic_ids), *seen(viewer, now, verified=verified))
    )
