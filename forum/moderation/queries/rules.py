"""The rules: those in force, those that were, and what is proposed."""

from __future__ import annotations

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from forum.moderation.models import Rule, Rules, RulesState


def in_force() -> Select[Rules]:
    """The version that holds now, with its rules."""
    return select(Rules).where(Rules.state == RulesState.IN_FORCE).options(selectinload(Rules.rules))


def proposed() -> Select[Rules]:
    """The version that waits for a second person, with its rules."""
    return (
        select(Rules)
        .where(Rules.state == RulesState.PROPOSED)
        .options(selectinload(Rules.rules), joinedload(Rules.proposed_by))
    )


def version(number: int) -> Select[Rules]:
    """One version that is or was in force, with its rules."""
    return select(Rules).where(Rules.version == number).options(selectinload(Rules.rules))


def versions() -> Select[Rules]:
    """Every version that is or was in force, the newest first."""
    return select(Rules).where(Rules.version.is_not(None)).order_by(Rules.version.desc())


def rules_in_force() -> Select[Rule]:
    """The rules that hold now, by number."""
    return select(Rule).join(Rule.version_of).where(Rules.state == RulesState.IN_FORCE).order_by(Rule.number)


def rule_numbered(number: int) -> Select[Rule]:
    """The rule of this number that holds now."""
    return rules_in_force().where(Rule.number == number)


def last_version() -> Select[int]:
    """The highest version there was."""
    return select(func.coalesce(func.max(Rules.version), 0))


def last_number() -> Select[int]:
    """The highest number a rule ever had, also in what was only proposed: a number is never another rule's."""
    return select(func.coalesce(func.max(Rule.number), 0))
