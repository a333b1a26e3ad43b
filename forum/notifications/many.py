"""Telling thousands at once: one statement with many rows instead of one for each person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any

from flask import g

from forum.core import clock
from forum.core.transactions import after_commit, operation
from forum.extensions import db
from forum.notifications.operations import ONCE, deliver_at, deliver_soon


@dataclass(frozen=True, kw_only=True)
class Telling:
    """One person to be told. *person_id* is None for who has no account; the mail is then in *language*."""

    key: str
    person_id: int | None
    subject_id: int | None = None
    language: str = ""
    detail: dict[str, Any] = field(default_factory=dict)


@operation
def notify_many(kind: StrEnum, tellings: Iterable[Telling], *, due_at: datetime | None = None) -> None:
    """What ``notify`` does, for each of *tellings*, about the same *kind* of message, at *due_at* or now."""
    now = clock.now()
    rows = [
        {
            "key": telling.key,
            "kind": str(kind),
            "recipient_id": telling.person_id,
            "subject_id": telling.subject_id,
            "detail": telling.detail | ({"language": telling.language} if telling.person_id is None else {}),
            "due_at": due_at or now,
            "created_at": now,
        }
        for telling in tellings
    ]
    if not rows:
        return
    if len(rows) == 1:
        ONCE.run(db.session(), **rows[0])
    else:
        connection = db.session.connection()
        connection.execute(ONCE.words(connection.dialect), rows)
    if due_at is not None and due_at > now:
        after_commit(partial(deliver_at, due_at))
    elif deliver_soon not in g.get("after_commit", []):
        after_commit(deliver_soon)
