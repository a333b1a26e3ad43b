"""A topic: one conversation in a forum."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.accounts.models import Person
from forum.core import clock
from forum.discussions.models.board import Forum
from forum.extensions import db

SLOWEST = timedelta(days=1)


class Topic(db.Model):
    """A conversation. ``posted_at``, ``posts_count`` and ``last_number`` are kept by the operations that post."""

    __tablename__ = "topic"
    __table_args__ = (
        sa.CheckConstraint("slow_seconds BETWEEN 0 AND 86400", name="slow_seconds"),
        sa.CheckConstraint("last_number >= posts_count", name="posts_count"),
        # A forum's page: what is pinned, then what was lately written in.
        sa.Index("ix_topic_page", "forum_id", "pinned", "posted_at", "id"),
        sa.Index("ix_topic_posted_at", "posted_at", "id"),
        sa.Index("ix_topic_about", "about_kind", "about_id", unique=True),
        {"sqlite_autoincrement": True},  # an id is part of addresses for ever
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    forum_id: Mapped[int] = mapped_column(sa.ForeignKey("forum.id"))
    title: Mapped[str] = mapped_column(sa.String(150))
    slug: Mapped[str] = mapped_column(sa.String(80))
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"), index=True)
    pinned: Mapped[bool] = mapped_column(default=False)
    locked: Mapped[bool] = mapped_column(default=False)
    lock_reason: Mapped[str] = mapped_column(sa.String(300), default="")
    archived: Mapped[bool] = mapped_column(default=False)
    slow_seconds: Mapped[int] = mapped_column(default=0)  # between two posts of one person; 0 is no slow mode
    slow_reason: Mapped[str] = mapped_column(sa.String(300), default="")
    slow_ends_at: Mapped[datetime | None]
    opens_at: Mapped[datetime | None]  # scheduled: nobody but staff sees it before
    # Since when others read its first post; while that is held, hidden or given back the topic is its author's alone.
    published_at: Mapped[datetime | None]
    # The rule under which a decision hid the whole topic; then nobody but staff and its author sees it.
    hidden_rule: Mapped[int | None]
    # What it talks about in another slice ("event", 12), named by wiring; None for a topic that stands for itself.
    about_kind: Mapped[str | None] = mapped_column(sa.String(32))
    about_id: Mapped[int | None]
    about_public: Mapped[bool] = mapped_column(default=True)  # whether everybody can see that now
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("topic.id"), index=True)
    official_id: Mapped[int | None]  # the post that is the official answer
    posts_count: Mapped[int] = mapped_column(default=0)  # those that everybody who reads the forum sees
    last_number: Mapped[int] = mapped_column(default=0)  # the greatest number ever given
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    posted_at: Mapped[datetime] = mapped_column(default=clock.now)

    forum: Mapped[Forum] = relationship()
    author: Mapped[Person | None] = relationship()
    tags: Mapped[list[TopicTag]] = relationship(
        order_by="TopicTag.word", cascade="all, delete-orphan", passive_deletes=True
    )

    def is_slow(self, now: datetime) -> bool:
        """Whether slow mode holds at the moment *now*; it ends by itself."""
        return self.slow_seconds > 0 and (self.slow_ends_at is None or self.slow_ends_at > now)

    def is_open(self, now: datetime) -> bool:
        """Whether its hour has come."""
        return self.opens_at is None or self.opens_at <= now


class TopicTag(db.Model):
    """A word that a topic can be found by, in small letters."""

    __tablename__ = "topic_tag"

    topic_id: Mapped[int] = mapped_column(sa.ForeignKey("topic.id", ondelete="CASCADE"), primary_key=True)
    word: Mapped[str] = mapped_column(sa.String(40), primary_key=True, index=True)
