"""The ledger's table."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from forum.core import clock
from forum.extensions import db


class Entry(db.Model):
    """One act. ``detail`` holds ids, enum words, counts and dates, never a person's words."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        sa.Index("ix_ledger_entry_act", "act", "id"),
        sa.Index("ix_ledger_entry_subject", "subject_kind", "subject_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    actor_id: Mapped[int | None]  # no foreign key: the ledger outlives accounts; None is the system itself
    act: Mapped[str] = mapped_column(sa.String(64))
    subject_kind: Mapped[str] = mapped_column(sa.String(32))
    subject_id: Mapped[int]
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Seal(db.Model):
    """The hash over a batch of entries and the seal before it; made by a job, checked by ``flask audit verify``."""

    __tablename__ = "ledger_seal"

    id: Mapped[int] = mapped_column(primary_key=True)
    sealed_at: Mapped[datetime] = mapped_column(default=clock.now)
    first_entry_id: Mapped[int] = mapped_column(unique=True)
    last_entry_id: Mapped[int] = mapped_column(unique=True)
    entries: Mapped[int]
    hash: Mapped[str] = mapped_column(sa.String(64))  # hex SHA-256
