"""A question in a topic, with answers to choose from."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.accounts.models import Person
from forum.discussions.models.topic import Topic
from forum.extensions import db


class Poll(db.Model):
    """The question of a topic. Who voted for what is never shown: counts alone are."""

    __tablename__ = "poll"

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[int] = mapped_column(sa.ForeignKey("topic.id", ondelete="CASCADE"), unique=True)
    question: Mapped[str] = mapped_column(sa.String(200))
    several: Mapped[bool] = mapped_column(default=False)  # more than one answer may be chosen
    closes_at: Mapped[datetime | None]
    # Who made it: who began the topic, or somebody who keeps order in it.
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"), index=True)
    held: Mapped[bool] = mapped_column(default=False)  # waits for a person to read it
    given_back: Mapped[bool] = mapped_column(default=False)  # its author is asked to change it
    hidden_rule: Mapped[int | None]  # the rule under which a decision hid it

    topic: Mapped[Topic] = relationship()
    author: Mapped[Person | None] = relationship()
    options: Mapped[list[PollOption]] = relationship(
        order_by="PollOption.position", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def is_shown(self) -> bool:
        """Whether who reads the topic reads it."""
        return not (self.held or self.given_back) and self.hidden_rule is None

    def is_open(self, now: datetime) -> bool:
        """Whether votes are taken at the moment *now*."""
        return self.closes_at is None or now < self.closes_at


class PollOption(db.Model):
    """One answer."""

    __tablename__ = "poll_option"
    __table_args__ = (sa.UniqueConstraint("poll_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(sa.ForeignKey("poll.id", ondelete="CASCADE"))
    position: Mapped[int]
    words: Mapped[str] = mapped_column(sa.String(120))


class PollVote(db.Model):
    """One person's choice of one answer."""

    __tablename__ = "poll_vote"

    option_id: Mapped[int] = mapped_column(
        sa.ForeignKey("poll_option.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True
    )
