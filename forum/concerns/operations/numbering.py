"""Keys and references that no row has yet.

They are drawn at random, so that they tell nothing, and of 2^31 two will meet one day: that must not cost somebody the
words they sent. What two writes draw in the same moment is left to the database, which refuses the second.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from forum.concerns.models import Concern
from forum.concerns.receipts import new_reference, random_id
from forum.extensions import db


def free_id(model: type[Any]) -> int:
    """A random key that no row of *model* has."""
    while db.session.scalar(select(model.id).where(model.id == (found := random_id()))) is not None:
        pass
    return found


def free_reference() -> str:
    """A reference that no concern has."""
    while (
        db.session.scalar(select(Concern.id).where(Concern.reference == (found := new_reference())))
        is not None
    ):
        pass
    return found
