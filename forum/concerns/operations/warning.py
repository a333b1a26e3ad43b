"""Counting how often people were told whom to call."""

from __future__ import annotations

from forum.concerns.models import Cause, DangerCount
from forum.core import clock
from forum.core.transactions import operation
from forum.extensions import db


@operation
def count_warning(cause: Cause) -> None:
    """One more today."""
    key = (clock.today(), cause)
    found = db.session.get(DangerCount, key, with_for_update=True)
    if found is None:
        db.session.add(DangerCount(day=key[0], cause=cause, times=1))
    else:
        found.times += 1
    db.session.flush()
