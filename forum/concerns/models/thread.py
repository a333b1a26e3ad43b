"""What is said about a concern: entries for its person, notes for the desk alone, pictures."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.accounts.models import Person
from forum.concerns.models.concern import Closing, Concern, Status
from forum.core import clock
from forum.core.db import Word, one_of, sparse
from forum.extensions import db


class Author(StrEnum):
    """Whose words an entry holds."""

    PERSON = "person"
    STAFF = "staff"
    SYSTEM = "system"


class Waiting(StrEnum):
    """For whom a concern waits; its clocks rest meanwhile."""

    OUTSIDE = "outside"
    PARTNER = "partner"
    PERSON = "person"


class Entry(db.Model):
    """One step of the thread that the person sees: words, a new status, or both. Never changed."""

    __tablename__ = "concern_entry"
    __table_args__ = (
        one_of("author", Author),
        one_of("status", Status),
        one_of("closed_as", Closing),
        one_of("waits_for", Waiting),
        sa.CheckConstraint("text <> '' OR status IS NOT NULL", name="something"),
        sa.CheckConstraint("(status = 'waiting') = (waits_for IS NOT NULL)", name="waits_for_whom"),
        sa.CheckConstraint("staff_id IS NULL OR author = 'staff'", name="staff"),
        sa.UniqueConstraint("concern_id", "number"),
        sparse("ix_concern_entry_staff_id", "staff_id"),
        sparse("ix_concern_entry_key", "key", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # random, as the concern's
    concern_id: Mapped[int] = mapped_column(sa.ForeignKey("concern.id", ondelete="CASCADE"))
    number: Mapped[int]  # its place in the thread, from 1
    key: Mapped[str | None] = mapped_column(sa.String(64))  # of the form: sent twice, it is one entry
    author: Mapped[Author] = mapped_column(Word(Author))
    staff_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(default=clock.now)  # an anonymous person's own: the day's midnight
    text: Mapped[str] = mapped_column(sa.Text, default="")
    status: Mapped[Status | None] = mapped_column(Word(Status))  # the status from here on
    closed_as: Mapped[Closing | None] = mapped_column(Word(Closing))
    waits_for: Mapped[Waiting | None] = mapped_column(Word(Waiting))
    evidence: Mapped[str] = mapped_column(sa.String(500), default="")  # closed as done: what shows it
    public: Mapped[bool] = mapped_column(
        default=False
    )  # shown on the public page too, while the concern is public

    concern: Mapped[Concern] = relationship()
    staff: Mapped[Person | None] = relationship()


class Note(db.Model):
    """What staff write for each other. No page, feed, mail, export or count of a person's ever reads this table."""

    __tablename__ = "concern_note"
    __table_args__ = (
        sa.CheckConstraint("text <> ''", name="words"),
        sa.Index("ix_concern_note_concern_id", "concern_id", "at"),
        sa.Index("ix_concern_note_author_id", "author_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    concern_id: Mapped[int] = mapped_column(sa.ForeignKey("concern.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    text: Mapped[str] = mapped_column(sa.Text)

    concern: Mapped[Concern] = relationship()
    author: Mapped[Person | None] = relationship()


class ConcernPicture(db.Model):
    """A picture: pixels drawn anew, under a random name, in a folder that no public address reads."""

    __tablename__ = "concern_picture"
    __table_args__ = (
        sa.Index("ix_concern_picture_concern_id", "concern_id", "position"),
        sa.Index("ix_concern_picture_entry_id", "entry_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    concern_id: Mapped[int] = mapped_column(sa.ForeignKey("concern.id", ondelete="CASCADE"))
    entry_id: Mapped[int | None] = mapped_column(sa.ForeignKey("concern_entry.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(sa.String(40), unique=True)  # of the file
    alt: Mapped[str] = mapped_column(sa.String(500), default="")  # what it shows, in the person's words
    position: Mapped[int] = mapped_column(default=0)

    concern: Mapped[Concern] = relationship()
