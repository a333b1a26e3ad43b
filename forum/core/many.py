"""Any number of values as one parameter, so that a statement is the same however many there are.

``column.in_(values)`` is written, and planned by PostgreSQL, anew for each number of them: for a page of twenty that
takes longer than finding them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator


class Many(TypeDecorator[Iterable[int] | Iterable[str]]):
    """Numbers or words, as the text of a list: PostgreSQL's array, or JSON for SQLite."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(
        self, value: Iterable[int] | Iterable[str] | None, dialect: sa.Dialect
    ) -> str | None:
        if value is None:
            return None
        if dialect.name == "sqlite":
            return json.dumps(list(value))
        return f"{{{','.join(map(_element, value))}}}"


class among(FunctionElement[Any]):
    """``among(column, "ids")``: whether *column* is one of the values that are given as the parameter *ids*."""

    inherit_cache = True
    type = sa.types.NULLTYPE  # of a truth value SQLAlchemy asks SQLite whether it is 1, past every index

    def __init__(self, column: Any, name: str) -> None:
        super().__init__(column, sa.bindparam(name, type_=Many()))


@compiles(among, "sqlite")
def _in_json(element: among, compiler: Any, **options: Any) -> str:
    # Of a kind with the column, or SQLite would not look the values up in its index.
    column, values, kind = _parts(element, compiler, options, "INTEGER")
    return f"{column} IN (SELECT CAST(value AS {kind}) FROM json_each({values}))"  # noqa: S608 - no value is in it


@compiles(among, "postgresql")
def _in_array(element: among, compiler: Any, **options: Any) -> str:
    column, values, kind = _parts(element, compiler, options, "BIGINT")
    return f"{column} = ANY (CAST({values} AS {kind}[]))"


def _parts(element: among, compiler: Any, options: dict[str, Any], number: str) -> tuple[str, str, str]:
    column, values = element.clauses.clauses
    kind = number if isinstance(column.type, sa.Integer) else "TEXT"
    return compiler.process(column, **options), compiler.process(values, **options), kind


def _element(value: int | str) -> str:
    if isinstance(value, int):
        return str(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
