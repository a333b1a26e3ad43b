"""Messages that an organizer sends to everybody who answered."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.core import clock
from forum.events.models.occurrence import Occurrence
from forum.extensions import db


class EventMessage(db.Model):
    """One message about one date: its words, which every mail reads when it is sent, and to whom it went."""

    __tablename__ = "event_message"
    __table_args__ = (
        sa.CheckConstraint("subject <> '' AND text <> ''", name="words"),
        sa.CheckConstraint("recipients >= 0", name="recipients"),
        sa.UniqueConstraint("token"),
        sa.Index("ix_event_message_event_id", "event_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id", ondelete="CASCADE"))
    occurrence_id: Mapped[int] = mapped_column(sa.ForeignKey("occurrence.id", ondelete="CASCADE"), index=True)
    token: Mapped[str] = mapped_column(sa.String(32))  # came with the form: sent twice, it is one message
    subject: Mapped[str] = mapped_column(sa.String(120))
    text: Mapped[str] = mapped_column(sa.Text)  # plain
    audience: Mapped[list[str]] = mapped_column(sa.JSON)  # words of queries.roster.Standing
    recipients: Mapped[int]  # people with an account and guests with an address
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    occurrence: Mapped[Occurrence] = relationship()
