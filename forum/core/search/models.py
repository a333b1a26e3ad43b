"""The table that search looks in, one row a thing that can be found."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from forum.extensions import db

LargeId = sa.BigInteger().with_variant(
    sa.Integer(), "sqlite"
)  # SQLite's INTEGER is as wide, and the row's number


def is_sqlite() -> bool:
    """Which of the two databases this is."""
    return db.engine.dialect.name == "sqlite"


class Vector(TypeDecorator[str]):
    """What PostgreSQL looks in, given as its text. SQLite looks in a table of its own beside and keeps none."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> Any:
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else sa.Text())

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:
        return value if dialect.name == "postgresql" else None


class SearchEntry(db.Model):
    """One thing that can be found. Its id begins with its moment (keeping.py), so the newest come first by id alone."""

    __tablename__ = "search_entry"
    # Each database's own index over the words stands in migration 0024 alone.
    __table_args__ = (sa.UniqueConstraint("kind", "subject_id"),)

    id: Mapped[int] = mapped_column(LargeId, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(sa.String(32))  # a word that wiring registered
    subject_id: Mapped[int] = mapped_column(LargeId)  # the thing's id within its kind
    audience: Mapped[str] = mapped_column(sa.String(32))  # who may find it: a word of its kind
    language: Mapped[str] = mapped_column(sa.String(16))
    at: Mapped[datetime]  # what "newest" and dates ask of
    title: Mapped[str] = mapped_column(sa.Text)
    text: Mapped[str] = mapped_column(sa.Text)  # plain words, of which a piece is shown
    analysis: Mapped[int]  # words.ANALYSIS of what follows
    title_stems: Mapped[str] = mapped_column(sa.Text)
    text_stems: Mapped[str] = mapped_column(sa.Text)
    names: Mapped[str] = mapped_column(sa.Text)  # the title's words unstemmed, for suggestions
    marks: Mapped[str] = mapped_column(sa.Text)  # audience, kind and neighborhoods, as words nobody can type
    vector: Mapped[str | None] = mapped_column(Vector())


class SearchWaiting(db.Model):
    """Something new that is about to be let in by the job worker (keeping.py, ``add_soon``)."""

    __tablename__ = "search_waiting"
    __table_args__: Any = {"sqlite_with_rowid": False}  # one page of the database instead of two

    kind: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    subject_id: Mapped[int] = mapped_column(LargeId, primary_key=True, autoincrement=False)


class SearchBlock(db.Model):
    """A stretch of ids, both ends inclusive, whose *count* entries for everybody have lists of their words.

    Its number is never another's, so that what was read of it a moment ago is not mistaken for what it is now.
    """

    __tablename__ = "search_block"
    __table_args__ = (sa.UniqueConstraint("last"), {"sqlite_autoincrement": True})

    number: Mapped[int] = mapped_column(LargeId, primary_key=True)
    first: Mapped[int] = mapped_column(LargeId)
    last: Mapped[int] = mapped_column(LargeId)
    count: Mapped[int]
    listed: Mapped[bool]  # its lists are there


class SearchList(db.Model):
    """Which entries of a block have a word, in the writing of lists.py."""

    __tablename__ = "search_list"

    block: Mapped[int] = mapped_column(LargeId, primary_key=True, autoincrement=False)
    word: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    bits: Mapped[bytes] = mapped_column(sa.LargeBinary)
    more: Mapped[bytes | None] = mapped_column(
        sa.LargeBinary
    )  # what they weigh, where any weighs more than one


class SearchPlace(db.Model):
    """The ids of a block's entries by their places, the newest first, a part of them a row.

    Its id is the block's number and the part's (blocks.py): both databases find many numbers sooner than many pairs.
    """

    __tablename__ = "search_place"

    id: Mapped[int] = mapped_column(LargeId, primary_key=True, autoincrement=False)
    ids: Mapped[bytes] = mapped_column(sa.LargeBinary)


class SearchChange(db.Model):
    """An entry that changed, came or went within a block since that was cut. The database's triggers write it."""

    __tablename__ = "search_change"

    id: Mapped[int] = mapped_column(LargeId, primary_key=True, autoincrement=False)
