"""Counting how often people were told whom to call."""

from __future__ import annotations

from forum.concerns.models import Cause, DangerCount
from forum.core import clock
from forum.core.inserting import insert_into
from forum.core.transactions import operation
from forum.extensions import db


@operation
def count_warning(cause: Cause) -> None:
    """One more today. In one statement: whoever is in danger is stopped by nobody who was warned at the same moment."""
    first = insert_into(DangerCount).values(day=clock.today(), cause=cause, times=1)
    once_more = {"times": DangerCount.times + 1}
    db.session.execute(first.on_conflict_do_update(index_elements=["day", "cause"], set_=once_more))
