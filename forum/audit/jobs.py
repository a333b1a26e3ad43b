"""Sealing the ledger."""

from __future__ import annotations

from forum.audit import operations
from forum.core import jobs
from forum.core.transactions import unit_of_work

BATCH = 500


@jobs.periodic("audit.seal", minutes=5)
def seal() -> None:
    """Seal everything that was recorded since the last time, a batch a transaction."""
    while not jobs.stopping.is_set():
        with unit_of_work():
            sealed = operations.seal_next(BATCH)
        if sealed < BATCH:
            return
