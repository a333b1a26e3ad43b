"""Who may never see a concern."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.accounts.models import Person
from forum.concerns.models.concern import Concern
from forum.core import clock
from forum.extensions import db


class Recusal(db.Model):
    """One of staff who does not see one concern, however their role changes."""

    __tablename__ = "concern_recusal"
    __table_args__ = (
        sa.Index("ix_concern_recusal_person_id", "person_id"),
        {"sqlite_with_rowid": False},  # a row number would tell between which others it was written
    )

    concern_id: Mapped[int] = mapped_column(sa.ForeignKey("concern.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    # It is about them, so whoever answers to them is kept out too. False: they stand above such a one.
    named: Mapped[bool] = mapped_column(default=True)
    since: Mapped[datetime] = mapped_column(default=clock.now)

    concern: Mapped[Concern] = relationship(back_populates="recusals")
    person: Mapped[Person] = relationship()


class Statement(db.Model):
    """That a reviewer said, before reading what nobody has screened: it is not about me. The ledger has it too."""

    __tablename__ = "concern_statement"
    __table_args__ = (sa.Index("ix_concern_statement_person_id", "person_id"),)

    concern_id: Mapped[int] = mapped_column(sa.ForeignKey("concern.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
