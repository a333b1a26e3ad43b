"""The arrival: people counted at the door, each time on one device."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.core import clock
from forum.events.models.occurrence import Occurrence
from forum.events.models.rsvp import Rsvp
from forum.extensions import db


class Arrival(db.Model):
    """What was counted at once. It is never changed, only undone, so that devices may tell of it in any order.

    ``Occurrence.walk_ins`` follows: the sum of what was counted without a name, and the largest party of each answer.
    """

    __tablename__ = "arrival"
    __table_args__ = (
        sa.UniqueConstraint("occurrence_id", "key"),
        sa.CheckConstraint("people BETWEEN -1000 AND 10000", name="people"),
        sa.Index("ix_arrival_rsvp_id", "rsvp_id"),
        sa.Index("ix_arrival_recorded_by_id", "recorded_by_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    occurrence_id: Mapped[int] = mapped_column(sa.ForeignKey("occurrence.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(sa.String(36))  # made on the device; sent twice, it counts once
    # Whose answer; None: counted without a name. A job forgets it a day after the date, unless its owner wants it kept.
    rsvp_id: Mapped[int | None] = mapped_column(sa.ForeignKey("rsvp.id", ondelete="SET NULL"))
    people: Mapped[int]  # below zero: corrects a count
    arrived_at: Mapped[datetime] = mapped_column(default=clock.now)  # by the device's clock, set right
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    undone: Mapped[bool] = mapped_column(default=False)

    occurrence: Mapped[Occurrence] = relationship()
    rsvp: Mapped[Rsvp | None] = relationship()
