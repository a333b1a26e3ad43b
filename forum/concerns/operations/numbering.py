"""Keys and references that no row has yet.

They are drawn at random, so that they tell nothing, and of 2^31 two will meet one day: that must not cost somebody the
words they sent. What two writes draw in the same moment is left to the database, which refuses the second.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, union_all

from forum.concerns.models import Concern, Entry
from forum.concerns.receipts import new_reference, random_id
from forum.extensions import db

# Made once, with parameters: it is asked under the lock. Rows of the concern, if any, come as their code's hash.
_MET = union_all(
    select(Concern.code_hash).where(Concern.code_hash == bindparam("code_hash")),
    select(Concern.code_hash).where(Concern.id == bindparam("concern_id")),
    select(Concern.code_hash).where(Concern.reference == bindparam("reference")),
    select(Concern.code_hash).join(Entry).where(Entry.id == bindparam("entry_id")),
)


@dataclass(frozen=True)
class Numbers:
    """What a new concern and the first entry of its thread are known by."""

    concern_id: int
    reference: str
    entry_id: int


def free_numbers(code_hash: str) -> Numbers | None:
    """Numbers that no row has, in one question; None when there is a concern of this receipt code."""
    while True:
        drawn = Numbers(random_id(), new_reference(), random_id())
        met = db.session.connection().scalars(_MET, {"code_hash": code_hash, **drawn.__dict__}).all()
        if code_hash in met:
            return None
        if not met:
            return drawn


def free_id(model: type[Any]) -> int:
    """A random key that no row of *model* has."""
    while db.session.scalar(select(model.id).where(model.id == (found := random_id()))) is not None:
        pass
    return found
