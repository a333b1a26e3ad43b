"""Keys and references that no row has yet.

They are drawn at random, so that they tell nothing, and of 2^31 two will meet one day: that must not cost somebody the
words they sent. What two writes draw in the same moment is left to the database, which refuses the second.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select, union_all

from forum.concerns.models import Concern, Entry
from forum.concerns.receipts import new_reference, random_id
from forum.core.prepared import PreparedSelect
from forum.extensions import db

_MET = PreparedSelect(  # it is asked while the lock is held
    union_all(
        select(Concern.code_hash).where(Concern.code_hash == bindparam("code_hash")),
        select(Concern.code_hash).where(Concern.id == bindparam("concern_id")),
        select(Concern.code_hash).where(Concern.reference == bindparam("reference")),
        select(Concern.code_hash).join(Entry).where(Entry.id == bindparam("entry_id")),
    )
)


def number(concern: Concern) -> int | None:
    """Give *concern* an id and a reference that no row has, and return such an id for the first entry of its thread:
    one question. None when there is a concern of its receipt code."""
    while True:
        entry_id = random_id()
        concern.id, concern.reference = random_id(), new_reference()
        drawn = {"concern_id": concern.id, "reference": concern.reference, "entry_id": entry_id}
        found = _MET.column(db.session(), code_hash=concern.code_hash, **drawn)
        if concern.code_hash in found:
            return None
        if not found:
            return entry_id


def free_id(model: type[Any]) -> int:
    """A random key that no row of *model* has."""
    while db.session.scalar(select(model.id).where(model.id == (found := random_id()))) is not None:
        pass
    return found
