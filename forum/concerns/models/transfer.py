"""Passing a concern to a partner or another agency: asked first, and only what its person agreed to."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.accounts.models import Person
from forum.concerns.models.concern import Concern
from forum.core import clock
from forum.core.db import Word, one_of
from forum.extensions import db


class Item(StrEnum):
    """What can be passed on, each agreed to by itself."""

    CONTACT = "contact"
    NAME = "name"
    PICTURES = "pictures"
    PLACE = "place"
    STORY = "story"
    THREAD = "thread"


class Consent(StrEnum):
    """How its person answered: on their own thread, or by phone, taken down by staff."""

    BY_PHONE = "by_phone"
    ON_THREAD = "on_thread"


class Transfer(db.Model):
    """One question to its person, their answer, and whether what they agreed to has left. Refused, nothing leaves."""

    __tablename__ = "concern_transfer"
    __table_args__ = (
        one_of("consent", Consent),
        sa.CheckConstraint("to_name <> '' AND why <> ''", name="words"),
        sa.CheckConstraint("(answered_at IS NULL) = (consent IS NULL)", name="answered"),
        sa.CheckConstraint("sent_at IS NULL OR answered_at IS NOT NULL", name="sent_after_consent"),
        sa.Index("ix_concern_transfer_concern_id", "concern_id", "asked_at"),
        sa.Index("ix_concern_transfer_asked_by_id", "asked_by_id"),
        sa.Index("ix_concern_transfer_recorded_by_id", "recorded_by_id"),
        sa.Index("ix_concern_transfer_sent_by_id", "sent_by_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    concern_id: Mapped[int] = mapped_column(sa.ForeignKey("concern.id", ondelete="CASCADE"))
    to_name: Mapped[str] = mapped_column(sa.String(200))
    why: Mapped[str] = mapped_column(sa.String(500))
    items: Mapped[list[Any]]  # words of Item that were asked for
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    agreed: Mapped[list[Any]] = mapped_column(
        default=list
    )  # those of them that its person agreed to; none: refused
    consent: Mapped[Consent | None] = mapped_column(Word(Consent))
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    answered_at: Mapped[datetime | None]  # of an anonymous person: the day's midnight
    sent_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    sent_at: Mapped[datetime | None]

    concern: Mapped[Concern] = relationship()
    asked_by: Mapped[Person | None] = relationship(foreign_keys=[asked_by_id])

    @property
    def is_refused(self) -> bool:
        return self.answered_at is not None and not self.agreed

    @property
    def may_leave(self) -> bool:
        """Agreed to, at least in part, and not sent yet."""
        return bool(self.agreed) and self.sent_at is None
