"""What was done when somebody was in danger: a record that nobody can change, not even we."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from forum.core import clock
from forum.core.db import Word, one_of
from forum.extensions import db


class DutyKind(StrEnum):
    """What the person who pressed the button saw in the words. A person decides it, never a machine."""

    ABUSE = "abuse"
    SELF_HARM = "self_harm"
    THREAT = "threat"


class DutyStep(StrEnum):
    """The steps of the checklist."""

    CALLED_EMERGENCY = "called_emergency"
    ENDED = "ended"
    NOTED = "noted"
    OPENED = "opened"
    REACHED_PERSON = "reached_person"
    TOLD_REFERRAL = "told_referral"
    TOLD_SUPERVISOR = "told_supervisor"


class DutyEntry(db.Model):
    """One step. Append-only by triggers, so it names concern and person by id and reference, without foreign keys."""

    __tablename__ = "duty_entry"
    __table_args__ = (
        one_of("kind", DutyKind),
        one_of("step", DutyStep),
        sa.Index("ix_duty_entry_concern_id", "concern_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    concern_id: Mapped[int]
    reference: Mapped[str] = mapped_column(sa.String(16))
    kind: Mapped[DutyKind] = mapped_column(Word(DutyKind))
    step: Mapped[DutyStep] = mapped_column(Word(DutyStep))
    told: Mapped[str] = mapped_column(sa.String(200), default="")  # who was told, in words
    text: Mapped[str] = mapped_column(sa.String(1000), default="")
    by_id: Mapped[int | None]
    by_name: Mapped[str] = mapped_column(sa.String(120), default="")  # as it was then
    at: Mapped[datetime] = mapped_column(default=clock.now)
