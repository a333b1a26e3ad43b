"""How often the form first said whom to call."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Select, func, select

from forum.concerns.models import Cause, DangerCount
from forum.core import clock
from forum.extensions import db

DAYS = 30


def told_lately() -> dict[Cause, int]:
    """By what it was said for, on the ``DAYS`` before today: of today nobody learns that somebody just wrote."""
    found = dict.fromkeys(Cause, 0)
    for cause, times in db.session.execute(_told()):
        found[cause] = times
    return found


def _told() -> Select[Cause, int]:
    today = clock.today()
    days = DangerCount.day >= today - timedelta(days=DAYS), DangerCount.day < today
    return select(DangerCount.cause, func.sum(DangerCount.times)).where(*days).group_by(DangerCount.cause)
