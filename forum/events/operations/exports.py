"""Taking a list of people along: nothing is changed, but who took it is on record."""

from __future__ import annotations

from forum.audit.operations import Actor, record
from forum.core.transactions import operation
from forum.events.acts import EventAct
from forum.events.models import Occurrence


@operation
def export_roster(*, actor: Actor, occurrence: Occurrence, rows: int) -> None:
    """Write down that *actor* took the roster of a date along, with *rows* answers."""
    record(actor=actor, act=EventAct.ROSTER_EXPORT, subject=occurrence, rows=rows)
