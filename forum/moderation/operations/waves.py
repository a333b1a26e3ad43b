"""Hiding many things with one press under one rule, and giving all of them back with another.

Each thing gets a case and a decision of its own, so the log counts every one. A wave is done a piece a transaction: the
first in the press itself, the rest by a job that goes on where the last one ended, whoever was killed in between.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from forum.accounts.models import Person
from forum.audit.operations import Actor, record
from forum.core import clock, jobs
from forum.core.db import row_id
from forum.core.errors import Refusal
from forum.core.transactions import after_commit, operation
from forum.extensions import db
from forum.moderation import registry
from forum.moderation.models import Case, Decision, Measure, Step, Turn, Wave, WaveItem
from forum.moderation.operations.deciding import rule_in_force, settle
from forum.moderation.operations.keeping import case_for, involved_in, moderator_for, note, person_of
from forum.moderation.operations.rechecking import draw
from forum.moderation.operations.telling import tell_author, tell_reporters
from forum.moderation.operations.unwinding import begin_undo, restore
from forum.moderation.policy import can_decide, can_moderate
from forum.moderation.queries import cases, waves
from forum.moderation.queries.setting import setting
from forum.moderation.registry import Shown, Thing
from forum.moderation.vocabulary import ModerationAct

MOST = 300  # things of one wave
PIECE = 25  # things of one transaction: others who write wait for it, a second at most
GO_ON = "moderation.waves"
HIDEABLE = (Shown.HELD, Shown.SHOWN)
Leads = dict[tuple[int, bool], int]  # whose, and whether veiled: the decision that stands for all of theirs


@operation
def hide_wave(
    *, actor: Actor, key: str, things: Sequence[tuple[str, int]], rule_number: int, words: str
) -> Wave:
    """Hide *things*, which are (kind, id), under one rule, with *words* that every author reads.

    What somebody else decides meanwhile, or has in hand, is left out. The same *key* again is the same wave. Refusal
    for who does not moderate, for more than MOST, without a rule or words.
    """
    person = person_of(actor)
    _one_at_a_time()
    before = db.session.scalars(waves.by_key(key)).one_or_none()
    if before is not None:
        return before
    if not can_moderate(person):
        raise Refusal(_("Somebody else has to decide this."))
    rule = rule_in_force(rule_number)
    if not words.strip():
        raise Refusal(_("Say what exactly, in words that the author will read."), "words")
    if not 0 < len(things) <= MOST:
        raise Refusal(_("Choose between 1 and %(most)s posts at a time.", most=MOST))
    wave = Wave(
        key=key, rule_id=rule.id, words=words.strip(), made_by_id=person.id,
        moderator_id=moderator_for(person).id, made_at=clock.now(),
    )  # fmt: skip
    db.session.add(wave)
    db.session.flush()
    db.session.add_all(WaveItem(wave_id=wave.id, kind=kind, thing_id=number) for kind, number in things)
    record(actor=person, act=ModerationAct.WAVE_HIDE, subject=wave, rule=rule.number, things=len(things))
    _piece(wave)
    return wave


@operation
def go_on(wave_id: int) -> bool:
    """Do another piece of a wave; returns whether anything is left."""
    _one_at_a_time()
    return _piece(lock_wave(wave_id))


@operation
def undo_wave(*, actor: Actor, wave: Wave) -> Wave:
    """Give back all that a wave hid, as it was before. Pressed twice it is undone once. Refusal for who may not."""
    _one_at_a_time()
    wave, person = lock_wave(row_id(wave)), person_of(actor)
    begin_undo(wave, person)
    _piece(wave)
    return wave


def lock_wave(wave_id: int) -> Wave:
    """Hold the row until the end of the unit of work and read it afresh."""
    held = select(Wave).where(Wave.id == wave_id).with_for_update(of=Wave)
    return db.session.scalars(held.execution_options(populate_existing=True)).one()


def _one_at_a_time() -> None:
    """Two moderators who press at once wait for each other, so that neither meets half of what the other does."""
    db.session.scalars(setting().with_for_update()).one()


def _piece(wave: Wave) -> bool:
    if not wave.busy:
        return False
    wanted = Turn.WAITING if wave.undone_at is None else Turn.HIDDEN
    db.session.flush()
    items = db.session.scalars(waves.items_in(wave.id, wanted).limit(PIECE)).all()
    if wanted is Turn.WAITING:
        _hide_piece(wave, items)
    else:
        by = db.session.get(Person, wave.undone_by_id) if wave.undone_by_id is not None else None
        for item in items:
            restore(wave, item, by)
    db.session.flush()
    wave.busy = db.session.scalars(waves.items_in(wave.id, wanted).limit(1)).first() is not None
    if wave.busy:
        after_commit(_go_on_soon)
    elif wanted is Turn.WAITING:
        _tell(wave)
    db.session.flush()
    return wave.busy


def _hide_piece(wave: Wave, items: Sequence[WaveItem]) -> None:
    person = db.session.get(Person, wave.made_by_id) if wave.made_by_id is not None else None
    leads = _leads(wave)
    for item in items:
        thing = registry.thing_of(item.kind, item.thing_id)
        item.state = Turn.SKIPPED
        if person is None or thing is None or thing.shown not in HIDEABLE:
            continue
        try:
            with db.session.begin_nested():
                _hide(wave, item, thing, person, leads)
        except IntegrityError:
            item.state = Turn.SKIPPED  # at this very moment somebody opened a case about it


def _hide(wave: Wave, item: WaveItem, thing: Thing, person: Person, leads: Leads) -> None:
    """Hide one thing, unless it is the moderator's own, or reported by them, or in somebody else's hand."""
    found = db.session.scalars(cases.open_of(thing.kind, thing.id).with_for_update(of=Case)).one_or_none()
    involved = involved_in(found, thing) if found is not None else {thing.author_id}
    if person.id in involved or (found is not None and not can_decide(person, found, involved)):
        return
    item.held, item.case_before = thing.shown is Shown.HELD, found.state if found is not None else None
    case = case_for(thing, held=False)
    decision = settle(
        Decision(
            case_id=case.id, measure=Measure.HIDE, rule_id=wave.rule_id, words=wave.words,
            decided_by_id=person.id, moderator_id=wave.moderator_id,
        ), case, registry.kinds[item.kind], thing, wave.rule,
    )  # fmt: skip
    if not leads:
        draw(decision)  # one text of a flood at most: many of the same would be the whole sample
    whose = (thing.author_id or -item.id, thing.veiled)  # of somebody who left: each for itself
    item.decision_id, item.lead_id = decision.id, leads.setdefault(whose, decision.id)
    item.state = Turn.HIDDEN
    note(case, Step.DECIDE, person, measure=str(Measure.HIDE), rule=wave.rule.number, wave=wave.id)
    tell_reporters(case, decision)


def _leads(wave: Wave) -> Leads:
    """What earlier pieces found. Whose a thing is stands with its slice alone, so it is asked again."""
    found = list(db.session.scalars(waves.leads_of(wave.id)))
    things = registry.things_of((each.case.kind, each.case.thing_id) for each in found)
    known = [(each, things.get((each.case.kind, each.case.thing_id))) for each in found]
    return {
        (thing.author_id, thing.veiled): decision.id
        for decision, thing in known
        if thing is not None and thing.author_id is not None
    }


def _tell(wave: Wave) -> None:
    """One word to each author, however much of theirs was hidden."""
    for lead in db.session.scalars(waves.leads_of(wave.id)):
        thing = registry.thing_of(lead.case.kind, lead.case.thing_id)
        if thing is not None:
            tell_author(lead, thing)


def _go_on_soon() -> None:
    jobs.enqueue(GO_ON)
