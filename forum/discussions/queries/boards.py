"""Forums that somebody may read."""

from __future__ import annotations

from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, exists, or_, select

from forum.accounts.models import STAFF
from forum.core.prepared import PreparedSelect
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
    audiences = sorted(audiences_of(viewer, verified=bool(verified)))
    theirs = or_(*(Forum.readers == audience for audience in audiences))
    if verified is not None or viewer.id is None or viewer.role in STAFF:
        return theirs
    known = exists().where(VerifiedResident.person_id == viewer.id)
    return or_(theirs, and_(Forum.readers == Audience.VERIFIED, known))


def forums(viewer: Viewer, *, verified: bool = False) -> Select[Forum]:
    """Those they may read, in the administrator's order."""
    return select(Forum).where(readable(viewer, verified=verified)).order_by(Forum.position, Forum.id)


def forum_by_slug(
    viewer: Viewer, slug: str, *, verified: bool | None = False
) -> tuple[PreparedSelect, dict[str, Any]]:
    """The forum of an address, where it is there for them: a statement and its parameters."""
    asked = {"slug": slug, "viewer_id": viewer.id}
    return _forum_by_slug(viewer.role, viewer.id is not None, verified), asked


@lru_cache(maxsize=64)
def _forum_by_slug(role: Any, known: bool, verified: bool | None) -> PreparedSelect:
    """Made once for each role."""
    return PreparedSelect(
        select(Forum).where(
            Forum.slug == bindparam("slug"), readable(anybody(role, known), verified=verified)
        )
    )


def anybody(role: Any, known: bool) -> Any:
    """A viewer of this role, for a statement that is made once and asked for each with a ``viewer_id``."""
    return SimpleNamespace(id=bindparam("viewer_id", type_=Integer) if known else None, role=role)


def every_forum() -> Select[Any]:
    """All, for who keeps them."""
    return select(Forum).order_by(Forum.position, Forum.id)
