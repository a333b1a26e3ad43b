"""A reader says that something breaks a rule. It stays as it is until a person has decided."""

from __future__ import annotations

from flask_babel import gettext as _

from forum.audit.operations import Actor, record
from forum.core.errors import Refusal
from forum.core.transactions import operation
from forum.extensions import db
from forum.moderation.models import Report, Step
from forum.moderation.operations.keeping import case_for, note, person_of
from forum.moderation.queries import cases
from forum.moderation.queries.rules import rule_numbered
from forum.moderation.registry import Shown, thing_of
from forum.moderation.vocabulary import ModerationAct


@operation
def report(*, actor: Actor, kind: str, thing_id: int, rule_number: int, words: str) -> Report:
    """Open a case, or add to the one that is open. However many report: nothing is hidden by that.

    Refusal for one's own, for what is hidden already, for a rule that is not in force, and for a second report.
    """
    person, thing = person_of(actor), thing_of(kind, thing_id)
    if thing is None or thing.shown in (Shown.DELETED, Shown.HIDDEN):
        raise Refusal(_("This is not there any more. Nothing was sent."))
    if thing.author_id == person.id:
        raise Refusal(_("You wrote this yourself. You can edit it or delete it."))
    rule = db.session.scalars(rule_numbered(rule_number)).one_or_none()
    if rule is None:
        raise Refusal(_("Choose the rule that you think it breaks."), "rule")
    case = case_for(thing, held=False)
    if db.session.scalars(cases.report_by(case.id, person.id)).first() is not None:
        raise Refusal(_("You have reported this. Somebody will look at it, and we will tell you."))
    made = Report(case_id=case.id, reporter_id=person.id, rule_id=rule.id, words=words.strip())
    db.session.add(made)
    note(case, Step.REPORT, rule=rule.number)
    record(actor=person, act=ModerationAct.REPORT_MAKE, subject=made, rule=rule.number)
    return made
