"""The occurrence: what people come to."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.core import clock
from forum.events.models.event import Event
from forum.extensions import db


class Occurrence(db.Model):
    """One date of an event. What is None is the event's own; what is set differs on this date alone."""

    __tablename__ = "occurrence"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "original_date"),
        sa.CheckConstraint("ends_at > starts_at", name="order"),
        sa.CheckConstraint("places_taken >= 0 AND places_offered >= 0 AND walk_ins >= 0", name="counts"),
        sa.Index("ix_occurrence_listed_starts_at", "listed", "starts_at", "id"),
        sa.Index("ix_occurrence_kind_id", "kind_id", "listed", "starts_at", "id"),
        sa.Index("ix_occurrence_event_id", "event_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id", ondelete="CASCADE"))
    original_date: Mapped[date]  # local date of the original start: its address, for ever
    original_start: Mapped[datetime] = mapped_column(
        sa.DateTime()
    )  # naive, in the event's zone: its RECURRENCE-ID
    # What mails called it before it changed its series or its place in the rule: the UID and RECURRENCE-ID by which
    # calendars that took it from a mail must find it again. None: what it is called now.
    known_uid: Mapped[str | None] = mapped_column(sa.String(64))
    known_start: Mapped[datetime | None] = mapped_column(sa.DateTime())  # naive, in the event's zone
    starts_at: Mapped[datetime]  # the moment it really starts
    ends_at: Mapped[datetime]
    # Copies kept by the operations that change the event, so that a list is one index range.
    listed: Mapped[bool] = mapped_column(default=False)  # the event is public
    kind_id: Mapped[int] = mapped_column(sa.ForeignKey("event_kind.id"))

    moved: Mapped[bool] = mapped_column(default=False)  # differs from the rule in time or place
    cancelled: Mapped[bool] = mapped_column(default=False)  # this date alone
    reason: Mapped[str] = mapped_column(sa.String(500), default="")  # of the move or cancellation, public
    place_name: Mapped[str | None] = mapped_column(sa.String(200))
    place_address: Mapped[str | None] = mapped_column(sa.String(255))
    capacity: Mapped[int | None]  # overrides the event's when set
    sequence: Mapped[int] = mapped_column(default=0)  # added to the event's own
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)

    # Kept by the RSVP operations under the row's lock; tests hold them to the truth.
    places_taken: Mapped[int] = mapped_column(default=0)  # people with a confirmed place
    places_offered: Mapped[int] = mapped_column(default=0)  # people whose places are kept while they decide
    waiting: Mapped[int] = mapped_column(default=0)  # people in line, without those who have an offer
    next_ticket: Mapped[int] = mapped_column(default=1)  # the line's counter
    # People who came, with an answer or without, as counted at the door (models/arrival.py): attendance, not places.
    walk_ins: Mapped[int] = mapped_column(default=0)

    event: Mapped[Event] = relationship(back_populates="occurrences")

    @property
    def places(self) -> int | None:
        """How many people fit; None when there is no limit."""
        return self.capacity if self.capacity is not None else self.event.capacity

    @property
    def first_uid(self) -> str:
        """The UID by which mails speak of this date, whatever series it belongs to by now."""
        return self.known_uid or self.event.uid

    @property
    def first_start(self) -> datetime:
        """The RECURRENCE-ID that goes with ``first_uid``: naive, in the event's zone."""
        return self.known_start or self.original_start

    @property
    def is_exception(self) -> bool:
        """Whether calendars need a VEVENT of its own for this date."""
        return self.moved or self.cancelled


class FormerDate(db.Model):
    """An address that an occurrence had before its series was split or got another rule; it leads there for ever."""

    __tablename__ = "former_date"
    __table_args__ = (sa.Index("ix_former_date_occurrence_id", "occurrence_id"),)

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id", ondelete="CASCADE"), primary_key=True)
    original_date: Mapped[date] = mapped_column(primary_key=True)
    occurrence_id: Mapped[int] = mapped_column(sa.ForeignKey("occurrence.id", ondelete="CASCADE"))
