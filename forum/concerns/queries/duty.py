"""The record of a danger, oldest step first."""

from __future__ import annotations

from sqlalchemy import Select, select

from forum.concerns.models import DutyEntry, DutyStep
from forum.extensions import db


def duty_of(concern_id: int) -> Select[DutyEntry]:
    """Every step. Whoever calls has asked the policy."""
    return select(DutyEntry).where(DutyEntry.concern_id == concern_id).order_by(DutyEntry.id)


def running(concern_id: int) -> DutyEntry | None:
    """The step that opened the checklist that has not ended; None when none is open."""
    opened = None
    for entry in db.session.scalars(duty_of(concern_id)):
        if entry.step is DutyStep.OPENED:
            opened = entry
        elif entry.step is DutyStep.ENDED:
            opened = None
    return opened
