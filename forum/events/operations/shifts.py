"""Volunteer shifts: planning them, taking and leaving them, and counting the hours. Never more helpers than places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from forum.accounts.models import Person
from forum.audit.operations import Actor, record
from forum.core import clock
from forum.core.db import row_id
from forum.core.errors import Refusal
from forum.core.transactions import operation
from forum.events import policy
from forum.events.acts import EventAct
from forum.events.models import Occurrence, Shift, ShiftSignup
from forum.events.operations.occurrences import lock_occurrence
from forum.extensions import db

MOST_SHIFTS = 60  # on one date
LONGEST_WORK = 1440  # minutes that one shift may give


@dataclass(frozen=True)
class ShiftDetails:
    """What a shift is: *starts* and *ends* are naive local moments in the event's zone."""

    title: str
    starts: datetime
    ends: datetime
    capacity: int
    bring: str = ""


@operation
def add_shift(*, actor: Person, occurrence: Occurrence, details: ShiftDetails) -> Shift:
    """Offer a shift at a date. Refusal when its hours do not lie on the days of the date."""
    occurrence = lock_occurrence(occurrence)
    there = db.session.query(Shift).filter_by(occurrence_id=occurrence.id).count()
    if there >= MOST_SHIFTS:
        raise Refusal(_("One date holds %(most)s shifts at most.", most=MOST_SHIFTS))
    shift = Shift(occurrence_id=occurrence.id, taken=0)
    _fill(occurrence, shift, details)
    db.session.add(shift)
    db.session.flush()
    record(actor=actor, act=EventAct.SHIFT_ADD, subject=occurrence, shift=shift.id)
    return shift


@operation
def change_shift(*, actor: Person, shift: Shift, details: ShiftDetails) -> None:
    """Change a shift; who took it stays. Refusal for fewer places than are taken."""
    occurrence = lock_occurrence(shift.occurrence_id)
    lock_shift(shift.id)
    if details.capacity < shift.taken:
        raise Refusal(
            ngettext(
                "%(num)s person has this shift; that many must fit.",
                "%(num)s people have this shift; that many must fit.",
                shift.taken,
            ),
            "capacity",
        )
    _fill(occurrence, shift, details)
    db.session.flush()
    record(actor=actor, act=EventAct.SHIFT_CHANGE, subject=occurrence, shift=shift.id)


@operation
def remove_shift(*, actor: Person, shift: Shift) -> None:
    """Take a shift away that nobody has. Refusal while somebody does: tell them first."""
    shift = lock_shift(shift.id)
    if shift.taken:
        raise Refusal(_("Somebody has this shift. Tell them, take them off, and then remove it."))
    record(actor=actor, act=EventAct.SHIFT_REMOVE, subject=shift.occurrence, shift=shift.id)
    db.session.delete(shift)
    db.session.flush()


@operation
def take_shift(*, actor: Person, shift_id: int) -> Shift:
    """Sign *actor* up; asked again, nothing changes. Refusal when it is full, over, or does not take place."""
    shift = lock_shift(shift_id)
    person = row_id(actor)
    if _signup_of(shift, person) is None:
        _check_open(shift)
        _sign_up(shift, person_id=person)
    return shift


@operation
def leave_shift(*, actor: Person, shift_id: int) -> Shift:
    """Give *actor*'s place in a shift back; not having it changes nothing. Refusal once it is over: hours stay."""
    shift = lock_shift(shift_id)
    mine = _signup_of(shift, row_id(actor))
    if mine is not None:
        if shift.ends_at <= clock.now():
            raise Refusal(_("This shift is over. If you could not come, the organizer takes that down."))
        _sign_off(shift, mine)
    return shift


@operation
def add_helper(*, actor: Person, shift: Shift, name: str) -> ShiftSignup:
    """Write down somebody without an account, by name; also afterwards, for who simply came."""
    shift = lock_shift(shift.id)
    if not name.strip():
        raise Refusal(_("Write the helper's name, or what they want to be called."), "name")
    if not policy.takes_place(shift.occurrence):
        raise Refusal(_("This date does not take place, so its shifts are closed."), "name")
    _check_room(shift, "name")
    made = _sign_up(shift, name=name.strip())
    record(actor=actor, act=EventAct.SHIFT_SIGN_UP, subject=shift.occurrence, shift=shift.id)
    return made


@operation
def remove_helper(*, actor: Person, signup: ShiftSignup) -> None:
    """Take a helper off a shift, on their word."""
    shift = lock_shift(signup.shift_id)
    db.session.refresh(signup)
    record(actor=actor, act=EventAct.SHIFT_SIGN_OFF, subject=shift.occurrence, shift=shift.id)
    _sign_off(shift, signup)


@operation
def count_hours(*, actor: Person, shift: Shift, worked: Mapping[int, int | None]) -> int:
    """Keep the minutes that helpers gave, by sign-up; 0: did not come, None: not counted. Returns how many changed.

    Refusal before the shift begins, and for a length that no day has. Sign-ups that are not in *worked* stay as they
    are; ids of other shifts are not looked at.
    """
    shift = lock_shift(shift.id)
    if shift.starts_at > clock.now():
        raise Refusal(_("This shift has not begun yet."))
    if any(minutes is not None and not 0 <= minutes <= LONGEST_WORK for minutes in worked.values()):
        raise Refusal(_("Hours lie between 0 and 24."))
    changed = 0
    for signup in shift.signups:
        minutes = worked.get(signup.id, signup.worked)
        changed += minutes != signup.worked
        signup.worked = minutes
    db.session.flush()
    if changed:
        record(
            actor=actor,
            act=EventAct.SHIFT_HOURS_COUNT,
            subject=shift.occurrence,
            shift=shift.id,
            people=changed,
        )
    return changed


@operation
def note_hours_export(*, actor: Actor, occurrence: Occurrence, rows: int) -> None:
    """Record in the ledger that the hours of a date were taken out of the site."""
    record(actor=actor, act=EventAct.SHIFT_HOURS_EXPORT, subject=occurrence, rows=rows)


@operation
def erase_shifts_of(person_id: int) -> None:
    """Take a person who leaves off every shift; the places are free again."""
    held = select(ShiftSignup).where(ShiftSignup.person_id == person_id).order_by(ShiftSignup.shift_id)
    for signup in db.session.scalars(held).all():
        _sign_off(lock_shift(signup.shift_id), signup)


def lock_shift(shift_id: int) -> Shift:
    """Hold the row until the end of the unit of work and read it afresh."""
    wanted = select(Shift).where(Shift.id == shift_id).with_for_update()
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one()


def _check_open(shift: Shift) -> None:
    if not policy.takes_place(shift.occurrence):
        raise Refusal(_("This date does not take place, so its shifts are closed."))
    if shift.ends_at <= clock.now():
        raise Refusal(_("This shift is over."))
    _check_room(shift)


def _check_room(shift: Shift, field: str | None = None) -> None:
    if shift.is_full:
        raise Refusal(_("This shift is full. Perhaps another one suits you."), field)


def _sign_up(shift: Shift, *, person_id: int | None = None, name: str = "") -> ShiftSignup:
    signup = ShiftSignup(shift_id=shift.id, person_id=person_id, name=name)
    db.session.add(signup)
    shift.taken += 1
    db.session.flush()
    return signup


def _sign_off(shift: Shift, signup: ShiftSignup) -> None:
    shift.taken -= 1
    db.session.delete(signup)
    db.session.flush()


def _signup_of(shift: Shift, person_id: int) -> ShiftSignup | None:
    wanted = select(ShiftSignup).where(ShiftSignup.shift_id == shift.id, ShiftSignup.person_id == person_id)
    return db.session.scalars(wanted).first()


def _fill(occurrence: Occurrence, shift: Shift, details: ShiftDetails) -> None:
    zone = occurrence.event.tz
    starts, ends = clock.to_utc(details.starts, zone), clock.to_utc(details.ends, zone)
    first = clock.to_local(occurrence.starts_at, zone).date()
    last = clock.to_local(occurrence.ends_at, zone).date()
    if not details.title:
        raise Refusal(_("Say what there is to do."), "title")
    if not first <= details.starts.date() <= last:
        raise Refusal(_("A shift lies on the day of its date."), "starts")
    if not timedelta(0) < ends - starts <= timedelta(minutes=LONGEST_WORK):
        raise Refusal(_("The end must come after the start."), "ends")
    shift.title, shift.bring, shift.capacity = details.title, details.bring, details.capacity
    shift.offset = int((starts - occurrence.starts_at).total_seconds() // 60)
    shift.length = int((ends - starts).total_seconds() // 60)
