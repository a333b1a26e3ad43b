"""What the ledger calls the acts of this slice."""

from __future__ import annotations

from enum import StrEnum


class NeighborhoodAct(StrEnum):
    """Sorted; a word is never given a second meaning."""

    BEAT_ADD = "beat.add"
    BEAT_CHANGE = "beat.change"
    BEAT_REMOVE = "beat.remove"
    IMPORT_CHANGE = "neighborhood.import.change"
    IMPORT_NEW = "neighborhood.import.new"
