"""Forgetting what has been kept long enough."""

from __future__ import annotations

from forum.core import clock, jobs
from forum.core.transactions import unit_of_work
from forum.moderation.operations.sealing import purge_originals

BATCH = 200


@jobs.periodic("moderation.purge", daily="04:10")
def purge() -> None:
    """Remove sealed originals whose time is over, a batch a transaction."""
    while not jobs.stopping.is_set():
        with unit_of_work():
            purged = purge_originals(clock.now(), BATCH)
        if purged < BATCH:
            return
