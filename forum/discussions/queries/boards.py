"""Forums that somebody may read."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from forum.accounts.models import STAFF
from forum.discussions.models import Audience, Forum, VerifiedResident
from forum.discussions.policy import Viewer, audiences_of
from forum.extensions import db


def is_verified(viewer: Viewer) -> bool:
    """Whether staff have seen the address of *viewer*; one question, and none for a visitor."""
    if viewer.id is None:
        return False
    return bool(db.session.scalar(select(exists().where(VerifiedResident.person_id == viewer.id))))


def is_verified_for(viewer: Viewer, forum: Forum) -> bool:
    """The same where something in *forum* is for verified residents alone; else nobody needs to ask."""
    asked = Audience.VERIFIED in (forum.readers, forum.starters, forum.repliers)
    return asked and is_verified(viewer)


def readable(viewer: Viewer, *, verified: bool | None = False) -> ColumnElement[bool]:
    """The twin of policy.can_read. With None for *verified* the statement asks that as well."""
    theirs = Forum.readers.in_(sorted(audiences_of(viewer, verified=bool(verified))))
    if verified is not None or viewer.id is None or viewer.role in STAFF:
        return theirs
    known = exists().where(VerifiedResident.person_id == viewer.id)
    return or_(theirs, and_(Forum.readers == Audience.VERIFIED, known))


def forums(viewer: Viewer, *, verified: bool = False) -> Select[Forum]:
    """Those they may read, in the administrator's order."""
    return select(Forum).where(readable(viewer, verified=verified)).order_by(Forum.position, Forum.id)


def forum_by_slug(viewer: Viewer, slug: str, *, verified: bool | None = False) -> Select[Forum]:
    """The forum of an address, where it is there for them."""
    return select(Forum).where(Forum.slug == slug, readable(viewer, verified=verified))


def every_forum() -> Select[Any]:
    """All, for who keeps them."""
    return select(Forum).order_by(Forum.position, Forum.id)
