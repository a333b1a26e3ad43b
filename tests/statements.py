"""What a database is asked: for tests that count it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

UNCOUNTED = ("BEGIN", "SELECT pg_current_snapshot", "SAVEPOINT", "RELEASE")


class Statements:
    """``with Statements() as asked:`` collects what any database is asked meanwhile: not where a unit of work begins or
    ends, and not which state the database is in, which every kept page asks."""

    def __enter__(self) -> list[str]:
        self.found: list[str] = []
        event.listen(Engine, "before_cursor_execute", self._note)
        return self.found

    def __exit__(self, *_error: object) -> None:
        event.remove(Engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(UNCOUNTED):
            self.found.append(statement)
