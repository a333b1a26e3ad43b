"""What every write on a case does: hold its row, open one, note a step, know whose the thing is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from forum.accounts.models import Person
from forum.audit.operations import Actor
from forum.core import clock
from forum.core.db import row_id
from forum.core.errors import Refusal
from forum.core.tokens import random_code
from forum.extensions import db
from forum.moderation import registry
from forum.moderation.models import Case, CaseStep, Moderator, Step
from forum.moderation.queries import cases
from forum.moderation.queries.setting import setting
from forum.moderation.registry import Moderated, Thing
from forum.moderation.working_days import after_working_days


def lock_case(case: Case) -> Case:
    """Hold the row until the end of the unit of work and read it afresh."""
    held = select(Case).where(Case.id == row_id(case)).with_for_update(of=Case)
    return db.session.scalars(held.execution_options(populate_existing=True)).one()


def person_of(actor: Actor) -> Person:
    """Who acts, read in this unit of work."""
    return db.session.get_one(Person, row_id(actor))


def case_for(thing: Thing, *, held: bool) -> Case:
    """The undecided case of *thing*, opened when there is none; *held*: a filter took it from others' sight."""
    found = db.session.scalars(cases.open_of(thing.kind, thing.id).with_for_update(of=Case)).one_or_none()
    if found is None:
        now = clock.now()
        found = Case(
            code=free_code(), kind=thing.kind, thing_id=thing.id, neighborhood_id=thing.neighborhood_id,
            held=held, opened_at=now, due_at=due(now, db.session.scalars(setting()).one().decide_days),
        )  # fmt: skip
        db.session.add(found)
    found.held = found.held or held
    db.session.flush()
    return found


def due(moment: datetime, days: int) -> datetime:
    """So many working days of the agency's after *moment*."""
    return after_working_days(moment, days, clock.agency_zone(), registry.calendar.holidays())


def note(case: Case, step: Step, actor: Actor | None = None, **detail: Any) -> None:
    """Add to the timeline; *actor* is of staff."""
    staff_id = row_id(actor) if actor is not None and actor.id is not None else None
    db.session.add(CaseStep(case_id=case.id, step=step, actor_id=staff_id, detail=detail))
    db.session.flush()


def thing_in(case: Case) -> tuple[Moderated, Thing]:
    """What the case is about. Refusal when it is gone for good."""
    moderated = registry.kinds.get(case.kind)
    thing = moderated.load(case.thing_id) if moderated is not None else None
    if moderated is None or thing is None:
        raise Refusal(_("What this is about is gone. There is nothing to decide."))
    return moderated, thing


def involved_in(case: Case, thing: Thing) -> set[int | None]:
    """Who wrote it and who reported it: they decide nothing here."""
    return {thing.author_id, *db.session.scalars(cases.reporters_of(case.id))} - {None}


def moderator_for(person: Person) -> Moderator:
    """The number under which this person's decisions are public, given with the first."""
    found = db.session.scalars(cases.moderator_of(person.id)).one_or_none()
    if found is None:
        found = Moderator(person_id=person.id)
        db.session.add(found)
        db.session.flush()
    return found


def free_code() -> str:
    """The code of a new case."""
    while True:
        code = random_code(8)
        if db.session.scalar(cases.by_code(code).with_only_columns(Case.id)) is None:
            return code
