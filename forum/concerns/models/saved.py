"""What the desk keeps for itself: named filters and words it writes often."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.accounts.models import Person
from forum.core import clock
from forum.extensions import db


class SavedView(db.Model):
    """One person's filter of the queue, under a name."""

    __tablename__ = "concern_view"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "name"),
        sa.CheckConstraint("name <> ''", name="words"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(sa.String(60))
    query: Mapped[str] = mapped_column(
        sa.String(500), default=""
    )  # as it stands in the address, in one spelling


class Template(db.Model):
    """Words for an answer, in one language, with how hard they read and when somebody last looked at them."""

    __tablename__ = "concern_template"
    __table_args__ = (
        sa.UniqueConstraint("name", "language"),
        sa.CheckConstraint("name <> '' AND text <> ''", name="words"),
        sa.Index("ix_concern_template_reviewed_by_id", "reviewed_by_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))  # the list's own: one of a kind in each language
    title: Mapped[str] = mapped_column(
        sa.String(120), default="", server_default=""
    )  # what it says, for who answers
    language: Mapped[str] = mapped_column(sa.String(16), default="en")
    text: Mapped[str] = mapped_column(sa.Text)
    grade: Mapped[float]  # school grade, computed when saved
    reviewed_on: Mapped[date] = mapped_column(default=clock.today)
    reviewed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))

    reviewed_by: Mapped[Person | None] = relationship()
