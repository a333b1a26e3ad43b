"""What everybody may know: decisions without names and without what was decided about."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, distinct, func, select

from forum.moderation.models import (
    Appeal,
    Case,
    CaseFinding,
    CaseState,
    Decision,
    Measure,
    Rule,
    Verdict,
)

COLUMNS = (
    Decision.id,
    Decision.decided_at,
    Rule.number,
    Decision.moderator_id,
    Decision.measure,
    Appeal.id.label("appeal_id"),
    Appeal.verdict,
    Decision.undone_at,
)


def entries(
    before: int | None = None,
) -> Select[int, datetime, int, int, Measure, int | None, Verdict | None, datetime | None]:
    """The log, the newest first, older than entry *before*."""
    found = (
        select(*COLUMNS)
        .join(Rule, Rule.id == Decision.rule_id)
        .outerjoin(Appeal, Appeal.decision_id == Decision.id)
        .order_by(Decision.id.desc())
    )
    return found if before is None else found.where(Decision.id < before)


def by_rule() -> Select[int, Measure, int]:
    """How often each rule led to each outcome."""
    return (
        select(Rule.number, Decision.measure, func.count())
        .join(Rule, Rule.id == Decision.rule_id)
        .group_by(Rule.number, Decision.measure)
        .order_by(Rule.number)
    )


def times(limit: int) -> Select[datetime, datetime]:
    """When each of the newest *limit* decided cases was opened and decided."""
    return (
        select(Case.opened_at, Decision.decided_at)
        .join(Decision, Decision.case_id == Case.id)
        .order_by(Decision.id.desc())
        .limit(limit)
    )


def appeals() -> Select[Verdict | None, int]:
    """How appeals ended; None: not decided yet."""
    return select(Appeal.verdict, func.count()).group_by(Appeal.verdict)


def holds() -> Select[str, int, int]:
    """For each filter: how many things it held that a person has decided about, and how many of them were kept."""
    kept = distinct(Case.id)
    return (
        select(
            CaseFinding.filter,
            func.count(distinct(Case.id)),
            func.count(kept).filter(Decision.measure == Measure.KEEP),
        )
        .join(Case, Case.id == CaseFinding.case_id)
        .join(Decision, Decision.case_id == Case.id)
        .where(Case.held.is_(True), Case.state == CaseState.DECIDED)
        .group_by(CaseFinding.filter)
        .order_by(CaseFinding.filter)
    )


def held_and_kept() -> Select[int, int]:
    """How many held things a person has decided about, and how many of them were kept as they were."""
    kept = func.count().filter(Decision.measure == Measure.KEEP)
    return select(func.count(), kept).select_from(Decision).join(Decision.case).where(Case.held.is_(True))
