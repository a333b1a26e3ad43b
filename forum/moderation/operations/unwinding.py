"""Undoing a wave: each thing as it stood before, with the case that was open, and the same for one author's appeal."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import gettext as _

from forum.accounts.models import Person
from forum.audit.operations import record
from forum.core import clock
from forum.core.errors import Refusal
from forum.extensions import db
from forum.moderation import registry
from forum.moderation.models import (
    AppealMessage,
    Case,
    CaseFinding,
    CaseState,
    Decision,
    Report,
    Step,
    Turn,
    Verdict,
    Wave,
    WaveItem,
)
from forum.moderation.operations.deciding import take_back
from forum.moderation.operations.keeping import free_code, note
from forum.moderation.operations.telling import answer_key, decided_key, tell_of_appeal, tell_of_undo
from forum.moderation.policy import can_undo_wave
from forum.moderation.queries import appeals, cases, waves
from forum.moderation.registry import Shown, Thing
from forum.moderation.vocabulary import ModerationAct
from forum.notifications.operations import withdraw


def begin_undo(wave: Wave, person: Person) -> None:
    """Mark a wave whose row is held as undone, and tell its authors who had been told. Refusal for who may not."""
    if not can_undo_wave(person, wave.made_by_id):
        raise Refusal(_("Whoever hid these posts, a reviewer or a supervisor can undo it."))
    if wave.undone_at is not None:
        return
    waiting = sa.update(WaveItem).where(WaveItem.wave_id == wave.id, WaveItem.state == Turn.WAITING)
    db.session.execute(waiting.values(state=Turn.SKIPPED))
    were_told = not wave.busy
    wave.undone_at, wave.undone_by_id, wave.busy = clock.now(), person.id, True
    record(actor=person, act=ModerationAct.WAVE_UNDO, subject=wave)
    for lead in db.session.scalars(waves.leads_of(wave.id)).all():
        thing = registry.thing_of(lead.case.kind, lead.case.thing_id)
        if lead.undone_at is None and thing is not None and not _end_appeal(lead, thing, person):
            unsent = withdraw([decided_key(lead.id)])  # who never heard of it need not hear that it is over
            if were_told and not unsent:
                tell_of_undo(lead, thing)


def restore(wave: Wave, item: WaveItem, person: Person | None) -> None:
    """Give one thing back, with its case where one was open."""
    item.state = Turn.RESTORED
    decision = item.decision
    if decision is None or decision.undone_at is not None:
        return  # an appeal was quicker
    thing = registry.thing_of(item.kind, item.thing_id)
    if thing is not None and thing.shown is Shown.HIDDEN:
        take_back(decision, registry.kinds[item.kind], thing, held=item.held)
    decision.undone_at = clock.now()
    note(decision.case, Step.UNDO, person)
    withdraw([answer_key(each, decision) for each in db.session.scalars(cases.reports_of(decision.case_id))])
    if item.case_before is not None:
        _open_again(decision.case, item.case_before, wave.made_by_id)


def lead_of(decision: Decision) -> Decision:
    """The decision that stands for all that a wave did to the same author; outside waves the decision itself."""
    return db.session.scalars(waves.lead_of(decision.id)).one_or_none() or decision


def give_back_with(lead: Decision) -> None:
    """After an appeal: everything else that the wave did to the same author is undone as well, and is shown."""
    for item in db.session.scalars(waves.led_by(lead.id)).all():
        item.state = Turn.RESTORED
        decision = item.decision
        thing = registry.thing_of(item.kind, item.thing_id)
        if decision is None or decision.id == lead.id or decision.undone_at is not None:
            continue
        if thing is not None and thing.shown is Shown.HIDDEN:
            take_back(decision, registry.kinds[item.kind], thing)
        decision.undone_at = clock.now()
    db.session.flush()


def _open_again(old: Case, state: CaseState, who_had_it: int | None) -> None:
    """The case as it stood: a decision is the one of its case for good, so what waits again is a case of its own."""
    made = Case(
        code=free_code(), kind=old.kind, thing_id=old.thing_id, neighborhood_id=old.neighborhood_id, held=old.held,
        state=state, assigned_to_id=who_had_it if state is CaseState.TAKEN else None,
        opened_at=old.opened_at, due_at=old.due_at,
    )  # fmt: skip
    db.session.add(made)
    old.held = False
    db.session.flush()
    for table in (CaseFinding, Report):
        moved = sa.update(table).where(table.case_id == old.id).values(case_id=made.id)
        db.session.execute(moved)
    note(made, Step.UNDO)


def _end_appeal(lead: Decision, thing: Thing, person: Person) -> bool:
    """An author who waits for an answer has it: they were given what they asked for. Returns whether one waited."""
    appeal = db.session.scalars(appeals.appeal_of(lead.id)).one_or_none()
    if appeal is None or appeal.verdict is not None:
        return False
    words = _("We took the whole decision back.")
    appeal.verdict, appeal.decided_by_id, appeal.decided_at = Verdict.OVERTURNED, person.id, clock.now()
    db.session.add(AppealMessage(appeal_id=appeal.id, by_staff=True, staff_id=person.id, text=words))
    verdict = str(Verdict.OVERTURNED)
    note(lead.case, Step.APPEAL_DECIDE, person, verdict=verdict)
    record(actor=person, act=ModerationAct.APPEAL_DECIDE, subject=appeal, verdict=verdict)
    tell_of_appeal(appeal, thing)
    return True
