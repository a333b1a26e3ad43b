"""Writing the ledger."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Protocol

import sqlalchemy as sa

from forum.audit import queries, sealing
from forum.audit.models import Entry, Seal
from forum.core import clock
from forum.core.prepared import Prepared
from forum.core.transactions import operation
from forum.extensions import db

# Nearly every write makes an entry while it holds the lock.
_INSERT = Prepared(
    sa.insert(Entry.__table__).inline(), ("at", "actor_id", "act", "subject_kind", "subject_id", "detail")
)


class Actor(Protocol):
    """Whoever acts: a person with an id, or the system (id None)."""

    @property
    def id(self) -> int | None: ...


@operation
def record(*, actor: Actor | None, act: StrEnum, subject: Any, **detail: Any) -> None:
    """Add an entry about *subject* (a model instance with an id) in the same transaction as the act itself.

    *detail* takes ids, enum words, counts and ISO dates; a person's words do not belong in the ledger.
    """
    row = {
        "at": clock.now(),
        "actor_id": actor.id if actor is not None else None,
        "act": str(act),
        "subject_kind": subject.__tablename__,
        "subject_id": subject.id,
        "detail": detail,
    }
    _INSERT.run(db.session(), **row)


@operation
def seal_next(limit: int = 500) -> int:
    """Seal the oldest entries that no seal covers; returns how many. Call again while it returns *limit*.

    On PostgreSQL ids are given before the commit, so a smaller one may appear after a greater: the lock waits for every
    transaction that is writing entries, for the milliseconds this takes. SQLite has one writer.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.execute(sa.text("LOCK TABLE ledger_entry IN SHARE MODE"))
        db.session.execute(sa.text("LOCK TABLE ledger_seal IN SHARE ROW EXCLUSIVE MODE"))
    last = db.session.scalars(queries.last_seal()).one_or_none()
    entries = db.session.scalars(queries.entries_after(last.last_entry_id if last else 0, limit)).all()
    if entries:
        db.session.add(
            Seal(
                first_entry_id=entries[0].id,
                last_entry_id=entries[-1].id,
                entries=len(entries),
                hash=sealing.chained(last.hash if last else sealing.BEGINNING, entries),
            )
        )
        db.session.flush()
    return len(entries)
