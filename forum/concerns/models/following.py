"""Who follows a public concern, or says that it worries them too."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.accounts.models import Person
from forum.concerns.models.concern import Concern
from forum.core import clock
from forum.extensions import db


class ConcernFollow(db.Model):
    """One person and one public concern: an account, or a mailbox whose owner has confirmed it. Never a cookie."""

    __tablename__ = "concern_follow"
    __table_args__ = (
        sa.CheckConstraint("(person_id IS NULL) = (email <> '')", name="whose"),
        sa.CheckConstraint("me_too OR mails", name="something"),
        sa.UniqueConstraint("concern_id", "person_id"),
        sa.Index(
            "uq_concern_follow_concern_id_email",
            "concern_id",
            "email",
            unique=True,
            sqlite_where=sa.text("email <> ''"),
            postgresql_where=sa.text("email <> ''"),
        ),
        sa.Index("ix_concern_follow_person_id", "person_id"),
        {"sqlite_autoincrement": True},  # an id is never used again: it is part of the link in every mail
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    concern_id: Mapped[int] = mapped_column(sa.ForeignKey("concern.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(sa.String(254), default="")  # folded; of who has no account
    language: Mapped[str] = mapped_column(sa.String(16), default="en")
    me_too: Mapped[bool] = mapped_column(default=False)  # counted in Concern.others_count
    mails: Mapped[bool] = mapped_column(default=False)  # gets what is answered in public

    concern: Mapped[Concern] = relationship()
    person: Mapped[Person | None] = relationship()


class FollowRequest(db.Model):
    """What was asked for by mail, until the link mailed for it is pressed; forgotten after a day."""

    __tablename__ = "concern_follow_request"
    __table_args__ = (
        sa.CheckConstraint("me_too OR mails", name="something"),
        sa.Index("ix_concern_follow_request_concern_id", "concern_id", "email"),
        sa.Index("ix_concern_follow_request_expires_at", "expires_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    concern_id: Mapped[int] = mapped_column(sa.ForeignKey("concern.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(sa.String(254))  # folded
    language: Mapped[str] = mapped_column(sa.String(16), default="en")
    me_too: Mapped[bool] = mapped_column(default=False)
    mails: Mapped[bool] = mapped_column(default=False)
    nonce: Mapped[str] = mapped_column(sa.String(43))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]

    concern: Mapped[Concern] = relationship()
