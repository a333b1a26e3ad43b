"""What belongs to one account."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from forum.concerns.models import Concern, ConcernPicture, Identity


def own_concerns(person_id: int) -> Select[Concern]:
    """The concerns that the account *person_id* raised, the last changed first."""
    return (
        select(Concern)
        .join(Identity, Identity.concern_id == Concern.id)
        .where(Identity.person_id == person_id)
        .options(joinedload(Concern.category))
        .order_by(Concern.changed_at.desc(), Concern.id)
        .limit(500)
    )


def picture_by_name(name: str) -> Select[ConcernPicture]:
    """The picture of this file name, with its concern. Whoever calls asks the policy."""
    return (
        select(ConcernPicture)
        .where(ConcernPicture.name == name[:40])
        .options(joinedload(ConcernPicture.concern))
    )
