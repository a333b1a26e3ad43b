"""Pictures under posts, and those that wait for a post that is not sent yet."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from forum.core import clock
from forum.extensions import db

LONGEST_ALT = 500  # characters


class PostPicture(db.Model):
    """A picture: pixels drawn anew, under a random name, in a folder that only who may read the post reads.

    It belongs to a post, or waits in the place of somebody's draft. Under a post it says nothing of who sent it: the
    post says that, or its veil hides it.
    """

    __tablename__ = "post_picture"
    __table_args__ = (
        sa.CheckConstraint("(post_id IS NULL) = (person_id IS NOT NULL)", name="whose"),
        sa.CheckConstraint("(person_id IS NULL) = (place IS NULL)", name="place"),
        sa.CheckConstraint("post_id IS NULL OR alt <> ''", name="alt"),
        sa.Index("ix_post_picture_post_id", "post_id", "position"),
        sa.Index("ix_post_picture_place", "person_id", "place"),
        sa.Index("ix_post_picture_kept_at", "kept_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int | None] = mapped_column(sa.ForeignKey("post.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"))
    place: Mapped[str | None] = mapped_column(sa.String(48))  # as in models/draft.py, or "post 17"
    name: Mapped[str] = mapped_column(sa.String(40), unique=True)  # of the file
    alt: Mapped[str] = mapped_column(
        sa.String(LONGEST_ALT), default=""
    )  # what it shows, in its author's words
    width: Mapped[int]  # pixels of the larger copy
    height: Mapped[int]
    position: Mapped[int] = mapped_column(default=0)
    rule_number: Mapped[int | None]  # of one that a decision hid, as the line in its place says
    kept_at: Mapped[datetime] = mapped_column(default=clock.now)
