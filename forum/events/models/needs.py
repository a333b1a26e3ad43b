"""What somebody needs to take part. Health is nobody's business: seen by the event's editors, erased soon after."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.events.models.rsvp import Rsvp
from forum.extensions import db


class AccessNeed(db.Model):
    """The access needs of one answer. There is no row where nothing is needed, and none 30 days after the end."""

    __tablename__ = "access_need"
    __table_args__ = (
        sa.CheckConstraint("children BETWEEN 0 AND 20", name="children"),
        sa.CheckConstraint(
            "interpreter <> '' OR step_free OR children > 0 OR quiet_space OR note <> ''", name="something"
        ),
    )

    rsvp_id: Mapped[int] = mapped_column(
        sa.ForeignKey("rsvp.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    interpreter: Mapped[str] = mapped_column(sa.String(60), default="")  # the language, in their own words
    step_free: Mapped[bool] = mapped_column(default=False)
    children: Mapped[int] = mapped_column(default=0)  # who come into childcare
    quiet_space: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(sa.String(300), default="")

    rsvp: Mapped[Rsvp] = relationship()
