"""Verified residents, and who stands behind «Resident of Eastside»."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.core import clock
from forum.extensions import db
from forum.neighborhoods.models import Neighborhood


class VerifiedResident(db.Model):
    """Somebody whose address staff have seen, in person."""

    __tablename__ = "verified_resident"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    neighborhood_id: Mapped[int] = mapped_column(
        sa.ForeignKey("neighborhood.id", ondelete="CASCADE"), index=True
    )
    verified_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    verified_at: Mapped[datetime] = mapped_column(default=clock.now)

    neighborhood: Mapped[Neighborhood] = relationship()


class VeiledAuthor(db.Model):
    """Whose a post is that stands under «Resident of»: in a table of its own, read only with a logged reason."""

    __tablename__ = "veiled_author"

    post_id: Mapped[int] = mapped_column(sa.ForeignKey("post.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), index=True)


class VeilLifting(db.Model):
    """One reading of a veiled author, with its reason; how many there were is public."""

    __tablename__ = "veil_lifting"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int | None] = mapped_column(sa.ForeignKey("post.id", ondelete="SET NULL"), index=True)
    reader_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime] = mapped_column(default=clock.now)
