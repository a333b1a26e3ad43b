"""What stands on the page of who makes the rules."""

from __future__ import annotations

from typing import Any

from forum.accounts.models import Person
from forum.core.languages import page_language
from forum.extensions import db
from forum.moderation import policy
from forum.moderation.models import Rule, Rules
from forum.moderation.queries import rules as queries


def list_context(viewer: Person, error: str = "") -> dict[str, Any]:
    """Template variables of ``moderation/admin_rules.html``."""
    current = db.session.scalars(queries.in_force()).one()
    waiting = db.session.scalars(queries.proposed()).one_or_none()
    return {
        "rules": [_line(rule) for rule in current.rules],
        "version": current,
        "waiting": waiting,
        "changes": _changes(current, waiting) if waiting else [],
        "may_approve": waiting is not None and policy.can_approve_rules(viewer, waiting.proposed_by_id),
        "may_change_settings": policy.can_change_settings(viewer),
        "error": error,
    }


def _changes(current: Rules, waiting: Rules) -> list[dict[str, Any]]:
    """Each rule that the proposal adds, takes away or words otherwise, as it is and as it would be."""
    before = {rule.number: rule for rule in current.rules}
    after = {rule.number: rule for rule in waiting.rules}
    return [
        {
            "number": number,
            "before": _line(before[number]) if number in before else None,
            "after": _line(after[number]) if number in after else None,
        }
        for number in sorted(before.keys() | after.keys())
        if _texts(before.get(number)) != _texts(after.get(number))
    ]


def _texts(rule: Rule | None) -> tuple[Any, Any] | None:
    return (rule.titles, rule.texts) if rule is not None else None


def _line(rule: Rule) -> dict[str, Any]:
    language = page_language()
    return {
        "number": rule.number,
        "title": rule.title(language),
        "text": rule.text(language),
        "others": [
            {"language": tag, "title": rule.titles.get(tag, ""), "text": rule.texts[tag]}
            for tag in sorted(rule.texts)
            if tag != language
        ],
    }
