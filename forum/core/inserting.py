"""Writing new rows with statements that were made once, for what arrives while everybody waits for the lock.

A flush sorts everything that could have changed by what depends on what, which took ten times as long as the database.
It is for tables whose columns are called as their attributes are, numbered by an ``id``, and without JSON, of which an
empty one would not be none.
"""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstanceState, Session
from sqlalchemy.orm.attributes import instance_state

from forum.core.prepared import Prepared
from forum.extensions import db

_INSERT: Any = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def insert_into(model: Any) -> Any:
    """An INSERT into *model* as this site's database says it, with what follows on a conflict (``on_conflict_…``)."""
    return _INSERT[db.engine.dialect.name](model)


def insert_row(model: Any, **values: Any) -> None:
    """Write one row of *model* that nobody needs as an object."""
    _insert(model.__table__, tuple(values)).run(db.session(), **values)


def insert_row_unless(model: Any, unique: str, **values: Any) -> bool:
    """Write one likewise; False when there is one with the same *unique* column."""
    return _insert_unless(model.__table__, unique, tuple(values)).run(db.session(), **values) > 0


def insert_unless(row: Any, unique: str = "") -> bool:
    """Write the new *row*, which is then as after a flush; False when there is one with the same *unique* column, or,
    where none is named, with the same of any that is unique.

    Where another transaction is about to write that very one, this waits until it is known whether it did.
    """
    written = _write(row.__table__, unique, instance_state(row).dict)
    if written:
        adopt(db.session(), row)
    return written


def insert_new(model: Any, unique: str, **values: Any) -> Any:
    """The row of *model* with these values, written likewise; None when there is one with the same *unique* column.

    For what nobody needs as an object before: it is made as one that was read is, in a third of the time.
    """
    row = drawn_up(model, **values)
    return row if insert_unless(row, unique) else None


def drawn_up(model: Any, **held: Any) -> Any:
    """An object that holds this and that no session knows, in a third of the time that its constructor takes."""
    row = model.__mapper__.class_manager.new_instance()
    instance_state(row).dict.update(held)
    return row


def adopt(session: Session, row: Any) -> None:
    """Let *session* know the object of a row that was just written, as it is."""
    state: InstanceState[Any] = instance_state(row)
    state.key = state.mapper.identity_key_from_primary_key((state.dict["id"],))
    state._commit_all(state.dict)  # as at the end of a flush
    session.identity_map.add(state)
    state.session_id = session.hash_key
    transaction: Any = session.get_nested_transaction() or session.get_transaction()
    transaction._new[state] = True  # a rollback makes it an object of no row again


def _write(table: sa.Table, unique: str, held: dict[str, Any]) -> bool:
    """Write the row and complete *held*, its values, with what columns hold where nothing is given."""
    context = SimpleNamespace(get_current_parameters=lambda: held)  # what SQLAlchemy gives to a default
    for name, default in _empty(table):
        if held.get(name) is None:
            held[name] = default(context) if callable(default) else default
    numbers = held.get("id") is None
    columns = tuple(name for name in _names(table) if name != "id" or not numbers)
    statement = _insert_unless(table, unique, columns)
    number = statement.number(db.session(), **{name: held[name] for name in columns})
    if number is not None:
        held["id"] = number
    return number is not None


@cache
def _names(table: sa.Table) -> tuple[str, ...]:
    return tuple(table.columns.keys())


@cache
def _insert(table: sa.Table, columns: tuple[str, ...]) -> Prepared:
    return Prepared(sa.insert(table).inline(), columns)


@cache
def _insert_unless(table: sa.Table, unique: str, columns: tuple[str, ...]) -> Prepared:
    made = {
        name: insert(table).on_conflict_do_nothing(index_elements=[unique] if unique else None).inline()
        for name, insert in _INSERT.items()
    }
    made["postgresql"] = made["postgresql"].returning(table.c.id)
    return Prepared(made, columns)


@cache
def _empty(table: sa.Table) -> tuple[tuple[str, Any], ...]:
    """What the columns hold where nothing is given: always the same, or what a function says."""
    given: Any = [(column.key, column.default) for column in table.columns if column.key != "id"]
    return tuple((name, None if default is None else default.arg) for name, default in given)
