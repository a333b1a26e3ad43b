"""Writing single dates: move, cancel, reinstate."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import bindparam, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm.attributes import set_committed_value

from forum.audit.operations import Actor, record
from forum.core import clock
from forum.core.db import row_id
from forum.core.errors import Refusal
from forum.core.prepared import PreparedSelect
from forum.core.transactions import operation
from forum.events.acts import EventAct, EventNotice
from forum.events.models import Event, Occurrence
from forum.events.operations.changes import touched
from forum.events.operations.details import LONGEST, YEARS
from forum.events.operations.events import lock_event
from forum.events.operations.line import review
from forum.events.operations.schedule import moments
from forum.events.operations.telling import tell_answered
from forum.extensions import db


@operation
def move_occurrence(
    *,
    actor: Actor | None,
    occurrence: Occurrence,
    starts_local: datetime,
    ends_local: datetime,
    reason: str = "",
    place_name: str | None = None,
    place_address: str | None = None,
) -> None:
    """Give one date another time (naive, in the event's zone) or, when not None, another place; RSVPs stay.

    A single event simply gets its new time and place. Refusal when it ends before it starts, or when it was cancelled.
    """
    event = occurrence.event
    lock_event(event)
    lock_occurrence(occurrence)
    _check_move(occurrence, starts_local, ends_local)
    minutes = int((ends_local - starts_local).total_seconds() // 60)
    before = occurrence.starts_at
    occurrence.starts_at, occurrence.ends_at = moments(event, starts_local, minutes)
    occurrence.reason = reason.strip()
    if event.is_series:
        _move_within_series(occurrence, starts_local, minutes, place_name, place_address)
    else:
        _move_single(occurrence, starts_local, minutes, place_name, place_address)
    touched(event, reschedules=not event.is_series)
    tell_answered(occurrence, EventNotice.OCCURRENCE_MOVED)
    review(occurrence, moved=occurrence.starts_at != before)
    record(actor=actor, act=EventAct.OCCURRENCE_MOVE, subject=occurrence, event=event.id)


@operation
def cancel_occurrence(*, actor: Actor | None, occurrence: Occurrence, reason: str) -> None:
    """Cancel one date of a series; *reason* is public, and who answered is told."""
    event = occurrence.event
    lock_event(event)
    lock_occurrence(occurrence)
    if not reason.strip():
        raise Refusal(_("Say why, in words people will read."), "reason")
    if occurrence.cancelled:
        return
    occurrence.cancelled = True
    _changed(occurrence, reason)
    tell_answered(occurrence, EventNotice.OCCURRENCE_CANCELLED)
    record(actor=actor, act=EventAct.OCCURRENCE_CANCEL, subject=occurrence, event=event.id)


@operation
def reinstate_occurrence(*, actor: Actor | None, occurrence: Occurrence) -> None:
    """Let a cancelled date take place after all, with the answers it had."""
    lock_event(occurrence.event)
    lock_occurrence(occurrence)
    if not occurrence.cancelled:
        return
    occurrence.cancelled = False
    _changed(occurrence, "")
    tell_answered(occurrence, EventNotice.OCCURRENCE_MOVED)
    record(actor=actor, act=EventAct.OCCURRENCE_REINSTATE, subject=occurrence, event=occurrence.event_id)


_LOCKED = PreparedSelect(
    select(Occurrence, Event)
    .join(Occurrence.event)
    .where(Occurrence.id == bindparam("occurrence_id"))
    .with_for_update(of=Occurrence)
    .execution_options(populate_existing=True)
)


def lock_occurrence(occurrence: Occurrence | int) -> Occurrence:
    """Hold the row (or the row of this id) until the end of the unit of work and read it afresh, with its event."""
    session, wanted = db.session(), row_id(occurrence)
    # None: the date went over to another series while we waited for it (PostgreSQL joins it to the old one); ask again.
    found = _LOCKED.one_or_none(session, occurrence_id=wanted)
    found = found or _LOCKED.one_or_none(session, occurrence_id=wanted)
    if found is None:
        raise NoResultFound(f"there is no occurrence {wanted}")
    locked, event = found
    set_committed_value(locked, "event", event)
    if session.connection().dialect.name == "postgresql":
        # Who waited for the row gets it as it is now, but what is joined to it as it was when the waiting began.
        session.refresh(event)
    return locked


def _check_move(occurrence: Occurrence, start: datetime, end: datetime) -> None:
    if occurrence.cancelled:
        raise Refusal(_("This date is cancelled. Reinstate it first."))
    if start.year not in YEARS:
        raise Refusal(_("The year must lie between 1990 and 2100."), "starts_on")
    if end <= start:
        raise Refusal(_("The end must come after the start."), "ends")
    if end - start > LONGEST:
        raise Refusal(_("An event may last 31 days at most. For something longer, make a series."), "ends")


def _move_within_series(
    occurrence: Occurrence, start: datetime, minutes: int, place_name: str | None, place_address: str | None
) -> None:
    event = occurrence.event
    if place_name is not None and (place_name, place_address) != (event.place_name, event.place_address):
        occurrence.place_name, occurrence.place_address = place_name, place_address or ""
    else:
        occurrence.place_name = occurrence.place_address = None
    elsewhere = occurrence.place_name is not None
    occurrence.moved = elsewhere or start != occurrence.original_start or minutes != event.minutes
    occurrence.sequence += 1
    occurrence.updated_at = clock.now()


def _move_single(
    occurrence: Occurrence, start: datetime, minutes: int, place_name: str | None, place_address: str | None
) -> None:
    event: Event = occurrence.event
    event.starts_local, event.minutes = start, minutes
    occurrence.original_start, occurrence.original_date = start, start.date()
    if place_name is not None:
        event.place_name, event.place_address = place_name, place_address or ""
        event.latitude = event.longitude = None
    occurrence.updated_at = clock.now()


def _changed(occurrence: Occurrence, reason: str) -> None:
    occurrence.reason = reason.strip()
    occurrence.sequence += 1
    occurrence.updated_at = clock.now()
    touched(occurrence.event)
    review(occurrence)
