"""A wave: what was hidden together, with one press, and can be given back so."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.core import clock
from forum.core.db import Word, one_of
from forum.extensions import db
from forum.moderation.models.case import CaseState
from forum.moderation.models.decision import Decision, Moderator
from forum.moderation.models.rules import Rule


class Turn(StrEnum):
    """What has become of one thing of a wave."""

    HIDDEN = "hidden"
    RESTORED = "restored"  # as it was before, by an undo or after an appeal
    SKIPPED = "skipped"  # somebody had decided about it, or its author had taken it back
    WAITING = "waiting"


class Wave(db.Model):
    """One press under one rule. ``busy`` while some of its things are still to be hidden or given back."""

    __tablename__ = "moderation_wave"
    __table_args__ = (
        sa.CheckConstraint("words <> ''", name="words"),
        sa.Index("ix_moderation_wave_busy", "busy", "id"),
        sa.Index("ix_moderation_wave_made_by_id", "made_by_id"),
        sa.Index("ix_moderation_wave_moderator_id", "moderator_id"),
        sa.Index("ix_moderation_wave_rule_id", "rule_id"),
        sa.Index("ix_moderation_wave_undone_by_id", "undone_by_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(64), unique=True)  # of the form: pressed twice it is one wave
    rule_id: Mapped[int] = mapped_column(sa.ForeignKey("moderation_rule.id", ondelete="RESTRICT"))
    words: Mapped[str] = mapped_column(sa.Text)
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    moderator_id: Mapped[int] = mapped_column(sa.ForeignKey("moderation_moderator.id", ondelete="RESTRICT"))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    undone_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    undone_at: Mapped[datetime | None]
    busy: Mapped[bool] = mapped_column(default=True)

    rule: Mapped[Rule] = relationship()
    moderator: Mapped[Moderator] = relationship()


class WaveItem(db.Model):
    """One thing of a wave, and how it stood before. It does not say whose the thing is."""

    __tablename__ = "moderation_wave_item"
    __table_args__ = (
        one_of("case_before", CaseState),
        one_of("state", Turn),
        sa.UniqueConstraint("wave_id", "kind", "thing_id"),
        sa.Index("ix_moderation_wave_item_lead_id", "lead_id", "id"),
        sa.Index("ix_moderation_wave_item_wave_id", "wave_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(sa.ForeignKey("moderation_wave.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(sa.String(32))
    thing_id: Mapped[int]
    state: Mapped[Turn] = mapped_column(Word(Turn), default=Turn.WAITING)
    held: Mapped[bool] = mapped_column(default=False)  # before: others did not read it, a filter held it
    case_before: Mapped[CaseState | None] = mapped_column(
        Word(CaseState)
    )  # of the case that was open, if any
    decision_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("moderation_decision.id", ondelete="CASCADE"), unique=True
    )
    # The first decision of the wave about the same author: the one that is told, and appealed against for all of them.
    lead_id: Mapped[int | None] = mapped_column(sa.ForeignKey("moderation_decision.id", ondelete="SET NULL"))

    wave: Mapped[Wave] = relationship()
    decision: Mapped[Decision | None] = relationship(foreign_keys=[decision_id])
