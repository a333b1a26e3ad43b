"""How many questions a page asks the database, counted in this process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from sqlalchemy import event

from forum.extensions import db


def questions(app: Flask, path: str, headers: Mapping[str, str]) -> tuple[int, int]:
    """(at the first look after a change, at the next one); 1,000 for a page that is not there."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            asked.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        counts = []
        for _look in range(2):
            answer = app.test_client(use_cookies=False).get(path, headers=dict(headers))
            counts.append(len(asked) if answer.status_code == 200 else 1000)
            asked.clear()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return counts[0], counts[1]
