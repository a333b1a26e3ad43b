"""Keys and references that no row has yet.

They are drawn at random, so that they tell nothing, and of 2^31 two will meet one day: that must not cost somebody the
words they sent. Where everybody waits for the lock nothing is asked before: the database says whether it took the row.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from forum.concerns.models import Concern, Entry
from forum.concerns.queries.sight import by_code_hash
from forum.concerns.receipts import new_reference, random_id
from forum.core.inserting import drawn_up, insert_row_unless, insert_unless
from forum.extensions import db

MOST = 20  # draws; a second is hardly ever needed, and everybody who writes waits meanwhile


def insert_concern(**held: Any) -> tuple[Concern, bool]:
    """Write a concern that holds this under an id and a reference that no row has, and say that it is new. Where there
    is one of its receipt code, nothing is written, and that one returned."""
    for _drawn in range(MOST):
        concern: Concern = drawn_up(Concern, id=random_id(), reference=new_reference(), **held)
        if insert_unless(concern):
            return concern, True
        before: Concern | None = db.session.scalars(by_code_hash(concern.code_hash)).one_or_none()
        if before is not None:
            return before, False
    raise RuntimeError("no number is free for a concern")


def insert_entry(**values: Any) -> None:
    """Write an entry, which nobody needs as an object, under an id that no row has."""
    if not any(insert_row_unless(Entry, "id", id=random_id(), **values) for _drawn in range(MOST)):
        raise RuntimeError("no number is free for an entry")


def free_id(model: type[Any]) -> int:
    """A random key that no row of *model* has."""
    while db.session.scalar(select(model.id).where(model.id == (found := random_id()))) is not None:
        pass
    return found
