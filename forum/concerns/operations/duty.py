"""Somebody is in danger: what was done about it, step by step, in a record that cannot be changed."""

from __future__ import annotations

from flask_babel import gettext as _

from forum.accounts.models import Person
from forum.audit.operations import Actor, record
from forum.concerns.acts import ConcernAct
from forum.concerns.models import Concern, DutyEntry, DutyKind, DutyStep
from forum.concerns.operations.keeping import hold_for
from forum.concerns.queries.duty import running
from forum.core.db import row_id
from forum.core.errors import Refusal
from forum.core.transactions import operation
from forum.extensions import db

NAMES_SOMEBODY = frozenset({DutyStep.TOLD_SUPERVISOR, DutyStep.TOLD_REFERRAL})


@operation
def open_duty(*, actor: Actor, concern: Concern, kind: DutyKind) -> DutyEntry:
    """Start the checklist; pressed twice, it is the same one."""
    concern = hold_for(actor, concern)
    opened = running(concern.id)
    return opened or _add(actor, concern, kind, DutyStep.OPENED)


@operation
def add_duty_step(
    *, actor: Actor, concern: Concern, step: DutyStep, told: str = "", text: str = ""
) -> DutyEntry:
    """Note one step. Refusal when no checklist is open, and for being told nobody."""
    concern = hold_for(actor, concern)
    opened = running(concern.id)
    if opened is None or step is DutyStep.OPENED:
        raise Refusal(_("Start the checklist first."))
    if step in NAMES_SOMEBODY and not told.strip():
        raise Refusal(_("Say who was told."), "told")
    if step in (DutyStep.NOTED, DutyStep.ENDED) and not text.strip():
        raise Refusal(_("Say what happened."), "text")
    return _add(actor, concern, opened.kind, step, told=told.strip(), text=text.strip())


def _add(
    actor: Actor, concern: Concern, kind: DutyKind, step: DutyStep, *, told: str = "", text: str = ""
) -> DutyEntry:
    person = db.session.get_one(Person, row_id(actor))
    entry = DutyEntry(
        concern_id=concern.id, reference=concern.reference, kind=kind, step=step, told=told, text=text,
        by_id=person.id, by_name=person.name,
    )  # fmt: skip
    db.session.add(entry)
    db.session.flush()
    record(actor=actor, act=ConcernAct.CONCERN_DUTY, subject=concern, step=str(step), kind=str(kind))
    return entry
