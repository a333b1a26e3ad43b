"""The outbox's table."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from forum.core import clock
from forum.core.db import Word, one_of
from forum.extensions import db


class Delivery(StrEnum):
    """Where a notification stands. ``sending`` is recorded before the mail server is spoken to."""

    DELIVERED = "delivered"
    FAILED = "failed"  # permanently: the address was refused, or every attempt is used up
    PENDING = "pending"
    SENDING = "sending"
    WITHDRAWN = "withdrawn"  # nothing to say any more: the person or the subject is gone


class Notification(db.Model):
    """Something one person is to be told."""

    __tablename__ = "notification"
    __table_args__ = (
        one_of("delivery", Delivery),
        sa.Index("ix_notification_due", "delivery", "due_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(160), unique=True)  # e.g. "rsvp.promoted:17:3"
    kind: Mapped[str] = mapped_column(sa.String(64))  # names the message registered by wiring
    # A person's id; no foreign key into a higher tier. None: somebody without an account, whose address the message
    # reads from the subject; ``detail["language"]`` is the one they read.
    recipient_id: Mapped[int | None] = mapped_column(index=True)
    subject_id: Mapped[int | None]
    detail: Mapped[dict[str, Any]] = mapped_column(
        default=dict
    )  # ids and enum words; never the text of anything
    delivery: Mapped[Delivery] = mapped_column(Word(Delivery), default=Delivery.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    due_at: Mapped[datetime] = mapped_column(
        default=clock.now
    )  # earliest next attempt, or the end of a lease
    finished_at: Mapped[datetime | None]
    failure: Mapped[str] = mapped_column(sa.String(64), default="")  # a word for operators, never an address
    held_by: Mapped[str] = mapped_column(
        sa.String(36), default=""
    )  # the worker whose lease this is while sending
