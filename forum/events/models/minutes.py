"""Minutes: what was said and agreed at one date, and the action items that came of it."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.accounts.models import Person
from forum.core import clock
from forum.events.models.occurrence import Occurrence
from forum.extensions import db


class Minutes(db.Model):
    """The minutes of one date: seen on the desk alone until ``published_at`` is set."""

    __tablename__ = "minutes"
    __table_args__ = (
        sa.CheckConstraint("published_at IS NOT NULL OR changed_at IS NULL", name="changed"),
        sa.UniqueConstraint("occurrence_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    occurrence_id: Mapped[int] = mapped_column(sa.ForeignKey("occurrence.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(sa.Text, default="", deferred=True)  # Markdown
    html: Mapped[str] = mapped_column(sa.Text, default="")  # rendered at write
    renderer: Mapped[int] = mapped_column(default=0)  # core.markdown.RENDERER of html
    shows_attendance: Mapped[bool] = mapped_column(default=False)  # how many came is published too
    published_at: Mapped[datetime | None]
    changed_at: Mapped[datetime | None]  # last change since they were published: everybody sees its date
    version: Mapped[int] = mapped_column(default=1)  # two who write at once do not overwrite each other

    occurrence: Mapped[Occurrence] = relationship()
    items: Mapped[list[ActionItem]] = relationship(
        back_populates="minutes",
        order_by="(ActionItem.due_on, ActionItem.id)",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )

    @property
    def is_public(self) -> bool:
        return self.published_at is not None


class ActionItem(db.Model):
    """Something somebody answers for until a day; public with its minutes."""

    __tablename__ = "action_item"
    __table_args__ = (
        sa.CheckConstraint("text <> '' AND owner <> ''", name="words"),
        sa.CheckConstraint("done_on IS NOT NULL OR outcome = ''", name="outcome"),
        sa.Index("ix_action_item_open", "done_on", "due_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    minutes_id: Mapped[int] = mapped_column(sa.ForeignKey("minutes.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(sa.String(500))
    owner: Mapped[str] = mapped_column(sa.String(120))  # a role or a team in words, never a person's name
    # Who on the staff answers for it, when one person does; the page shows the words of ``owner`` alone.
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"), index=True)
    due_on: Mapped[date]  # in the event's zone
    done_on: Mapped[date | None]  # None while it is open
    outcome: Mapped[str] = mapped_column(sa.String(1000), default="")  # what came of it, public
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    minutes: Mapped[Minutes] = relationship(back_populates="items")
    answering: Mapped[Person | None] = relationship()

    def is_late(self, today: date) -> bool:
        """Whether it is open after its day; *today* in the event's zone."""
        return self.done_on is None and self.due_on < today
