"""Who may not post for a time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, func, select

from forum.accounts.models import Person, Visitor
from forum.extensions import db
from forum.moderation.models import Pause


def pause_of(person_id: int, now: datetime) -> Select[datetime | None]:
    """Until when posting is paused for this person; None when it is not."""
    return select(func.max(Pause.until)).where(Pause.person_id == person_id, Pause.until > now)


def paused_until(person: Person | Visitor, now: datetime) -> datetime | None:
    """Until when *person* may not post; None when they may. Reading, RSVPs and concerns are never paused."""
    return db.session.scalar(pause_of(person.id, now)) if person.id is not None else None


def is_paused(person: Person | Visitor, now: datetime) -> bool:
    """Whether *person* may not post now."""
    return paused_until(person, now) is not None


def pause_by(decision_id: int) -> Select[Pause]:
    """The pause that this decision made."""
    return select(Pause).where(Pause.decision_id == decision_id)
