"""A forum: a board by topic or neighborhood, and whom it is for."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.core import clock
from forum.core.db import Word, one_of
from forum.extensions import db
from forum.neighborhoods.models import Neighborhood


class Audience(StrEnum):
    """Who may do something in a forum; each word includes those after it, staff are in all. Never reused."""

    EVERYONE = "everyone"
    RESIDENTS = "residents"
    STAFF = "staff"
    VERIFIED = "verified"


class Forum(db.Model):
    """A board. What everyone may read is public; what is for residents is for who has an account."""

    __tablename__ = "forum"
    __table_args__ = (
        one_of("readers", Audience),
        one_of("starters", Audience),
        one_of("repliers", Audience),
        sa.Index("ix_forum_position", "position", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    names: Mapped[dict[str, Any]]  # {"en": {"name": "...", "about": "..."}, ...}
    position: Mapped[int] = mapped_column(default=0)
    neighborhood_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("neighborhood.id", ondelete="SET NULL"), index=True
    )
    readers: Mapped[Audience] = mapped_column(Word(Audience), default=Audience.EVERYONE)
    starters: Mapped[Audience] = mapped_column(Word(Audience), default=Audience.RESIDENTS)
    repliers: Mapped[Audience] = mapped_column(Word(Audience), default=Audience.RESIDENTS)
    archived: Mapped[bool] = mapped_column(default=False)  # still read, no longer written in
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    neighborhood: Mapped[Neighborhood | None] = relationship()

    def name(self, language: str) -> str:
        """Its name in *language*, or the first that it has."""
        return str(self._words(language).get("name", self.slug))

    def about(self, language: str) -> str:
        """What it is for, in a sentence."""
        return str(self._words(language).get("about", ""))

    def _words(self, language: str) -> dict[str, Any]:
        found: dict[str, Any] = self.names.get(language) or next(iter(self.names.values()), {})
        return found
