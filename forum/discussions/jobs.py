"""Periodic work of discussions."""

from __future__ import annotations

from forum.core import jobs
from forum.core.transactions import unit_of_work
from forum.discussions.operations.drafting import forget_old_drafts


@jobs.periodic("discussions.forget_drafts", daily="03:50")
def forget_drafts() -> None:
    """Remove drafts that nobody has touched for two months."""
    with unit_of_work():
        forget_old_drafts()
