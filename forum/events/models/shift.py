"""Volunteer shifts: who helps when at one date, and the hours they gave."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.accounts.models import Person
from forum.core import clock
from forum.events.models.occurrence import Occurrence
from forum.extensions import db


class Shift(db.Model):
    """A stretch of work with room for so many. It moves with its date, so its start is kept in minutes from there."""

    __tablename__ = "shift"
    __table_args__ = (
        sa.CheckConstraint("capacity > 0 AND taken >= 0 AND taken <= capacity", name="places"),
        sa.CheckConstraint("length > 0", name="length"),
        sa.Index("ix_shift_occurrence_id", "occurrence_id", "offset", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    occurrence_id: Mapped[int] = mapped_column(sa.ForeignKey("occurrence.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(sa.String(120))
    offset: Mapped[int]  # minutes from the date's start; below zero: before it
    length: Mapped[int]  # minutes
    capacity: Mapped[int]  # people
    bring: Mapped[str] = mapped_column(sa.String(300), default="")  # what to bring or wear
    taken: Mapped[int] = mapped_column(
        default=0
    )  # sign-ups; kept under the row's lock, held to the truth by tests

    occurrence: Mapped[Occurrence] = relationship()
    signups: Mapped[list[ShiftSignup]] = relationship(
        back_populates="shift", order_by="ShiftSignup.id", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def starts_at(self) -> datetime:
        return self.occurrence.starts_at + timedelta(minutes=self.offset)

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.length)

    @property
    def is_full(self) -> bool:
        return self.taken >= self.capacity


class ShiftSignup(db.Model):
    """One helper in a shift: a person with an account, or a name that the organizer wrote down."""

    __tablename__ = "shift_signup"
    __table_args__ = (
        sa.CheckConstraint("(person_id IS NULL) = (name <> '')", name="somebody"),
        sa.CheckConstraint("worked IS NULL OR worked BETWEEN 0 AND 1440", name="worked"),
        sa.UniqueConstraint("shift_id", "person_id"),
        sa.Index("ix_shift_signup_person_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    shift_id: Mapped[int] = mapped_column(sa.ForeignKey("shift.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(sa.String(120), default="")
    worked: Mapped[int | None]  # minutes; None: not counted yet, 0: did not come
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    shift: Mapped[Shift] = relationship(back_populates="signups")
    person: Mapped[Person | None] = relationship()

    @property
    def called(self) -> str:
        """The helper's name."""
        return self.person.name if self.person is not None else self.name
