"""That a person says: you closed this wrongly. Somebody else decides."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.accounts.models import Person
from forum.concerns.models.concern import Concern
from forum.core import clock
from forum.core.db import Word, one_of
from forum.extensions import db


class Outcome(StrEnum):
    """How a dispute ended: the closing was overturned and the concern goes on, or it was upheld and stays closed."""

    OVERTURNED = "overturned"
    UPHELD = "upheld"


class Dispute(db.Model):
    """One closing that its person disputes; at most one at a time is undecided."""

    __tablename__ = "concern_dispute"
    __table_args__ = (
        one_of("outcome", Outcome),
        sa.CheckConstraint("words <> ''", name="words"),
        sa.CheckConstraint("(decided_at IS NULL) = (outcome IS NULL)", name="decided"),
        sa.Index("ix_concern_dispute_concern_id", "concern_id", "raised_at"),
        sa.Index("ix_concern_dispute_outcome", "outcome", "raised_at", "id"),
        sa.Index("ix_concern_dispute_closed_by_id", "closed_by_id"),
        sa.Index("ix_concern_dispute_decided_by_id", "decided_by_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    concern_id: Mapped[int] = mapped_column(sa.ForeignKey("concern.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(default=0)  # of the entry in the thread that opened the concern again
    words: Mapped[str] = mapped_column(sa.Text)  # why, as its person puts it
    raised_at: Mapped[datetime] = mapped_column(
        default=clock.now
    )  # of an anonymous person: the day's midnight
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None] = mapped_column(Word(Outcome))

    concern: Mapped[Concern] = relationship()
    closed_by: Mapped[Person | None] = relationship(foreign_keys=[closed_by_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
