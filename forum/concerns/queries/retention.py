"""What is to be forgotten."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Delete, Select, delete, select

from forum.concerns.models import Concern, ConcernPicture, Identity, Status


def closed_before(moment: datetime) -> Select[int]:
    """The ids of concerns that are closed, since before *moment*."""
    closed = Concern.status == Status.CLOSED
    return select(Concern.id).where(closed, Concern.closed_at < moment).order_by(Concern.id)


def closed_with_pictures(moment: datetime) -> Select[int]:
    """The ids of those that have pictures."""
    return closed_before(moment).where(Concern.id.in_(select(ConcernPicture.concern_id)))


def pictures_of(concern_id: int) -> Select[ConcernPicture]:
    """All its pictures, those of later messages too."""
    return select(ConcernPicture).where(ConcernPicture.concern_id == concern_id)


def removal(concern_id: int) -> Delete:
    """Take a concern away; what hangs on it goes by its foreign keys."""
    return delete(Concern).where(Concern.id == concern_id)


def identities_removal(person_id: int) -> Delete:
    """Forget whose an account's concerns were."""
    return delete(Identity).where(Identity.person_id == person_id)
