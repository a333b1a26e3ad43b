"""Words that are not sent yet."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from forum.core import clock
from forum.extensions import db


class Draft(db.Model):
    """What somebody has begun to write in one place; only they read it, and sending it removes it."""

    __tablename__ = "post_draft"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[str] = mapped_column(
        sa.String(48), primary_key=True
    )  # "forum 3", "topic 12" or "topic 12 to 4"
    title: Mapped[str] = mapped_column(sa.String(150), default="")
    tags: Mapped[str] = mapped_column(sa.String(240), default="")
    opens: Mapped[str] = mapped_column(sa.String(16), default="")  # from when on others see a topic, as typed
    text: Mapped[str] = mapped_column(sa.Text)
    as_resident: Mapped[bool] = mapped_column(default=False)  # they mean to send it without their name
    kept_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
