"""What one reader keeps of discussions: how far they have read, what they follow, reactions, bookmarks."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.core import clock
from forum.core.db import Word, one_of
from forum.discussions.models.post import Post
from forum.discussions.models.topic import Topic
from forum.extensions import db


class Interest(StrEnum):
    """What a reader wants of a topic. Sorted; a word is never given a second meaning."""

    FOLLOW = "follow"  # it stands in their list
    MUTE = "mute"  # it is not shown among what was lately written in
    NONE = "none"
    WATCH = "watch"  # in their list, and mail for what is new


class ReactionKind(StrEnum):
    """What one can say with one press. Sorted; a word is never given a second meaning."""

    AGREE = "agree"
    SAME_HERE = "same_here"
    THANKS = "thanks"


class TopicReader(db.Model):
    """One person and one topic: read up to a number, and with what interest."""

    __tablename__ = "topic_reader"
    __table_args__ = (
        one_of("interest", Interest),
        sa.UniqueConstraint("person_id", "topic_id"),
        sa.Index("ix_topic_reader_interest", "topic_id", "interest"),
        {"sqlite_autoincrement": True},  # the id is part of links in mail
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"))
    topic_id: Mapped[int] = mapped_column(sa.ForeignKey("topic.id", ondelete="CASCADE"))
    read_number: Mapped[int] = mapped_column(default=0)
    interest: Mapped[Interest] = mapped_column(Word(Interest), default=Interest.NONE)

    topic: Mapped[Topic] = relationship()


class Reaction(db.Model):
    """One of the three words, by one person, of one post."""

    __tablename__ = "post_reaction"
    __table_args__ = (one_of("kind", ReactionKind),)

    post_id: Mapped[int] = mapped_column(sa.ForeignKey("post.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    kind: Mapped[ReactionKind] = mapped_column(Word(ReactionKind), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)


class Bookmark(db.Model):
    """A post that somebody wants to find again; nobody else learns of it."""

    __tablename__ = "post_bookmark"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "post_id"),
        sa.Index("ix_post_bookmark_list", "person_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"))
    post_id: Mapped[int] = mapped_column(sa.ForeignKey("post.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)

    post: Mapped[Post] = relationship()
