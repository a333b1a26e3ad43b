"""The author says that a decision was wrong; somebody else looks again."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.accounts.models import Person
from forum.core import clock
from forum.core.db import Word, one_of
from forum.extensions import db
from forum.moderation.models.decision import Decision


class Verdict(StrEnum):
    """How an appeal ended."""

    OVERTURNED = "overturned"
    UPHELD = "upheld"


class Appeal(db.Model):
    """The one appeal against a decision. What is said stands in its messages."""

    __tablename__ = "moderation_appeal"
    __table_args__ = (
        one_of("verdict", Verdict),
        sa.CheckConstraint("(decided_at IS NULL) = (verdict IS NULL)", name="decided"),
        sa.Index("ix_moderation_appeal_due", "verdict", "due_at", "id"),
        sa.Index("ix_moderation_appeal_decided_by_id", "decided_by_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(
        sa.ForeignKey("moderation_decision.id", ondelete="CASCADE"), unique=True
    )
    raised_at: Mapped[datetime] = mapped_column(default=clock.now)
    due_at: Mapped[datetime]
    verdict: Mapped[Verdict | None] = mapped_column(Word(Verdict))
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None]

    decision: Mapped[Decision] = relationship()
    messages: Mapped[list[AppealMessage]] = relationship(order_by="AppealMessage.id")


class AppealMessage(db.Model):
    """What the author or who looks again says. The author is not named: the thing's slice knows who it is."""

    __tablename__ = "moderation_appeal_message"
    __table_args__ = (
        sa.CheckConstraint("text <> ''", name="words"),
        sa.Index("ix_moderation_appeal_message_appeal_id", "appeal_id", "id"),
        sa.Index("ix_moderation_appeal_message_staff_id", "staff_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    appeal_id: Mapped[int] = mapped_column(sa.ForeignKey("moderation_appeal.id", ondelete="CASCADE"))
    by_staff: Mapped[bool]
    staff_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime] = mapped_column(default=clock.now)

    staff: Mapped[Person | None] = relationship()
