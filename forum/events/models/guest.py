"""An answer without an account that waits for its owner to confirm the address."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.core import clock
from forum.core.db import Word, one_of
from forum.events.models.occurrence import Occurrence
from forum.events.models.rsvp import Answer, Rsvp
from forum.extensions import db


class GuestRequest(db.Model):
    """What was typed, until the link mailed for it is confirmed. It holds no place, and is forgotten after a day."""

    __tablename__ = "guest_request"
    __table_args__ = (
        one_of("answer", Answer),
        sa.CheckConstraint("party_size BETWEEN 1 AND 20", name="party_size"),
        sa.CheckConstraint("(name = '' AND email = '') = (rsvp_id IS NOT NULL)", name="confirmed"),
        {
            "sqlite_autoincrement": True
        },  # an id is never used again: it is part of the link and of the outbox's key
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    occurrence_id: Mapped[int] = mapped_column(sa.ForeignKey("occurrence.id", ondelete="CASCADE"), index=True)
    # Empty once it is confirmed: the answer has them then.
    name: Mapped[str] = mapped_column(sa.String(120))
    email: Mapped[str] = mapped_column(sa.String(254))  # folded
    language: Mapped[str] = mapped_column(sa.String(16), default="")  # of the page it was typed on
    answer: Mapped[Answer] = mapped_column(Word(Answer))
    party_size: Mapped[int] = mapped_column(default=1)
    shown_neighborhood_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("neighborhood.id", ondelete="SET NULL"), index=True
    )
    needs: Mapped[dict[str, Any]] = mapped_column(
        default=dict
    )  # operations.needs.Needs, without what is not needed
    remind_day: Mapped[bool] = mapped_column(default=True)
    remind_hours: Mapped[bool] = mapped_column(default=False)
    nonce: Mapped[str] = mapped_column(sa.String(43))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    # What it was confirmed as; with the answer it goes.
    rsvp_id: Mapped[int | None] = mapped_column(sa.ForeignKey("rsvp.id", ondelete="CASCADE"), index=True)

    occurrence: Mapped[Occurrence] = relationship()
    rsvp: Mapped[Rsvp | None] = relationship()
