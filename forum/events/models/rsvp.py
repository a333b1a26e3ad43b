"""The RSVP: one answer of one person to one occurrence."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.accounts.models import Person
from forum.core import clock
from forum.core.db import Word, one_of
from forum.events.models.occurrence import Occurrence
from forum.extensions import db


class Answer(StrEnum):
    GOING = "going"
    MAYBE = "maybe"
    NOT_GOING = "not_going"


class Place(StrEnum):
    """What the answer holds: a confirmed place, a turn in line, or neither (maybe, not going)."""

    CONFIRMED = "confirmed"
    NONE = "none"
    WAITING = "waiting"


class Channel(StrEnum):
    """How the answer came."""

    PHONE = "phone"
    SITE = "site"


class Rsvp(db.Model):
    """An answer. A phone-in has a name instead of an account."""

    __tablename__ = "rsvp"
    __table_args__ = (
        one_of("answer", Answer),
        one_of("place", Place),
        one_of("channel", Channel),
        sa.CheckConstraint("party_size BETWEEN 1 AND 20", name="party_size"),
        sa.CheckConstraint("(place = 'none') = (answer <> 'going')", name="place_follows_answer"),
        sa.CheckConstraint("(place = 'waiting') = (ticket IS NOT NULL)", name="ticket"),
        sa.CheckConstraint("(person_id IS NULL) = (name <> '')", name="somebody"),
        sa.UniqueConstraint("occurrence_id", "person_id"),
        sa.UniqueConstraint("occurrence_id", "ticket"),
        sa.Index("ix_rsvp_person_id", "person_id", "place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    occurrence_id: Mapped[int] = mapped_column(sa.ForeignKey("occurrence.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(sa.String(120), default="")  # of a caller without an account
    channel: Mapped[Channel] = mapped_column(Word(Channel), default=Channel.SITE)
    answer: Mapped[Answer] = mapped_column(Word(Answer))
    party_size: Mapped[int] = mapped_column(default=1)
    place: Mapped[Place] = mapped_column(Word(Place), default=Place.NONE)
    ticket: Mapped[int | None]  # the turn in line; smaller is earlier
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)

    occurrence: Mapped[Occurrence] = relationship()
    person: Mapped[Person | None] = relationship()
