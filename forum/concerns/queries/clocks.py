"""What the clocks of a concern are reckoned from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import (
    CompoundSelect,
    Date,
    Select,
    and_,
    bindparam,
    null,
    select,
    type_coerce,
    union_all,
)

from forum.accounts.models import Person, Role
from forum.concerns.calendar import Calendar, Span
from forum.concerns.clocks import WARNED_WITHIN, Run, Step, Targets, reckon
from forum.concerns.models import (
    About,
    Author,
    Category,
    Concern,
    Dispute,
    Entry,
    Holiday,
    Opening,
    Outcome,
    Status,
    Warned,
)
from forum.concerns.policy import IN_DAYS, in_days
from forum.core import clock
from forum.core.prepared import PreparedSelect
from forum.extensions import db


class Promise(NamedTuple):
    """What a category promises, and whether it still takes concerns, of staff or of the town."""

    answer_hours: int
    update_days: int
    closing_days: int
    acknowledge_hours: int
    concerns_staff: bool
    retired: bool


# Made once, and read without a flush before: every act on a concern asks for it under the lock. A row is a span
# of hours or a holiday.
_ROWS: CompoundSelect[int, time, time, date | None] = union_all(
    select(Opening.weekday, Opening.opens, Opening.closes, type_coerce(null(), Date).label("day")),
    select(null(), null(), null(), Holiday.day),
)
_CALENDAR = PreparedSelect(_ROWS.order_by("weekday", "opens"))
_PROMISE = PreparedSelect(
    select(
        Category.answer_hours, Category.update_days, Category.closing_days, Category.acknowledge_hours,
        Category.concerns_staff, Category.retired,
    ).where(Category.id == bindparam("id")).with_for_update(read=True)
)  # fmt: skip


def openings() -> Select[Opening]:
    """The agency's hours, from Monday morning on."""
    return select(Opening).order_by(Opening.weekday, Opening.opens)


def holidays() -> Select[Holiday]:
    """Days when nobody is there, the next ones first as they come."""
    return select(Holiday).order_by(Holiday.day)


def calendar_now() -> Calendar:
    """The agency's calendar as its tables have it."""
    return _calendar(clock.agency_zone(), tuple(_CALENDAR.all(db.session())))


@lru_cache(maxsize=8)
def _calendar(zone: ZoneInfo, rows: tuple[tuple[Any, ...], ...]) -> Calendar:
    hours: dict[int, tuple[Span, ...]] = defaultdict(tuple)
    days = set()
    for weekday, opens, closes, day in rows:
        if day is None:
            hours[weekday] += ((opens, closes),)
        else:
            days.add(day)
    return Calendar(zone, hours, frozenset(days))


def runs_of(concern: Concern, calendar: Calendar) -> list[Run]:
    """Every clock of *concern*, as its thread has it now."""
    by_it = and_(Dispute.concern_id == Entry.concern_id, Dispute.number == Entry.number)
    thread = select(Entry, Dispute.outcome).outerjoin(Dispute, by_it).where(Entry.concern_id == concern.id)
    return reckon(
        concern.arrived_at,
        steps_of((row.Entry, row.outcome) for row in db.session.execute(thread.order_by(Entry.number))),
        promised(concern.about, concern.category, concern.target_at),
        calendar,
        whole_days=in_days(concern),
    )


def promised(about: About, category: Category | Promise, target_at: datetime | None = None) -> Targets:
    """What a concern is promised: by its *category*, or the row that :func:`promise_now` gives of it, and by what was
    said of its closing."""
    acknowledged = about is About.COMPLAINT
    return Targets(
        answer_hours=category.answer_hours,
        update_days=category.update_days,
        closing_days=category.closing_days,
        acknowledge_hours=category.acknowledge_hours if acknowledged else None,
        target_at=target_at,
    )


def promise_now(category_id: int) -> Promise | None:
    """What a category promises, whatever was read of it before; None where it is gone. Who changes it waits for the end
    of this unit of work, and finds what was written by it."""
    found = _PROMISE.one_or_none(db.session(), id=category_id)
    return Promise(*found) if found is not None else None


def steps_of(entries: Iterable[tuple[Entry, Outcome | None]]) -> list[Step]:
    """Entries as clocks take them, each with how the dispute ended that it raised.

    Whoever reopens a concern says that it should not have been closed. It counts as if it never had been, unless the
    closing was disputed and somebody else has upheld it.
    """
    return [
        Step(
            number=entry.number,
            at=entry.at,
            author=Author(entry.author),
            words=bool(entry.text.strip()),
            status=entry.status,
            closed_as=entry.closed_as,
            overturned=outcome is not Outcome.UPHELD,
        )
        for entry, outcome in entries
    ]


def warnings_of(concern: Concern) -> Select[Warned]:
    """What was warned of."""
    return select(Warned).where(Warned.concern_id == concern.id)


def to_be_warned_of(now: datetime, *, whole_days: bool) -> Select[int]:
    """Ids of concerns of which somebody has to hear now, the most pressing first: of those that keep *whole_days*, or
    of the others."""
    mode = Concern.mode.in_(IN_DAYS) if whole_days else Concern.mode.not_in(IN_DAYS)
    soon = Concern.due_at <= now + WARNED_WITHIN  # says nothing more, but an index knows it
    return select(Concern.id).where(soon, Concern.warn_at <= now, mode).order_by(Concern.warn_at, Concern.id)


def stirred_before(day: date) -> Select[int]:
    """Ids of concerns that keep days alone, to which something happened before *day* and on no day since."""
    return select(Concern.id).where(Concern.stirred_on < day, Concern.mode.in_(IN_DAYS)).order_by(Concern.id)


def with_running_clocks(category_id: int | None = None) -> Select[int]:
    """Ids of concerns that are not closed, of one category or of all."""
    wanted = select(Concern.id).where(Concern.status != Status.CLOSED).order_by(Concern.id)
    return wanted if category_id is None else wanted.where(Concern.category_id == category_id)


def on_duty(role: Role) -> Select[Person]:
    """Everyone of *role* who works for the agency now."""
    return (
        select(Person)
        .where(Person.role == role, Person.confirmed_at.is_not(None))
        .where(Person.erased_at.is_(None), Person.suspended_at.is_(None))
        .order_by(Person.id)
    )
