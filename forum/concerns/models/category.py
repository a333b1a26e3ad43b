"""What a concern can be about, on the administrator's list."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from forum.extensions import db


class Category(db.Model):
    """A category, with what it promises: how soon somebody answers, writes again, and is done."""

    __tablename__ = "concern_category"
    __table_args__ = (
        sa.CheckConstraint("answer_hours > 0 AND update_days > 0 AND closing_days > 0", name="targets"),
        sa.CheckConstraint("acknowledge_hours > 0", name="acknowledge_hours"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(60), unique=True)
    names: Mapped[dict[str, Any]] = mapped_column(sa.JSON)  # {"en": "Speeding and traffic", "es": ...}
    abouts: Mapped[dict[str, Any]] = mapped_column(sa.JSON)  # one plain sentence a language
    position: Mapped[int] = mapped_column(default=0)
    retired: Mapped[bool] = mapped_column(default=False)  # no longer offered; old concerns keep it
    warns: Mapped[bool] = mapped_column(default=False)  # says first whom to call when there is danger now
    concerns_staff: Mapped[bool] = mapped_column(
        default=False
    )  # about an officer: never public, screened first
    tip_line: Mapped[bool] = mapped_column(default=False)  # crime tips: shows the agency's tip line instead
    answer_hours: Mapped[int] = mapped_column(default=72)  # elapsed, then moved to the next opening
    acknowledge_hours: Mapped[int] = mapped_column(
        default=72
    )  # the same, for saying that a complaint arrived
    update_days: Mapped[int] = mapped_column(default=14)
    closing_days: Mapped[int] = mapped_column(default=60)

    def name(self, language: str) -> str:
        """Its name in *language*, else in English."""
        return str(self.names.get(language) or self.names["en"])

    def about(self, language: str) -> str:
        """The sentence that explains it, in *language*, else in English."""
        return str(self.abouts.get(language) or self.abouts["en"])
