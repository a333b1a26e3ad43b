"""The rules change only by two people, a version at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from sqlalchemy import select

from forum.audit.operations import Actor, record
from forum.core import clock
from forum.core.db import row_id
from forum.core.errors import Refusal
from forum.core.transactions import operation
from forum.extensions import db
from forum.moderation.models import Rule, Rules, RulesState
from forum.moderation.operations.keeping import person_of
from forum.moderation.policy import can_approve_rules, can_make_rules
from forum.moderation.queries import rules as queries
from forum.moderation.vocabulary import ModerationAct


@dataclass(frozen=True)
class RuleDetails:
    """A rule as its form has it: texts by language, English at least. *number* None: a new one."""

    number: int | None
    titles: dict[str, str]
    texts: dict[str, str]


@operation
def propose_rule(*, actor: Actor, details: RuleDetails, why: str) -> Rules:
    """Propose a version in which this rule is new or reads otherwise, and the others stay as they are."""
    if not details.titles.get("en", "").strip():
        raise Refusal(_("Give it a name in English."), "title_en")
    if not details.texts.get("en", "").strip():
        raise Refusal(_("Say in English what it means."), "text_en")
    current = _current()
    if details.number is None:
        new = replace(details, number=(db.session.scalar(queries.last_number()) or 0) + 1)
        return _propose(actor, [*current, new], why)
    if details.number not in {each.number for each in current}:
        raise Refusal(_("This rule is not in force any more."))
    return _propose(actor, [details if each.number == details.number else each for each in current], why)


@operation
def propose_withdrawal(*, actor: Actor, number: int, why: str) -> Rules:
    """Propose a version without this rule. Its number is never given to another."""
    current = _current()
    left = [each for each in current if each.number != number]
    if len(left) == len(current):
        raise Refusal(_("This rule is not in force any more."))
    if not left:
        raise Refusal(_("One rule at least has to stay."))
    return _propose(actor, left, why)


@operation
def approve_rules(*, actor: Actor, rules: Rules) -> Rules:
    """Put a proposed version into force. Refusal for who proposed it, or when it does not wait any more."""
    rules, person = _lock(rules), person_of(actor)
    if rules.state is not RulesState.PROPOSED:
        raise Refusal(_("This does not wait for anybody any more."))
    if not can_approve_rules(person, rules.proposed_by_id):
        raise Refusal(_("Somebody else than who proposed it has to approve it."))
    now = clock.now()
    past = db.session.scalars(queries.in_force()).one()
    past.state, past.in_force_until = RulesState.PAST, now
    db.session.flush()  # one version is in force at a time: the index would refuse two
    rules.state, rules.approved_by_id, rules.in_force_from = RulesState.IN_FORCE, person.id, now
    rules.version = (db.session.scalar(queries.last_version()) or 0) + 1
    record(actor=person, act=ModerationAct.RULES_APPROVE, subject=rules, version=rules.version)
    return rules


@operation
def refuse_rules(*, actor: Actor, rules: Rules) -> Rules:
    """Take a proposal from the table; who proposed it may do that too."""
    rules, person = _lock(rules), person_of(actor)
    if rules.state is not RulesState.PROPOSED or not can_make_rules(person):
        raise Refusal(_("This does not wait for anybody any more."))
    rules.state = RulesState.REFUSED
    record(actor=person, act=ModerationAct.RULES_REFUSE, subject=rules)
    return rules


def _current() -> list[RuleDetails]:
    return [
        RuleDetails(rule.number, dict(rule.titles), dict(rule.texts))
        for rule in db.session.scalars(queries.rules_in_force())
    ]


def _propose(actor: Actor, wanted: Sequence[RuleDetails], why: str) -> Rules:
    person = person_of(actor)
    if not can_make_rules(person):
        raise Refusal(_("This is not yours to change."))
    if not why.strip():
        raise Refusal(_("Say what changes and why. Everybody can read it later."), "why")
    if db.session.scalars(queries.proposed()).first() is not None:
        raise Refusal(_("Another change waits for a second person. One at a time."))
    made = Rules(why=why.strip(), proposed_by_id=person.id)
    db.session.add(made)
    db.session.flush()
    db.session.add_all(
        Rule(rules_id=made.id, number=each.number, titles=_filled(each.titles), texts=_filled(each.texts))
        for each in wanted
    )
    record(actor=person, act=ModerationAct.RULES_PROPOSE, subject=made, rules=len(wanted))
    return made


def _filled(texts: dict[str, str]) -> dict[str, str]:
    return {tag: text.strip() for tag, text in texts.items() if text.strip()}


def _lock(rules: Rules) -> Rules:
    held = select(Rules).where(Rules.id == row_id(rules)).with_for_update(of=Rules)
    return db.session.scalars(held.execution_options(populate_existing=True)).one()
