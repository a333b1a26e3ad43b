"""A decided thing is looked at again, blind, so that everybody can see whether the agency's critics fare worse."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.core import clock
from forum.core.db import Word, one_of
from forum.extensions import db
from forum.moderation.models.decision import Decision


class Stance(StrEnum):
    """What a text says of the agency; asked only once the second look is over, and never used for anything else."""

    CRITICISM = "criticism"
    NEITHER = "neither"
    PRAISE = "praise"


class Recheck(db.Model):
    """One decision of the sample. First somebody else says whether the masked text breaks the rule, then its stance."""

    __tablename__ = "moderation_recheck"
    __table_args__ = (
        one_of("stance", Stance),
        sa.CheckConstraint("(breaks IS NULL) = (looked_at IS NULL)", name="looked"),
        sa.CheckConstraint("stance IS NULL OR breaks IS NOT NULL", name="blind_first"),
        sa.Index("ix_moderation_recheck_open", "stance", "id"),
        sa.Index("ix_moderation_recheck_looked_by_id", "looked_by_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(
        sa.ForeignKey("moderation_decision.id", ondelete="CASCADE"), unique=True
    )
    drawn_at: Mapped[datetime] = mapped_column(default=clock.now)
    looked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    looked_at: Mapped[datetime | None]
    breaks: Mapped[bool | None]  # whether it breaks the rule, as who looks blind sees it
    stance: Mapped[Stance | None] = mapped_column(Word(Stance))

    decision: Mapped[Decision] = relationship()
