"""Feedback: "was it worth your evening?", answered by nobody in particular."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Word, one_of
from forum.extensions import db


class Verdict(StrEnum):
    NO = "no"
    PARTLY = "partly"
    YES = "yes"


class Feedback(db.Model):
    """Three answers to one date. No person, no address and no moment is kept, and nothing tells which came first.

    ``key`` is random and came with the form, so a form that is sent twice counts once. It is the primary key, and on
    SQLite the only one, so that no row number gives the order away.
    """

    __tablename__ = "feedback"
    __table_args__ = (
        one_of("worth", Verdict),
        one_of("heard", Verdict),
        sa.Index("ix_feedback_occurrence_id", "occurrence_id"),
        {"sqlite_with_rowid": False},
    )

    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    occurrence_id: Mapped[int] = mapped_column(sa.ForeignKey("occurrence.id", ondelete="CASCADE"))
    worth: Mapped[Verdict] = mapped_column(Word(Verdict))  # was it worth your evening?
    heard: Mapped[Verdict] = mapped_column(Word(Verdict))  # did you get answers?
    change: Mapped[str] = mapped_column(sa.String(1000), default="")  # what should we do differently?
