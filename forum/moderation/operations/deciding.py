"""A moderator takes a case and decides it, once, under one rule, with words that its author reads."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _

from forum.accounts.models import Person
from forum.audit.operations import Actor, record
from forum.core import clock
from forum.core.errors import Refusal
from forum.core.transactions import operation
from forum.extensions import db
from forum.moderation.models import Case, CaseState, Decision, Measure, Pause, Retention, Rule, Step
from forum.moderation.operations.keeping import (
    involved_in,
    lock_case,
    moderator_for,
    note,
    person_of,
    thing_in,
)
from forum.moderation.operations.rechecking import draw
from forum.moderation.operations.sealing import seal
from forum.moderation.operations.telling import tell_author, tell_reporters
from forum.moderation.policy import PAUSE_DAYS, can_decide
from forum.moderation.queries import cases, pauses
from forum.moderation.queries.rules import rule_numbered
from forum.moderation.registry import Moderated, Shown, Thing
from forum.moderation.vocabulary import ModerationAct

REMOVES = (Measure.HIDE, Measure.PAUSE)


@operation
def take(*, actor: Actor, case: Case) -> Case:
    """Take a case. Refusal when somebody else has it, or for who wrote or reported it."""
    case, person, _moderated, _thing = _for_decision(actor, case)
    case.state, case.assigned_to_id = CaseState.TAKEN, person.id
    note(case, Step.TAKE, person)
    record(actor=person, act=ModerationAct.CASE_TAKE, subject=case)
    return case


@operation
def release(*, actor: Actor, case: Case) -> Case:
    """Give back a case that one has taken."""
    case, person = lock_case(case), person_of(actor)
    if case.state is not CaseState.TAKEN or case.assigned_to_id != person.id:
        raise Refusal(_("This case is not yours to give back."))
    case.state, case.assigned_to_id = CaseState.NEW, None
    note(case, Step.RELEASE, person)
    record(actor=person, act=ModerationAct.CASE_RELEASE, subject=case)
    return case


@operation
def decide(
    *,
    actor: Actor,
    case: Case,
    measure: Measure,
    rule_number: int,
    words: str,
    replacement: str = "",
    pause_days: int | None = None,
) -> Decision:
    """Decide, carry it out, and tell the author and who reported.

    *words*: what exactly, for the author. *replacement*: with REDACT, the text without personal data. *pause_days*:
    with PAUSE. Refusal for what is missing, or when somebody else has the case or has decided it.
    """
    case, person, moderated, thing = _for_decision(actor, case)
    rule = rule_in_force(rule_number)
    if not words.strip():
        raise Refusal(_("Say what exactly, in words that the author will read."), "words")
    _check(measure, moderated, thing, replacement, pause_days)
    decision = settle(
        Decision(
            case_id=case.id, measure=measure, rule_id=rule.id, words=words.strip(), decided_by_id=person.id,
            moderator_id=moderator_for(person).id, pause_days=pause_days if measure is Measure.PAUSE else None,
        ), case, moderated, thing, rule, replacement,
    )  # fmt: skip
    note(case, Step.DECIDE, person, measure=str(measure), rule=rule.number)
    detail = {"measure": str(measure), "rule": rule.number, "pause_days": decision.pause_days}
    record(actor=person, act=ModerationAct.CASE_DECIDE, subject=case, **detail)
    draw(decision)
    tell_author(decision, thing)
    tell_reporters(case, decision)
    return decision


def rule_in_force(number: int) -> Rule:
    """The rule of that number. Refusal when none is in force."""
    rule = db.session.scalars(rule_numbered(number)).one_or_none()
    if rule is None:
        raise Refusal(_("Choose a rule."), "rule")
    return rule


def settle(
    decision: Decision, case: Case, moderated: Moderated, thing: Thing, rule: Rule, replacement: str = ""
) -> Decision:
    """Write the *decision* of a case whose row is held, and carry it out. Whoever calls records it and tells people."""
    case.state, case.assigned_to_id = CaseState.DECIDED, decision.decided_by_id
    db.session.add(decision)
    db.session.flush()
    _carry_out(decision, moderated, thing, rule.number, replacement)
    return decision


def take_back(decision: Decision, moderated: Moderated, thing: Thing, *, held: bool = False) -> None:
    """As if it had not been decided: text, place, notifications; and posting goes on. *held*: it was held before."""
    decision.undone_at = clock.now()
    original = db.session.scalars(cases.original_of(decision.id)).one_or_none()
    if decision.measure is Measure.REDACT and original is not None and original.excised_at is None:
        moderated.replace_text(thing.id, original.text)
    if decision.measure in (Measure.EDIT, Measure.HIDE, Measure.PAUSE):
        (moderated.hold if held else moderated.show)(thing.id)
    pause = db.session.scalars(pauses.pause_by(decision.id)).one_or_none()
    if pause is not None:
        pause.until = min(pause.until, clock.now())
    db.session.flush()


def _for_decision(actor: Actor, case: Case) -> tuple[Case, Person, Moderated, Thing]:
    case, person = lock_case(case), person_of(actor)
    moderated, thing = thing_in(case)
    if not case.is_open:
        raise Refusal(_("Somebody has decided this meanwhile."))
    if not can_decide(person, case, involved_in(case, thing)):
        raise Refusal(_("Somebody else has to decide this."))
    return case, person, moderated, thing


def _check(
    measure: Measure, moderated: Moderated, thing: Thing, replacement: str, pause_days: int | None
) -> None:
    if measure not in moderated.measures:
        raise Refusal(_("This cannot be decided about such a thing."), "measure")
    if measure is Measure.REDACT and not replacement.strip():
        raise Refusal(_("Write the text as it should stand, without the personal data."), "replacement")
    if measure is Measure.REDACT and replacement.strip() == thing.text.strip():
        raise Refusal(_("This is the text as it was. Take out the personal data."), "replacement")
    if measure is Measure.PAUSE and pause_days not in PAUSE_DAYS:
        raise Refusal(_("Choose for how many days."), "pause_days")
    if measure is Measure.PAUSE and thing.author_id is None:
        raise Refusal(_("Its author has no account any more, so there is nobody to pause."), "measure")


def _carry_out(decision: Decision, moderated: Moderated, thing: Thing, rule: int, replacement: str) -> None:
    if decision.measure in REMOVES:
        seal(decision, thing, Retention.RECORD)
        moderated.hide(thing.id, rule)
    elif decision.measure is Measure.REDACT:
        seal(decision, thing, Retention.PERSONAL_DATA)
        moderated.replace_text(thing.id, replacement.strip())
    elif decision.measure is Measure.EDIT:
        moderated.give_back(thing.id)
    if decision.measure in (Measure.KEEP, Measure.REDACT, Measure.WARN) and thing.shown is Shown.HELD:
        moderated.show(thing.id)
    if decision.measure is Measure.PAUSE and decision.pause_days is not None and thing.author_id is not None:
        until = clock.now() + timedelta(days=decision.pause_days)
        db.session.add(Pause(decision_id=decision.id, person_id=thing.author_id, until=until))
        db.session.flush()
