"""A post, and what it said before."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from forum.accounts.models import Person
from forum.core import clock
from forum.core.db import Word, one_of, sparse
from forum.core.words import likeness
from forum.discussions.models.topic import Topic
from forum.extensions import db
from forum.neighborhoods.models import Neighborhood

DEEPEST = 3  # levels under the first


class PostState(StrEnum):
    """Whether others read it. Sorted; a word is never given a second meaning."""

    DELETED = "deleted"  # by its author: a tombstone stays
    GIVEN_BACK = "given_back"  # its author is asked to edit it, and others do not read it meanwhile
    HELD = "held"  # waits for a person to read it; its author sees it
    HIDDEN = "hidden"  # by a decision under a rule: a tombstone stays
    PUBLISHED = "published"


class Post(db.Model):
    """What somebody wrote in a topic. ``html`` is made of ``text`` at write, by the renderer of that version."""

    __tablename__ = "post"
    __table_args__ = (
        one_of("state", PostState),
        sa.CheckConstraint("depth BETWEEN 0 AND 3", name="depth"),
        sa.UniqueConstraint("topic_id", "number"),
        sa.UniqueConstraint("key"),
        sa.Index("ix_post_path", "topic_id", "path"),
        # Without those under nothing, which nobody looks for here: such a post would be written into it, too.
        sparse("ix_post_parent_id", "parent_id"),
        # What somebody wrote lately, and whether it was this already, is read here alone.
        sa.Index("ix_post_author", "author_id", "created_at", "likeness", "topic_id"),
        sa.Index("ix_post_created_at", "created_at", "id"),
        sa.Index("ix_post_day", "topic_id", "created_at", "number"),  # where a day begins in a long topic
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[int] = mapped_column(sa.ForeignKey("topic.id", ondelete="CASCADE"))
    number: Mapped[int]  # within its topic, from 1
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("post.id", ondelete="SET NULL"))
    depth: Mapped[int] = mapped_column(default=0)
    path: Mapped[str] = mapped_column(sa.String(40))  # the numbers above it and its own: threads in order
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    # Written "as a resident of": then there is no author here; models/verified.py has it.
    resident_of_id: Mapped[int | None] = mapped_column(sa.ForeignKey("neighborhood.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(sa.Text)
    html: Mapped[str] = mapped_column(sa.Text)
    # By which filters know the same text again; only the database asks for it.
    likeness: Mapped[int | None] = mapped_column(
        sa.BigInteger,
        default=lambda context: likeness(context.get_current_parameters()["text"]),
        deferred=True,
    )
    renderer: Mapped[int]
    pictures_count: Mapped[int] = mapped_column(default=0)  # so that a page without pictures asks for none
    state: Mapped[PostState] = mapped_column(Word(PostState), default=PostState.PUBLISHED)
    rule_number: Mapped[int | None]  # of a hidden one: the rule, as its tombstone says
    official_role: Mapped[str | None] = mapped_column(
        sa.String(32)
    )  # the role of who marked it as the answer
    key: Mapped[str | None] = mapped_column(sa.String(64))  # of the form, so that one sent twice is one
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    edited_at: Mapped[datetime | None]

    topic: Mapped[Topic] = relationship()
    author: Mapped[Person | None] = relationship()
    resident_of: Mapped[Neighborhood | None] = relationship()

    @validates("text")
    def _alike(self, _name: str, text: str) -> str:
        self.likeness = likeness(text)
        return text

    @property
    def is_published(self) -> bool:
        return self.state is PostState.PUBLISHED


class Revision(db.Model):
    """What a post said before an edit. Those of staff are shown with what changed."""

    __tablename__ = "post_revision"
    __table_args__ = (sa.UniqueConstraint("post_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(sa.ForeignKey("post.id", ondelete="CASCADE"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(sa.Text)
    # What the topic was called then, of its first post; None of every other, and once that was taken out.
    title: Mapped[str | None] = mapped_column(sa.String(150))
    tags: Mapped[str | None] = mapped_column(sa.String(240))
    # What the edit did to its pictures, in numbers: one that was taken out is gone for good.
    pictures_in: Mapped[int] = mapped_column(default=0)
    pictures_out: Mapped[int] = mapped_column(default=0)
    pictures_told: Mapped[int] = mapped_column(default=0)  # those whose words were changed
    by_staff: Mapped[bool] = mapped_column(default=False)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(default=clock.now)


def path_of(parent: Post | None, number: int) -> str:
    """The path of post *number* under *parent*: eight digits a level, which sort as text like the numbers."""
    return f"{parent.path if parent else ''}{number:08d}."
