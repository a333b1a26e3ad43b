"""Writing new rows with statements that were made once: what a concern is made of arrives while the lock is held.

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


def insert_row(model: type[Any], **values: Any) -> None:
    """Write one row of *model* that nobody needs as an object."""
    db.session.connection().execute(_insert(model), values)


def insert_unless(row: Any, unique: str) -> bool:
    """Write the new *row*, which is then as after a flush; False when there is one with the same *unique* column.

    Where another transaction is about to write that very one, this waits until it is known whether it did.
    """
    state, connection = sa.inspect(row), db.session.connection()
    given = {name: value for name, value in state.dict.items() if value is not None and name in _names(type(row))}
    result = connection.execute(_insert_unless(type(row), unique, connection.dialect.name), given)
    if result.rowcount == 0:
        return False
    state.dict.update(_names(type(row)) | result.last_inserted_params())
    make_transient_to_detached(row)
    db.session.add(row)
    return True


@cache
def _insert(model: type[Any]) -> sa.Insert:
    return sa.insert(model.__table__)


@cache
def _insert_unless(model: type[Any], unique: str, dialect: str) -> sa.Insert:
    insert: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = insert(model.__table__).on_conflict_do_nothing(index_elements=[unique])
    made: sa.Insert = statement.execution_options(preserve_rowcount=True)
    return made


@cache
def _names(model: type[Any]) -> dict[str, None]:
    """The columns, each with what it holds where nothing is given."""
    return {column.name: None for column in model.__table__.columns}
