"""When the agency is there: its hours, and the days when nobody is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

import sqlalchemy as sa
from flask_babel import gettext as _

from forum.audit.operations import Actor, record
from forum.concerns.acts import ConcernAct
from forum.concerns.calendar import Span
from forum.concerns.models import Holiday, Opening
from forum.concerns.operations.timing import keep_all_due
from forum.concerns.queries.clocks import openings
from forum.core.errors import Refusal
from forum.core.transactions import operation
from forum.extensions import db


@operation
def save_hours(*, actor: Actor | None, hours: Mapping[int, Sequence[Span]]) -> None:
    """Replace the hours of the week: spans by weekday, 0 for Monday. Refusal, by the field of its day, for spans that
    end before they begin or overlap, and for a week without any."""
    for weekday, spans in hours.items():
        _check(weekday, sorted(spans))
    if not any(hours.values()):
        raise Refusal(_("Give at least one day on which somebody is there."), "day_0")
    before = db.session.scalars(openings()).all()
    db.session.execute(sa.delete(Opening))
    made = [
        Opening(weekday=weekday, opens=opens, closes=closes)
        for weekday, spans in sorted(hours.items())
        for opens, closes in sorted(spans)
    ]
    db.session.add_all(made)
    db.session.flush()
    keep_all_due()
    record(
        actor=actor, act=ConcernAct.CALENDAR_CHANGE, subject=made[0],
        before=len(before), hours=[f"{o.weekday} {o.opens:%H:%M}-{o.closes:%H:%M}" for o in made],
    )  # fmt: skip


@operation
def add_holiday(*, actor: Actor | None, day: date, name: str) -> Holiday:
    """Add a day when nobody is there. Refusal for one that is on the list."""
    if not name.strip():
        raise Refusal(_("Say what day it is."), "name")
    if db.session.scalar(sa.select(Holiday.id).where(Holiday.day == day)) is not None:
        raise Refusal(_("This day is on the list already."), "day")
    holiday = Holiday(day=day, name=name.strip())
    db.session.add(holiday)
    db.session.flush()
    keep_all_due()
    record(actor=actor, act=ConcernAct.CALENDAR_CHANGE, subject=holiday, added=day.isoformat())
    return holiday


@operation
def remove_holiday(*, actor: Actor | None, holiday: Holiday) -> None:
    """Take a day off the list."""
    record(actor=actor, act=ConcernAct.CALENDAR_CHANGE, subject=holiday, removed=holiday.day.isoformat())
    db.session.delete(holiday)
    db.session.flush()
    keep_all_due()


def _check(weekday: int, spans: Sequence[Span]) -> None:
    for opens, closes in spans:
        if opens >= closes:
            raise Refusal(_("The agency cannot close before it opens."), f"day_{weekday}")
    for (_opens, closes), (opens, _closes) in pairwise(spans):
        if opens < closes:
            raise Refusal(_("Two of these times overlap."), f"day_{weekday}")
