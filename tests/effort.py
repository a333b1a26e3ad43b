"""What a database does for a page, counted: no clock, so no verdict of a busy machine's.

SQLite counts the steps of its own machine, those with which FTS5 reads its tables among them. Of PostgreSQL each
statement is asked again: the rows that it reads of tables and indexes. It looks at more blocks until autovacuum came
by, so these are not counted. It is told one way where it knows several that cost nearly the same in a small town:
which it takes would hang on the statistics that day.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event

Effort = dict[str, int]
READS = ("SELECT", "WITH")
WAYS = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin", "enable_memoize", "enable_material")


def effort(engine: Engine, act: Callable[[], object]) -> Effort:
    """What *engine* does while *act* runs in this thread."""
    return (_steps if engine.dialect.name == "sqlite" else _read)(engine, act)


def _steps(engine: Engine, act: Callable[[], object]) -> Effort:
    found = {"statements": 0, "steps": 0}

    def step() -> int:
        found["steps"] += 1
        return 0

    def note(connection: Any, _cursor: Any, _statement: str, *_rest: Any) -> None:
        found["statements"] += 1
        counted.append(connection.connection.driver_connection)
        counted[-1].set_progress_handler(step, 1)

    counted: list[Any] = []
    event.listen(engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(engine, "before_cursor_execute", note)
        for each in counted:
            each.set_progress_handler(None, 1)
    return found


def _read(engine: Engine, act: Callable[[], object]) -> Effort:
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.lstrip().startswith(READS):
            asked.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    found = {"statements": len(asked), "rows": 0}
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("ANALYZE")  # as of now, not as of whenever autovacuum came by in between
        for way in WAYS:
            driver.execute(f"SET LOCAL {way} = off")
        for statement, parameters in asked:
            explained = f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement}"
            plan = driver.execute(explained, parameters).fetchone()[0][0]["Plan"]
            found["rows"] += _rows(plan)
    return found


def _rows(plan: dict[str, Any]) -> int:
    """What is read from tables and indexes; not what is only handed up from there, once more at each step."""
    if below := plan.get("Plans"):
        return sum(map(_rows, below)) + int(plan.get("Rows Removed by Filter", 0))
    return int((plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)) * plan["Actual Loops"])
