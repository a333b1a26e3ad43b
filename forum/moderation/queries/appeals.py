"""Appeals."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from forum.accounts.queries import bounded
from forum.moderation.models import Appeal, AppealMessage, Decision


def appeal_of(decision_id: int) -> Select[Appeal]:
    """The appeal against this decision, with what was said."""
    return (
        select(Appeal)
        .where(Appeal.decision_id == decision_id)
        .options(selectinload(Appeal.messages).joinedload(AppealMessage.staff))
    )


def by_id(appeal_id: int) -> Select[Appeal]:
    """One appeal with its decision and what was said."""
    return (
        select(Appeal)
        .where(Appeal.id == bounded(appeal_id))
        .options(
            joinedload(Appeal.decision).joinedload(Decision.case),
            joinedload(Appeal.decision).joinedload(Decision.rule),
            joinedload(Appeal.decision).joinedload(Decision.moderator),
            selectinload(Appeal.messages).joinedload(AppealMessage.staff),
        )
    )


def undecided() -> Select[Appeal]:
    """Those that wait, what is due first comes first. Who may open one is asked of policy, one by one."""
    return (
        select(Appeal)
        .where(Appeal.verdict.is_(None))
        .options(
            joinedload(Appeal.decision).joinedload(Decision.case),
            joinedload(Appeal.decision).joinedload(Decision.rule),
        )
        .order_by(Appeal.due_at, Appeal.id)
    )
