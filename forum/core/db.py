"""The declarative base, column types and what SQLite needs to be durable and correct."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask import has_app_context
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import DeclarativeBase, InstanceState, Session, registry
from sqlalchemy.orm.attributes import instance_state
from sqlalchemy.types import TypeDecorator

from forum.core import postgresql
from forum.core.current import this_g
from forum.core.prepared import Prepared
from forum.core.writers import end_turn, queue_writers

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC; a naive value is refused with ValueError."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored moment must carry its zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Word(TypeDecorator[StrEnum]):
    """One word of a closed vocabulary, stored as text with a check constraint of its own on the table."""

    impl = sa.String(32)
    cache_ok = True

    def __init__(self, vocabulary: type[StrEnum]) -> None:
        super().__init__()
        self.vocabulary = vocabulary
        # A dictionary finds a word in a fraction of the time; the vocabulary says what is wrong with any other.
        self._written: dict[str, str] = {word: word.value for word in vocabulary}
        self._read = {word.value: word for word in vocabulary}

    def process_bind_param(self, value: StrEnum | str | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else self._written.get(value) or str(self.vocabulary(value))

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> StrEnum | None:
        return None if value is None else self._read.get(value) or self.vocabulary(value)


def one_of(column: str, vocabulary: type[StrEnum]) -> sa.CheckConstraint:
    """The check constraint that keeps *column* inside *vocabulary*."""
    words = ", ".join(f"'{word}'" for word in sorted(vocabulary))
    return sa.CheckConstraint(f"{column} IN ({words})", name=column)


def sparse(name: str, *columns: str, unique: bool = False) -> sa.Index:
    """An index of the rows in which the first of *columns* holds something, for one that hardly any row fills.

    A row that leaves it empty writes no page of it. Whoever asks for a value finds it here, and so does a foreign key
    whose other side is deleted; whoever asks for what is empty does not.
    """
    return partial_index(name, *columns, of=f"{columns[0]} IS NOT NULL", unique=unique)


def partial_index(name: str, *columns: str, of: str, unique: bool = False) -> sa.Index:
    """An index of the rows for which *of*, a condition, holds. It serves statements that hold its very words."""
    held = sa.text(of)
    return sa.Index(name, *columns, unique=unique, sqlite_where=held, postgresql_where=held)


class Base(DeclarativeBase):
    """Base of every model; names every constraint so that migrations can name them too."""

    registry = registry(
        metadata=sa.MetaData(naming_convention=NAMES),
        type_annotation_map={datetime: UTCDateTime(), dict[str, Any]: sa.JSON(), list[Any]: sa.JSON()},
    )


def row_id(row: Any) -> int:
    """The primary key of a stored *row*, without asking for the row again when a new unit of work has expired it.

    An id stands for itself.
    """
    if isinstance(row, int):
        return row
    behind = getattr(row, "_get_current_object", None)  # what flask_login.current_user stands for
    state: InstanceState[Any] = instance_state(behind() if behind is not None else row)
    return int(state.identity[0] if state.identity else row.id)


@cache
def _update(model: type[Any], names: tuple[str, ...]) -> Prepared:
    """The UPDATE of these columns of one row, made once; its parameters are ``row_id`` and ``new_`` with each name."""
    table = sa.inspect(model).local_table
    assert isinstance(table, sa.Table)
    values: dict[Any, Any] = {table.c[name]: sa.bindparam(f"new_{name}") for name in names}
    return Prepared(sa.update(table).where(table.c.id == sa.bindparam("row_id")).values(values))


def write_now(session: Session, *rows: Any) -> None:
    """Write what changed in *rows*, as ``session.flush()`` does; for rows that are written at the busiest moments.

    A flush looks at everything that could have changed and sorts it by what depends on what: half a millisecond of the
    lock for two rows, ten times as long as the database takes. This asks the rows alone and runs statements that were
    made once. New rows are flushed. It is for columns that are called as their attributes are.
    """
    states: list[Any] = [instance_state(row) for row in rows]
    if not all(state.persistent for state in states):
        session.flush()
        return
    for state in states:
        # What was set to what it was is not written: each index it stands in would be written with it.
        changed = (name for name, before in state.committed_state.items() if state.dict[name] != before)
        names = tuple(sorted(changed))
        if names:
            new = {f"new_{name}": state.dict[name] for name in names}
            _update(state.class_, names).run(session, row_id=state.identity[0], **new)
        # As at the end of a flush; a rollback makes it read again.
        session._register_altered([state])
        state._commit_all(state.dict, session.identity_map)


def engine_options(url: str) -> dict[str, Any]:
    """Options of ``create_engine`` for *url*. Parameters stay out of errors, since errors go to the log."""
    common: dict[str, Any] = {"hide_parameters": True, "max_overflow": 16, "pool_use_lifo": True}
    if url.startswith("sqlite"):
        return {**common, "connect_args": {"isolation_level": None, "timeout": 15}, "pool_size": 32}
    return {**common, "pool_size": 16}


def prepare(engine: Engine) -> None:
    """Make *engine* durable and serializable: on SQLite WAL, synchronous=FULL, foreign keys, and a BEGIN of our own.

    The driver's own BEGIN is off (``isolation_level=None``) so that savepoints work; a unit of work that will write
    begins IMMEDIATE, since a read lock that turns into a write lock fails under load whatever the timeout.
    """
    if engine.dialect.name != "sqlite":
        postgresql.prepare(engine)
        return

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=15000",
            "wal_autocheckpoint=4000",  # 16 MB: whoever's write fills it brings it home while others wait
            "cache_size=-1000",  # four megabytes made searches 5 % quicker, nothing else, and each worker 9 MB larger
            "temp_store=MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    turn = queue_writers(engine)

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        writing = has_app_context() and this_g().get("writing", False)
        if writing and turn is not None:
            turn.take(connection)
        _say(connection, "BEGIN IMMEDIATE" if writing else "BEGIN")


def _say(connection: sa.Connection, statement: str) -> None:
    """Give *statement* to SQLite's driver: SQLAlchemy's way to say it takes longer than many a query."""
    try:
        connection.connection.driver_connection.execute(statement)  # type: ignore[union-attr]
    except sqlite3.Error as error:
        raise sa.exc.OperationalError(statement, None, error) from error


def begin_anew(session: Session) -> None:
    """End what *session* read so far and begin anew, as a write when one is due; its rows are read again when used.

    The connection is kept where that can be: giving it back and asking for it again takes as long as two queries do.
    """
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        postgresql.write_from_now(session, connection)
        return
    session.expire_all()
    if connection.connection.driver_connection.in_transaction:  # type: ignore[union-attr]
        _say(connection, "ROLLBACK")
    connection.dispatch.begin(connection)


def commit_at_once(session: Session) -> bool:
    """Commit on SQLite and let others write; False, and nothing is done, where that is the session's own matter.

    The session keeps its connection to the end of the request, outside of a transaction: to take leave of it takes
    longer than the commit does, and somebody waits for the turn. What was read stays readable, and what it reads after
    this is what others have committed by then.
    """
    connection = session.connection()
    if connection.dialect.name != "sqlite" or session.in_nested_transaction():
        return False
    session.flush()
    _say(connection, "COMMIT")
    end_turn(connection.info)
    return True
