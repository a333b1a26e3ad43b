"""Keeping what is due next of a concern, and telling supervisors before it is late."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from forum.accounts.models import Person, Role
from forum.accounts.queries import chain_above
from forum.audit.operations import record
from forum.concerns.acts import ConcernAct, ConcernNotice
from forum.concerns.calendar import Calendar
from forum.concerns.clocks import Run, pending, reckon
from forum.concerns.models import About, ClockKind, Concern, Mode, Warned
from forum.concerns.policy import IN_DAYS, can_see_on_desk, in_days
from forum.concerns.queries.clocks import (
    Promise,
    calendar_now,
    on_duty,
    promised,
    runs_of,
    warnings_of,
    with_running_clocks,
)
from forum.concerns.queries.sight import sight_of
from forum.core import clock
from forum.core.transactions import operation
from forum.extensions import db
from forum.notifications.operations import notify

STALE = timedelta(days=1)
"""What ran out longer ago is on the desk's list for everyone to see, and no news any more."""


def keep_due(concern: Concern, calendar: Calendar | None = None) -> None:
    """Write down which clock of a locked *concern* runs out next, and when somebody has to hear of one."""
    calendar = calendar or calendar_now()
    left = pending(runs_of(concern, calendar), closed_as=concern.closed_as)
    for name, value in _due(left, _unwarned(concern, left), calendar, in_days(concern)).items():
        setattr(concern, name, value)
    db.session.flush()


def first_due(mode: Mode, about: About, arrived: datetime, promise: Promise) -> dict[str, Any]:
    """The same of one that arrives in this moment, for the row that it will have: nobody has said anything in its
    thread, and nobody was warned of anything. *promise* was read under the lock: who changes one reckons all clocks
    anew and misses none."""
    calendar, whole_days = calendar_now(), mode in IN_DAYS
    runs = reckon(arrived, [], promised(about, promise), calendar, whole_days=whole_days)
    left = pending(runs, closed_as=None)
    return _due(left, _pressing(left, set()), calendar, whole_days)


def _due(left: list[Run], unwarned: list[Run], calendar: Calendar, whole_days: bool) -> dict[str, Any]:
    """The columns that say it."""
    kind, due_at = (left[0].kind, left[0].due_at) if left else (None, None)
    moments = [run.warn_at(calendar, whole_days=whole_days) for run in unwarned]
    warn_at = min((moment for moment in moments if moment is not None), default=None)
    return {"due_clock": kind, "due_at": due_at, "warn_at": warn_at}


@operation
def keep_all_due(category_id: int | None = None) -> None:
    """The same for every open concern, of one category or of all: hours, a holiday or a promise has changed."""
    calendar = calendar_now()
    for concern_id in db.session.scalars(with_running_clocks(category_id)).all():
        found = select(Concern).where(Concern.id == concern_id).with_for_update(of=Concern)
        keep_due(db.session.scalars(found).one(), calendar)


@operation
def warn_of(concern_id: int) -> None:
    """Tell the supervisors of one concern which of its clocks are about to run out: once for each clock and round."""
    found = select(Concern).where(Concern.id == concern_id).with_for_update(of=Concern)
    concern = db.session.scalars(found.execution_options(populate_existing=True)).one_or_none()
    if concern is None:
        return
    calendar, now = calendar_now(), clock.now()
    left = pending(runs_of(concern, calendar), closed_as=concern.closed_as)
    for run in _unwarned(concern, left):
        warn_at = run.warn_at(calendar, whole_days=in_days(concern))
        if warn_at is not None and warn_at <= now:
            _warn(concern, run)
    keep_due(concern, calendar)


def _warn(concern: Concern, run: Run) -> None:
    told = supervisors_of(concern)
    for person in told:
        notify(
            person_id=person.id,
            kind=ConcernNotice.CONCERN_DUE,
            key=f"{ConcernNotice.CONCERN_DUE}:{concern.id}:{run.kind}:{run.round}:{person.id}",
            subject_id=concern.id,
            clock=str(run.kind),
        )
    db.session.add(Warned(concern_id=concern.id, clock=run.kind, round=run.round))
    db.session.flush()
    record(
        actor=None,
        act=ConcernAct.CONCERN_WARN,
        subject=concern,
        clock=str(run.kind),
        told=[p.id for p in told],
    )


def supervisors_of(concern: Concern) -> list[Person]:
    """Who hears that it runs out: the supervisors above who has it in hand, else all of them; where none of them may
    see it, the reviewers who may. Nobody it is kept from."""
    for role in (Role.SUPERVISOR, Role.REVIEWER):
        people = [p for p in db.session.scalars(on_duty(role)) if can_see_on_desk(sight_of(p), concern)]
        if people:
            break
    if concern.assigned_to_id is None:
        return people
    above = set(db.session.scalars(chain_above(concern.assigned_to_id)))
    return [person for person in people if person.id in above] or people


def _unwarned(concern: Concern, left: list[Run]) -> list[Run]:
    """Of what is pending, what nobody was told of and what is not long over."""
    known = {(warned.clock, warned.round) for warned in db.session.scalars(warnings_of(concern))}
    return _pressing(left, known)


def _pressing(left: list[Run], known: set[tuple[ClockKind, int]]) -> list[Run]:
    since = clock.now() - STALE
    return [
        run
        for run in left
        if (ClockKind(run.kind), run.round) not in known and run.due_at is not None and run.due_at > since
    ]
