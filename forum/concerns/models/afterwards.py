"""What people say once a concern is closed, kept apart from every concern."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Word, one_of
from forum.extensions import db


class Question(StrEnum):
    """What is asked."""

    DEALT_WITH = "dealt_with"
    RESPECT = "respect"


class Verdict(StrEnum):
    NO = "no"
    PARTLY = "partly"
    YES = "yes"


class Afterwards(db.Model):
    """One answer to one question. No concern, no person, no day; and nothing tells which answers came together.

    The key is random and the primary one, and on SQLite the only one, so that no row number gives an order away.
    """

    __tablename__ = "concern_afterwards"
    __table_args__ = (
        one_of("question", Question),
        one_of("verdict", Verdict),
        sa.Index("ix_concern_afterwards_neighborhood_id", "neighborhood_id"),
        {"sqlite_with_rowid": False},
    )

    key: Mapped[str] = mapped_column(sa.String(43), primary_key=True)
    question: Mapped[Question] = mapped_column(Word(Question))
    verdict: Mapped[Verdict] = mapped_column(Word(Verdict))
    month: Mapped[str] = mapped_column(sa.String(7))  # 2026-11
    neighborhood_id: Mapped[int | None] = mapped_column(sa.ForeignKey("neighborhood.id", ondelete="SET NULL"))
