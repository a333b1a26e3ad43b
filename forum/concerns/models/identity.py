"""Who raised a concern: apart from it, so that reading the one never shows the other."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.accounts.models import Person
from forum.concerns.models.concern import Concern
from forum.core import clock
from forum.core.db import sparse
from forum.extensions import db


class Identity(db.Model):
    """Who stands behind a concern that is not anonymous. A confidential one is opened by a reviewer, for a reason."""

    __tablename__ = "concern_identity"
    __table_args__ = (sparse("ix_concern_identity_person_id", "person_id"),)

    concern_id: Mapped[int] = mapped_column(sa.ForeignKey("concern.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(sa.String(120), default="")
    email: Mapped[str] = mapped_column(
        sa.String(254), default=""
    )  # where answers go, when there is no account
    phone: Mapped[str] = mapped_column(sa.String(60), default="")

    concern: Mapped[Concern] = relationship()
    person: Mapped[Person | None] = relationship()


class IdentityReading(db.Model):
    """That somebody opened a confidential identity, and why. Never changed."""

    __tablename__ = "concern_identity_reading"
    __table_args__ = (
        sa.CheckConstraint("reason <> ''", name="reason"),
        sa.Index("ix_concern_identity_reading_concern_id", "concern_id", "at"),
        sa.Index("ix_concern_identity_reading_reader_id", "reader_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    concern_id: Mapped[int] = mapped_column(sa.ForeignKey("concern.id", ondelete="CASCADE"))
    reader_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    reason: Mapped[str] = mapped_column(sa.String(500))

    concern: Mapped[Concern] = relationship()
    reader: Mapped[Person | None] = relationship()
