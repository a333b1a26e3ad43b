"""Keeping what people need to take part, and erasing it 30 days after the date."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, fields
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from forum.core import clock
from forum.core.prepared import Prepared
from forum.core.transactions import operation
from forum.events import policy
from forum.events.models import AccessNeed, Answer, Occurrence, Rsvp
from forum.extensions import db

KEPT = timedelta(days=30)  # after the end of the date


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What one party needs; the fields are the columns of AccessNeed."""

    interpreter: str = ""
    step_free: bool = False
    children: int = 0
    quiet_space: bool = False
    note: str = ""

    @classmethod
    def of(cls, kept: AccessNeed | None) -> Needs:
        """What a row says; nothing where there is none."""
        return cls(**{field.name: getattr(kept, field.name) for field in fields(cls)}) if kept else cls()

    @property
    def said(self) -> dict[str, Any]:
        """What is needed, without what is not: empty when nothing is."""
        return {name: value for name, value in asdict(self).items() if value}

    def only(self, served: Collection[str]) -> Needs:
        """Without what is not among *served*."""
        return Needs(**{name: value for name, value in self.said.items() if name in served})


NOTHING = Needs()


@operation
def keep_needs(*, rsvp: Rsvp, needs: Needs) -> None:
    """Replace what *rsvp* needs by *needs*, without what its event cannot serve. Who does not come needs nothing."""
    said = needs.only(policy.needs_served(rsvp.occurrence.event)).said
    db.session.flush()
    if said and rsvp.answer != Answer.NOT_GOING:
        db.session.merge(AccessNeed(rsvp_id=rsvp.id, **asdict(Needs(**said))))
        db.session.flush()
    else:
        forget_needs(rsvp.id)


# Whoever says no has no needs, and says so under the lock of the date.
_FORGET = Prepared(sa.delete(AccessNeed.__table__).where(AccessNeed.rsvp_id == sa.bindparam("rsvp_id")))


@operation
def forget_needs(rsvp_id: int) -> None:
    """Erase what one answer said it needs."""
    _FORGET.run(db.session(), rsvp_id=rsvp_id)


@operation
def erase_needs() -> int:
    """Erase the needs for every date that ended 30 days ago or earlier; returns how many answers had any."""
    ended = select(Occurrence.id).where(Occurrence.ends_at <= clock.now() - KEPT)
    answers = select(Rsvp.id).where(Rsvp.occurrence_id.in_(ended))
    statement = sa.delete(AccessNeed).where(AccessNeed.rsvp_id.in_(answers))
    statement = statement.execution_options(synchronize_session=False)
    return int(db.session.execute(statement).rowcount)  # type: ignore[attr-defined]
