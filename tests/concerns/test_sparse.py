"""Indexes of what is filled in few rows: who asks for a value finds it there, and a deletion reads no table whole."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from forum.accounts.models import Role
from forum.concerns.policy import Sight
from forum.concerns.queries.clocks import to_be_warned_of
from forum.concerns.queries.desk import QueueFilters, Whose, queue
from forum.concerns.queries.public import ConcernFilters, listed_page
from forum.extensions import db


def sparse() -> list[sa.Index]:
    found = [index for table in db.metadata.sorted_tables for index in table.indexes]
    return [index for index in found if str(index.dialect_options["sqlite"]["where"]).endswith("IS NOT NULL")]


def first_column(index: sa.Index) -> sa.Column[object]:
    return next(iter(index.columns))


def plan(sql: str) -> str:
    sqlite = db.engine.dialect.name == "sqlite"
    explained = db.session.execute(sa.text(f"EXPLAIN {'QUERY PLAN ' if sqlite else ''}{sql}"))
    return "\n".join(str(row[-1]) for row in explained)


def read_whole(sql: str) -> set[str]:
    """The tables that SQLite would read from the first row to the last, foreign keys' included."""
    rows = db.session.execute(sa.text("SELECT rootpage, name FROM sqlite_master"))
    names: dict[int, str] = dict(rows.all())
    opened: dict[int, str] = {}
    found = set()
    for _address, step, cursor, page, *_more in db.session.execute(sa.text(f"EXPLAIN {sql}")):
        if step.startswith("Open"):
            opened[cursor] = names[page] if step in ("OpenRead", "OpenWrite") else ""  # a list for the moment
        elif step in ("Rewind", "Last"):
            found.add(opened[cursor])
    return found - {""}


def test_what_is_filled_in_few_rows_is_found_by_its_index(work: Flask) -> None:
    assert len(sparse()) > 5
    if db.engine.dialect.name == "postgresql":  # which reads an empty table rather than any index
        db.session.execute(sa.text("SET LOCAL enable_seqscan = off"))
    for index in sparse():
        column, table = first_column(index), index.table
        value = "CURRENT_TIMESTAMP" if isinstance(column.type, sa.TypeDecorator) else "'5'"
        assert table is not None
        assert str(index.name) in plan(f"SELECT 1 FROM {table.name} WHERE {column.name} = {value}"), (
            index.name
        )
    assert "ix_concern_unlisted_at" in plan(
        "SELECT max(unlisted_at) FROM concern WHERE unlisted_at IS NOT NULL"
    )


def test_who_goes_is_looked_for_in_none_of_these_tables_row_by_row(work: Flask) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL asks for what points at a row as anybody would")
    pairs = {
        (key.column.table.name, key.parent.table.name)
        for i in sparse()
        for key in first_column(i).foreign_keys
    }
    assert pairs >= {("concern", "concern"), ("neighborhood", "concern"), ("person", "concern_entry")}
    for parent, child in pairs:
        assert child not in read_whole(f"DELETE FROM {parent} WHERE id = 5"), (parent, child)


@pytest.mark.once
def test_lists_walk_an_index_of_what_they_list_and_stop(work: Flask) -> None:
    sight, now = Sight(5, Role.SUPERVISOR), datetime(2026, 3, 4, tzinfo=UTC)
    free = QueueFilters(whose=Whose.FREE)
    for wanted, index in (
        (listed_page(ConcernFilters()), "ix_concern_listed"),
        (listed_page(ConcernFilters(category="speeding")), "ix_concern_category_id"),
        (to_be_warned_of(now, whole_days=True), "concern USING INDEX ix_concern_due_at (due_at<?)"),
        (queue(sight, free, due=False), "concern USING INDEX ix_concern_queue (status=? AND due_at=?)"),
    ):
        assert index in plan(str(wanted.compile(db.engine, compile_kwargs={"literal_binds": True}))), index
