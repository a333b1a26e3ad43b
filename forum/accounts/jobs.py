"""Forgetting what has ended: sessions, links, and registrations that nobody confirmed."""

from __future__ import annotations

from forum.accounts.operations.forgetting import forget_ended
from forum.core import jobs
from forum.core.transactions import unit_of_work


@jobs.periodic("accounts.forget", daily="03:20")
def forget() -> None:
    """Remove ended sessions and links, and people who registered a week ago and never confirmed."""
    with unit_of_work():
        forget_ended()
