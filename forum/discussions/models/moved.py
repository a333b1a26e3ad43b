"""Where the posts of a topic came from and went, for who reads it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.core import clock
from forum.core.db import Word, one_of
from forum.discussions.models.board import Forum
from forum.discussions.models.topic import Topic
from forum.extensions import db


class Way(StrEnum):
    """How staff moved what a topic holds. Sorted; a word is never given a second meaning."""

    FROM_FORUM = "from_forum"  # the whole topic came from another forum
    FROM_TOPIC = "from_topic"  # its first posts were split off from another topic
    MERGED = "merged"  # the posts of another topic were put after its own
    TO_TOPIC = "to_topic"  # some of its posts were split off


class TopicMove(db.Model):
    """One move, as the topic that tells of it saw it; who did it stands in the ledger."""

    __tablename__ = "topic_move"
    __table_args__ = (one_of("way", Way), sa.Index("ix_topic_move_topic", "topic_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[int] = mapped_column(sa.ForeignKey("topic.id", ondelete="CASCADE"))
    way: Mapped[Way] = mapped_column(Word(Way))
    other_forum_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("forum.id", ondelete="SET NULL"), index=True
    )
    other_topic_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("topic.id", ondelete="SET NULL"), index=True
    )
    at: Mapped[datetime] = mapped_column(default=clock.now)

    other_forum: Mapped[Forum | None] = relationship()
    other_topic: Mapped[Topic | None] = relationship(foreign_keys=other_topic_id)
