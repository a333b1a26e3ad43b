"""That supervisors were told of a clock before it ran out."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from forum.concerns.models.concern import ClockKind
from forum.core.clock import now
from forum.core.db import Word, one_of
from forum.extensions import db


class Warned(db.Model):
    """One warning: of one concern, one of its clocks, and the round that clock was in (clocks.Run.round)."""

    __tablename__ = "concern_warning"
    __table_args__ = (one_of("clock", ClockKind),)

    concern_id: Mapped[int] = mapped_column(sa.ForeignKey("concern.id", ondelete="CASCADE"), primary_key=True)
    clock: Mapped[ClockKind] = mapped_column(Word(ClockKind), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(default=now)
