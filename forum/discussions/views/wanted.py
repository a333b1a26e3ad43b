"""What an author was asked to mend in something that was given back to them."""

from __future__ import annotations

from forum.core.languages import page_language
from forum.extensions import db
from forum.moderation import registry
from forum.moderation.queries.cases import last_decision_about
from forum.moderation.words import told_words


def wanted(kind: str, thing_id: int) -> dict[str, object] | None:
    """What ``discussions/_wanted.html`` says above the form that changes this thing, which was given back."""
    decision = db.session.scalars(last_decision_about(kind, thing_id)).one_or_none()
    if decision is None:
        return None
    told = told_words(decision.measure, decision.pause_days, registry.kinds.get(kind))
    title = decision.rule.title(page_language())
    return {"told": told, "number": decision.rule.number, "title": title, "words": decision.words}
