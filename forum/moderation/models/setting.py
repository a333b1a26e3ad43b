"""What the agency chose; one row."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from forum.extensions import db


class Setting(db.Model):
    """The agency's choices for moderation. Row 1 is there from the beginning."""

    __tablename__ = "moderation_setting"
    __table_args__ = (
        sa.CheckConstraint("id = 1", name="one_row"),
        sa.CheckConstraint("first_posts BETWEEN 0 AND 20", name="first_posts"),
        sa.CheckConstraint("wait_hours BETWEEN 1 AND 240", name="wait_hours"),
        sa.CheckConstraint("decide_days BETWEEN 1 AND 30", name="decide_days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first_posts: Mapped[int] = mapped_column(default=0)  # so many of a new account's are read first; 0: none
    wait_hours: Mapped[int] = mapped_column(default=24)  # what the author of such a post is told to expect
    decide_days: Mapped[int] = mapped_column(default=1)  # working days to a decision
