"""How many people came."""

from __future__ import annotations

from forum.events.models import Occurrence


def attendance_of(occurrence: Occurrence) -> int:
    """The people who came to a date, as counted at the door."""
    return occurrence.walk_ins
