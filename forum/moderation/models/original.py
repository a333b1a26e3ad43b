"""What a decision took away, sealed as a record."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.core import clock
from forum.core.db import Word, one_of
from forum.extensions import db
from forum.moderation.models.decision import Decision


class Retention(StrEnum):
    """How long an original is kept (operations/sealing.py has the days)."""

    PERSONAL_DATA = "personal_data"  # it was taken out because of what it says of somebody
    RECORD = "record"


class Original(db.Model):
    """The text as it was when it was decided about. To open it is an act that is recorded."""

    __tablename__ = "moderation_original"
    __table_args__ = (
        one_of("retention", Retention),
        sa.CheckConstraint(
            "excised_by_id IS NULL OR excised_by_id <> excise_asked_by_id", name="excised_by_two"
        ),
        sa.Index("ix_moderation_original_keep_until", "keep_until"),
        sa.Index("ix_moderation_original_excise_asked_by_id", "excise_asked_by_id"),
        sa.Index("ix_moderation_original_excised_by_id", "excised_by_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(
        sa.ForeignKey("moderation_decision.id", ondelete="CASCADE"), unique=True
    )
    title: Mapped[str] = mapped_column(sa.Text, default="")
    text: Mapped[str] = mapped_column(sa.Text)
    retention: Mapped[Retention] = mapped_column(Word(Retention))
    sealed_at: Mapped[datetime] = mapped_column(default=clock.now)
    keep_until: Mapped[datetime]
    # The text that two people put in its place, when even the record must not hold some personal data.
    excised_text: Mapped[str | None] = mapped_column(sa.Text)
    excise_asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    excised_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    excised_at: Mapped[datetime | None]

    decision: Mapped[Decision] = relationship()
