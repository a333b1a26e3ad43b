"""When the agency is there to answer."""

from __future__ import annotations

from datetime import date, time

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from forum.extensions import db


class Opening(db.Model):
    """One span of one day of the week, on the agency's wall clock."""

    __tablename__ = "concern_opening"
    __table_args__ = (
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        sa.CheckConstraint("opens < closes", name="order"),
        sa.UniqueConstraint("weekday", "opens"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    weekday: Mapped[int]  # 0 is Monday
    opens: Mapped[time]
    closes: Mapped[time]


class Holiday(db.Model):
    """A day when nobody is there, whatever day of the week it is."""

    __tablename__ = "concern_holiday"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
