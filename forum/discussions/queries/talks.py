"""Topics about something of another slice."""

from __future__ import annotations

from sqlalchemy import Select, and_, select

from forum.discussions.models import Forum, Topic


def topic_about(kind: str, about_id: int) -> Select[Topic]:
    """The topic about one thing."""
    return select(Topic).where(Topic.about_kind == kind, Topic.about_id == about_id)


def forum_and_topic(slug: str, kind: str, about_id: int) -> Select[Forum, Topic | None]:
    """The forum for such topics, with the one about this thing where somebody has asked already."""
    about = and_(Topic.about_kind == kind, Topic.about_id == about_id)
    return select(Forum, Topic).outerjoin(Topic, about).where(Forum.slug == slug)
