"""What a viewer may see, as a statement: the twin of policy.can_see_on_desk (a test compares them row by row)."""

from __future__ import annotations

from typing import Protocol

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select, or_, select

from forum.accounts.models import Role
from forum.accounts.queries import chain_above
from forum.concerns.models import About, Concern, Identity, Mode, Recusal, Statement
from forum.concerns.policy import DESK, Sight
from forum.extensions import db


class Viewer(Protocol):
    """A person or a visitor."""

    @property
    def id(self) -> int | None: ...

    @property
    def role(self) -> Role | None: ...


def sight_of(viewer: Viewer) -> Sight:
    """The viewer with whom they answer to; one query for who works at the desk, none for others."""
    if viewer.role not in DESK or viewer.id is None:
        return Sight(viewer.id, viewer.role)
    return Sight(viewer.id, viewer.role, frozenset(db.session.scalars(chain_above(viewer.id))))


def seen_on_desk(sight: Sight) -> ColumnElement[bool]:
    """The condition under which *sight* sees a concern on the desk."""
    if not sight.is_desk:
        return sa.false()
    recused = sa.exists().where(
        Recusal.concern_id == Concern.id,
        or_(Recusal.person_id == sight.id, Recusal.named & Recusal.person_id.in_(sight.above)),
    )
    if sight.role is Role.REVIEWER:
        return ~recused
    if sight.role is Role.SUPERVISOR:
        return ~recused & or_(Concern.about == About.TOWN, Concern.screened)
    mine = or_(Concern.mode != Mode.CONFIDENTIAL, Concern.assigned_to_id == sight.id)
    return ~recused & (Concern.about == About.TOWN) & mine


def has_stated(concern_id: int, person_id: int | None) -> Select[int]:
    """A row when this reviewer has said that the concern is not about them."""
    said = Statement.concern_id == concern_id, Statement.person_id == person_id
    return select(Statement.person_id).where(*said)


def listed() -> ColumnElement[bool]:
    """The condition under which everybody sees a concern."""
    # Said as the indexes of the public ones say it: a parameter could be any mode, and they would stay unused.
    return (Concern.mode == sa.literal_column(f"'{Mode.PUBLIC}'")) & ~Concern.withheld


def on_desk_by_reference(sight: Sight, reference: str) -> Select[Concern]:
    """The concern of this reference when *sight* may see it on the desk."""
    return select(Concern).where(Concern.reference == reference, seen_on_desk(sight))


def own_by_reference(person_id: int, reference: str) -> Select[Concern]:
    """The concern of this reference when the account *person_id* raised it."""
    return (
        select(Concern)
        .join(Identity, Identity.concern_id == Concern.id)
        .where(Concern.reference == reference, Identity.person_id == person_id)
    )


def listed_by_reference(reference: str) -> Select[Concern]:
    """The concern of this reference when everybody may read it."""
    return select(Concern).where(Concern.reference == reference, listed())


def by_code_hash(code_hash: str) -> Select[Concern]:
    """The concern that a receipt code opens."""
    return select(Concern).where(Concern.code_hash == code_hash)
