"""How often people were told whom to call, by day. Nothing of who they were."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Word, one_of
from forum.extensions import db


class Cause(StrEnum):
    """Why the page spoke of danger."""

    CATEGORY = "category"
    WORDS = "words"


class DangerCount(db.Model):
    """The warnings shown on one day for one cause."""

    __tablename__ = "concern_danger_count"
    __table_args__ = (one_of("cause", Cause), sa.CheckConstraint("times > 0", name="times"))

    day: Mapped[date] = mapped_column(primary_key=True)
    cause: Mapped[Cause] = mapped_column(Word(Cause), primary_key=True)
    times: Mapped[int] = mapped_column(default=1)
