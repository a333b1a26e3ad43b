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
from forum.neighborhoods.models import Neighborhood


class Answer(StrEnum):
    GOING = "going"
    MAYBE = "maybe"
    NOT_GOING = "not_going"


class Place(StrEnum):
    """What the answer holds: a confirmed place, places kept for a while, a turn in line, or none (maybe, not going)."""

    CONFIRMED = "confirmed"
    NONE = "none"
    OFFERED = "offered"
    WAITING = "waiting"


class Channel(StrEnum):
    """How the answer came."""

    MAIL = "mail"
    PHONE = "phone"
    SITE = "site"


class Rsvp(db.Model):
    """An answer: of an account, of a caller or guest by name, or of nobody by name, to be changed with a code."""

    __tablename__ = "rsvp"
    __table_args__ = (
        one_of("answer", Answer),
        one_of("place", Place),
        one_of("channel", Channel),
        sa.CheckConstraint("party_size BETWEEN 1 AND 20", name="party_size"),
        sa.CheckConstraint("(place = 'none') = (answer <> 'going')", name="place_follows_answer"),
        sa.CheckConstraint("(place IN ('offered', 'waiting')) = (ticket IS NOT NULL)", name="ticket"),
        sa.CheckConstraint("(place = 'offered') = (offer_ends_at IS NOT NULL)", name="offer"),
        sa.CheckConstraint("(person_id IS NULL AND code_hash IS NULL) = (name <> '')", name="somebody"),
        sa.UniqueConstraint("occurrence_id", "person_id"),
        sa.UniqueConstraint("occurrence_id", "ticket"),
        sa.Index("ix_rsvp_person_id", "person_id", "place"),
        sa.Index("ix_rsvp_offer_ends_at", "offer_ends_at"),
        # The roster is counted and put in order without reading a row of it.
        sa.Index("ix_rsvp_roster", "occurrence_id", "place", "answer", "ticket", "id", "party_size"),
        sa.Index(
            "ix_rsvp_guest",
            "occurrence_id",
            "email",
            unique=True,
            sqlite_where=sa.text("email <> ''"),
            postgresql_where=sa.text("email <> ''"),
        ),
        # The links, mail addresses and QR codes of an answer are sealed over its id: one that is gone must never open
        # the answer of whoever comes next.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    occurrence_id: Mapped[int] = mapped_column(sa.ForeignKey("occurrence.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(sa.String(120), default="")  # of a caller or guest without an account
    email: Mapped[str] = mapped_column(sa.String(254), default="")  # of a guest, confirmed; lower case
    language: Mapped[str] = mapped_column(sa.String(16), default="")  # a guest reads mail in it
    code_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)  # of a headcount's change code
    channel: Mapped[Channel] = mapped_column(Word(Channel), default=Channel.SITE)
    answer: Mapped[Answer] = mapped_column(Word(Answer))
    party_size: Mapped[int] = mapped_column(default=1)
    place: Mapped[Place] = mapped_column(Word(Place), default=Place.NONE)
    ticket: Mapped[int | None]  # the turn in line; smaller is earlier
    offer_ends_at: Mapped[datetime | None]  # until then the offered places are kept
    # Shown on the event's page as "Resident of ..."; None: not shown at all.
    shown_neighborhood_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("neighborhood.id", ondelete="SET NULL"), index=True
    )
    keeps_attendance: Mapped[bool] = mapped_column(default=False)  # wants "I was there" kept by name
    # Reminders by mail: the day before, and two hours before.
    remind_day: Mapped[bool] = mapped_column(default=True)
    remind_hours: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)
    # When it was last said otherwise than by mail, and the moment that the last reply by mail carries (its writer's
    # clock): an older reply does not count. ``updated_at`` would not do, since the line moves by itself.
    said_at: Mapped[datetime | None]
    replied_at: Mapped[datetime | None]

    occurrence: Mapped[Occurrence] = relationship()
    person: Mapped[Person | None] = relationship()
    shown_neighborhood: Mapped[Neighborhood | None] = relationship()
