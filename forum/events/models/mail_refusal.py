"""Mail that somebody does not want: every kind that is not about their own answer can be refused."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from forum.core import clock
from forum.core.db import Word, one_of
from forum.extensions import db


class Topic(StrEnum):
    """What can be refused. Sorted; the first letter stands in the link."""

    FEEDBACK = "feedback"  # how was it?
    MESSAGES = "messages"  # what organizers write to everybody
    REMINDERS = "reminders"


class MailRefusal(db.Model):
    """One topic that an account does not want at all, or that a guest does not want about one answer."""

    __tablename__ = "mail_refusal"
    __table_args__ = (
        one_of("topic", Topic),
        sa.CheckConstraint("(person_id IS NULL) <> (rsvp_id IS NULL)", name="whose"),
        sa.UniqueConstraint("person_id", "topic"),
        sa.UniqueConstraint("rsvp_id", "topic"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[Topic] = mapped_column(Word(Topic))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"))
    rsvp_id: Mapped[int | None] = mapped_column(sa.ForeignKey("rsvp.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
