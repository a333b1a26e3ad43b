"""What stands on the page of who makes the rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from forum.accounts.models import Person
from forum.core.differences import differences
from forum.core.languages import language_name, page_language
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
        "proposed": _changes(current, waiting) if waiting else [],
        "may_approve": waiting is not None and policy.can_approve_rules(viewer, waiting.proposed_by_id),
        "may_change_settings": policy.can_change_settings(viewer),
        "error": error,
    }


def _changes(current: Rules, waiting: Rules) -> list[dict[str, Any]]:
    """Each rule that the proposal adds, takes away or words otherwise: what changes in each language, word by word."""
    before = {rule.number: rule for rule in current.rules}
    after = {rule.number: rule for rule in waiting.rules}
    return [
        {
            "number": number,
            "kind": "new" if number not in before else "gone" if number not in after else "",
            "languages": list(_in_words(before.get(number), after.get(number))),
        }
        for number in sorted(before.keys() | after.keys())
        if _texts(before.get(number)) != _texts(after.get(number))
    ]


def _in_words(before: Rule | None, after: Rule | None) -> Iterator[dict[str, Any]]:
    """Each language, the reader's own first, with what changes in it: often a translation is forgotten."""
    titles = [rule.titles if rule is not None else {} for rule in (before, after)]
    texts = [rule.texts if rule is not None else {} for rule in (before, after)]
    own = page_language()
    tags = {tag for kept in (*titles, *texts) for tag in kept}
    for tag in sorted(tags, key=lambda tag: (tag != own, tag)):
        title, text = ([kept.get(tag, "") for kept in each] for each in (titles, texts))
        yield {
            "language": tag,
            "name": language_name(tag),
            "changed": title[0] != title[1] or text[0] != text[1],
            "title": differences(*title),
            "text": differences(*text),
        }


def _texts(rule: Rule | None) -> tuple[Any, Any] | None:
    return (rule.titles, rule.texts) if rule is not None else None


def _line(rule: Rule) -> dict[str, Any]:
    language = page_language()
    return {
        "number": rule.number,
        "title": rule.title(language),
        "text": rule.text(language),
    }
