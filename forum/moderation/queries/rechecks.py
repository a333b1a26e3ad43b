"""The sample that is looked at again, blind."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from forum.accounts.queries import bounded
from forum.moderation.models import Decision, Measure, Recheck, Stance


def by_id(recheck_id: int) -> Select[Recheck]:
    """One of the sample, with its decision and rule."""
    return select(Recheck).where(Recheck.id == bounded(recheck_id)).options(*_with_decision())


def unfinished() -> Select[Recheck]:
    """Those that somebody has still to look at, the oldest first."""
    return select(Recheck).where(Recheck.stance.is_(None)).order_by(Recheck.id).options(*_with_decision())


def results() -> Select[Measure, bool | None, Stance | None]:
    """What was decided, what the blind look said, and what the text says of the agency, of each that is finished."""
    return (
        select(Decision.measure, Recheck.breaks, Recheck.stance)
        .join(Recheck.decision)
        .where(Recheck.stance.is_not(None))
    )


def _with_decision() -> tuple[Any, ...]:
    return (
        joinedload(Recheck.decision).joinedload(Decision.case),
        joinedload(Recheck.decision).joinedload(Decision.rule),
    )
