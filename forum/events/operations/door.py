"""Counting who comes: by number, by name, by ticket; on several devices, with or without a network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import uuid4

from flask_babel import gettext as _
from sqlalchemy import Row

from forum.audit.operations import Actor, record
from forum.core import clock
from forum.core.db import row_id
from forum.core.errors import Refusal
from forum.core.tokens import sealed, unsealed
from forum.core.transactions import operation
from forum.events import policy
from forum.events.acts import EventAct
from forum.events.models import Arrival, Occurrence
from forum.events.operations.occurrences import lock_occurrence
from forum.events.queries import door
from forum.extensions import db

MOST_PEOPLE = 10_000  # at one date
PURPOSE = "door"
EARLIEST = timedelta(days=1)  # before the start: what a device's clock may say


class Ending(StrEnum):
    """What became of one item that a device sent."""

    COUNTED = "counted"
    ELSEWHERE = "elsewhere"  # the ticket or answer is for another date; nothing was counted
    UNKNOWN = "unknown"  # not a ticket of ours; nothing was counted


@dataclass(frozen=True)
class Arriving:
    """One thing that happened at the door. *people* None: as many as the answer says."""

    key: str
    people: int | None = None
    rsvp_id: int | None = None
    at: datetime | None = None
    undone: bool = False
    forged: bool = False  # it came with a ticket that is none of ours


def ticket_for(rsvp_id: int) -> str:
    """What the QR code of an answer carries, as the end of an address."""
    return sealed(rsvp_id, PURPOSE)


def rsvp_id_in(token: str) -> int | None:
    """The answer whose ticket *token* is; None for what is none of ours."""
    return unsealed(token, PURPOSE)


@operation
def receive(*, actor: Actor, occurrence: Occurrence, items: Sequence[Arriving]) -> list[Ending]:
    """Take in what a device noted, in any order and however often; says of each item what became of it.

    A key counts once. What was undone stays undone, also when that is heard before the arrival itself.
    """
    occurrence = lock_occurrence(occurrence)
    before = occurrence.walk_ins
    wanted = {item.key for item in items}
    known = {found.key: found for found in db.session.scalars(door.arrivals_by_key(occurrence.id, wanted))}
    ids = {item.rsvp_id for item in items if item.rsvp_id is not None}
    answers = {row.id: row for row in db.session.execute(door.answers_among(ids))} if ids else {}
    endings = []
    for item in items:
        answer = answers.get(item.rsvp_id)
        endings.append(_ending(item, answer, occurrence))
        if endings[-1] is Ending.COUNTED and item.key in known:
            known[item.key].undone = known[item.key].undone or item.undone
        elif endings[-1] is Ending.COUNTED:
            known[item.key] = _arrival(item, answer, occurrence, row_id(actor))
            db.session.add(known[item.key])
    _count(occurrence)
    if occurrence.walk_ins != before:
        change = occurrence.walk_ins - before
        record(actor=actor, act=EventAct.DOOR_COUNT, subject=occurrence, people=change)
    return endings


@operation
def count_people(*, actor: Actor, occurrence: Occurrence, people: int, key: str | None = None) -> int:
    """Add *people* (negative to correct) to those who came; returns how many came by now. *key* again adds nothing.

    Attendance, not confirmed places: the room may hold more than the list.
    """
    occurrence = lock_occurrence(occurrence)
    if not 0 <= occurrence.walk_ins + people <= MOST_PEOPLE:
        total = occurrence.walk_ins + people
        raise Refusal(_("That would make %(total)s people.", total=total), "people")
    receive(actor=actor, occurrence=occurrence, items=[Arriving(key or str(uuid4()), people)])
    return occurrence.walk_ins


@operation
def arrive(*, actor: Actor, occurrence: Occurrence, rsvp_id: int, people: int | None = None) -> None:
    """Tick off an answer, whatever it holds. Told twice it counts once, as the larger party.

    Refusal when it is an answer to another date.
    """
    ending = receive(
        actor=actor, occurrence=occurrence, items=[Arriving(str(uuid4()), people, rsvp_id=rsvp_id)]
    )[0]
    if ending is not Ending.COUNTED:
        raise Refusal(_("This answer is for another date. Nothing was counted."))


@operation
def undo_arrival(*, actor: Actor, occurrence: Occurrence, rsvp_id: int) -> None:
    """Take back that an answer's people arrived."""
    found = db.session.scalars(door.arrivals_of_answer(rsvp_id)).all()
    undone = [Arriving(arrival.key, undone=True) for arrival in found]
    receive(actor=actor, occurrence=occurrence, items=undone)


@operation
def forget_names(occurrence_id: int) -> int:
    """Forget who came to a date, of everyone who did not want it kept; how many came stays. Returns of how many."""
    lock_occurrence(occurrence_id)
    return _forget(db.session.scalars(door.names_to_forget(occurrence_id)).all())


@operation
def forget_arrivals_of(person_id: int) -> None:
    """Forget where a person who leaves was; how many came stays."""
    found = db.session.scalars(door.arrivals_of_person(person_id)).all()
    for occurrence_id in sorted({arrival.occurrence_id for arrival in found}):
        lock_occurrence(occurrence_id)
    _forget(found)


def _ending(item: Arriving, answer: Row[int, int, int, bool] | None, occurrence: Occurrence) -> Ending:
    if item.forged:
        return Ending.UNKNOWN
    other = answer is not None and answer.occurrence_id != occurrence.id
    return Ending.ELSEWHERE if other else Ending.COUNTED


def _arrival(
    item: Arriving, answer: Row[int, int, int, bool] | None, occurrence: Occurrence, officer_id: int
) -> Arrival:
    """An answer that is gone meanwhile, or whose list is over, is counted without a name."""
    party = answer.party_size if answer is not None else 1
    by_name = answer is not None and (
        answer.keeps_attendance or policy.keeps_door_list(occurrence, clock.now())
    )
    return Arrival(
        occurrence_id=occurrence.id,
        key=item.key,
        rsvp_id=item.rsvp_id if by_name else None,
        people=party if item.people is None else item.people,
        arrived_at=_sensible(item.at, occurrence),
        recorded_by_id=officer_id,
        undone=item.undone,
    )


def _forget(arrivals: Iterable[Arrival]) -> int:
    """Of each answer the first of *arrivals* goes on counting, as people without a name."""
    seen: set[int] = set()
    for arrival in arrivals:
        if arrival.rsvp_id in seen:
            arrival.undone = True
        seen.add(arrival.rsvp_id or 0)
        arrival.rsvp_id = None
    db.session.flush()
    return len(seen)


def _count(occurrence: Occurrence) -> None:
    db.session.flush()
    total = db.session.scalar(door.people_counted(occurrence.id)) or 0
    occurrence.walk_ins = min(max(0, total), MOST_PEOPLE)
    db.session.flush()


def _sensible(at: datetime | None, occurrence: Occurrence) -> datetime:
    """When it happened, if the device's clock may be believed."""
    now = clock.now()
    return now if at is None else min(max(at, occurrence.starts_at - EARLIEST), now)
