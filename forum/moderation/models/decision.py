"""What was decided, under which rule, and by whom: in public only as a number."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.accounts.models import Person
from forum.core import clock
from forum.core.db import Word, one_of
from forum.extensions import db
from forum.moderation.models.case import Case
from forum.moderation.models.rules import Rule


class Measure(StrEnum):
    """What can be decided; there is no "other"."""

    EDIT = "edit"  # the text goes back to its author
    HIDE = "hide"
    KEEP = "keep"
    PAUSE = "pause"  # hidden, and its author posts nothing for a time
    REDACT = "redact"  # personal data taken out, the rest stays
    WARN = "warn"  # it stays; its author is told not to do it again


class Moderator(db.Model):
    """The number under which a moderator's decisions are public: M-07. Never given to somebody else."""

    __tablename__ = "moderation_moderator"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)  # the number
    person_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("person.id", ondelete="SET NULL"), unique=True
    )

    @property
    def code(self) -> str:
        """«M-07»."""
        return f"M-{self.id:02d}"


class Decision(db.Model):
    """The one decision of a case."""

    __tablename__ = "moderation_decision"
    __table_args__ = (
        one_of("measure", Measure),
        sa.CheckConstraint("words <> ''", name="words"),
        sa.CheckConstraint("(measure = 'pause') = (pause_days IS NOT NULL)", name="pause_days"),
        sa.Index("ix_moderation_decision_rule_id", "rule_id"),
        sa.Index("ix_moderation_decision_decided_at", "decided_at", "id"),
        sa.Index("ix_moderation_decision_decided_by_id", "decided_by_id"),
        sa.Index("ix_moderation_decision_moderator_id", "moderator_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("moderation_case.id", ondelete="CASCADE"), unique=True)
    measure: Mapped[Measure] = mapped_column(Word(Measure))
    rule_id: Mapped[int] = mapped_column(sa.ForeignKey("moderation_rule.id", ondelete="RESTRICT"))
    words: Mapped[str] = mapped_column(sa.Text)  # what exactly, for the author to read
    pause_days: Mapped[int | None]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    moderator_id: Mapped[int] = mapped_column(sa.ForeignKey("moderation_moderator.id", ondelete="RESTRICT"))
    decided_at: Mapped[datetime] = mapped_column(default=clock.now)
    undone_at: Mapped[datetime | None]  # an appeal overturned it

    case: Mapped[Case] = relationship()
    rule: Mapped[Rule] = relationship()
    moderator: Mapped[Moderator] = relationship()


class Pause(db.Model):
    """Someone may not post until then. Reading, RSVPs and concerns are never paused."""

    __tablename__ = "moderation_pause"
    __table_args__ = (sa.Index("ix_moderation_pause_person_id", "person_id", "until"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(
        sa.ForeignKey("moderation_decision.id", ondelete="CASCADE"), unique=True
    )
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"))
    until: Mapped[datetime]
    person: Mapped[Person] = relationship()
