"""Writing new rows with statements that were made once, for what arrives while everybody waits for the lock.

A flush sorts everything that could have changed by what depends on what, which took ten times as long as the database.
It is for tables whose columns are called as their attributes are.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import make_transient_to_detached

from forum.extensions import db


def insert_row(model: Any, **values: Any) -> None:
    """Write one row of *model* that nobody needs as an object."""
    db.session.connection().execute(_insert(model.__table__), values)


def insert_unless(row: Any, unique: str) -> bool:
    """Write the new *row*, which is then as after a flush; False when there is one with the same *unique* column.

    Where another transaction is about to write that very one, this waits until it is known whether it did.
    """
    held, empty, connection = sa.inspect(row).dict, _empty(row.__table__), db.session.connection()
    given = {name: value for name, value in held.items() if value is not None and name in empty}
    result = connection.execute(_insert_unless(row.__table__, unique, connection.dialect.name), given)
    if result.rowcount == 0:
        return False
    written: Any = result.last_inserted_params()
    held.update(empty | written)
    numbered: Any = result.inserted_primary_key
    held.update(zip(_key(row.__table__), numbered, strict=True))
    make_transient_to_detached(row)
    db.session.add(row)
    return True


@cache
def _insert(table: sa.Table) -> sa.Insert:
    return sa.insert(table)


@cache
def _insert_unless(table: sa.Table, unique: str, dialect: str) -> sa.Insert:
    insert: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = insert(table).on_conflict_do_nothing(index_elements=[unique])
    made: sa.Insert = statement.execution_options(preserve_rowcount=True)
    return made


@cache
def _empty(table: sa.Table) -> dict[str, Any]:
    """What the columns hold where nothing is given."""
    return dict.fromkeys(table.columns.keys())


@cache
def _key(table: sa.Table) -> tuple[str, ...]:
    """The columns that the database may number."""
    return tuple(table.primary_key.columns.keys())
