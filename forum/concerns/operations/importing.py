"""Bringing in many concerns that another system kept, with the moments it kept for them. Nobody is told anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import insert, select

from forum.audit.operations import Actor, record
from forum.concerns.acts import ConcernAct
from forum.concerns.calendar import Calendar
from forum.concerns.clocks import Step, Targets, pending, reckon
from forum.concerns.models import Author, Category, Closing, Concern, Dispute, Entry, Mode, Source, Status
from forum.concerns.operations.keeping import publicly_at
from forum.concerns.operations.timing import keep_due
from forum.concerns.queries.clocks import calendar_now
from forum.concerns.receipts import code_hash, new_code, new_reference, random_id
from forum.core import search
from forum.core.clock import day_ends
from forum.core.transactions import operation
from forum.extensions import db

BATCH = 2000
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, kw_only=True)
class ImportedConcern:
    """One concern of another system. *target_at* is what that promised; *closed_at* is None while it is open."""

    category: Category
    mode: Mode
    source: Source
    title: str
    story: str
    opened_at: datetime
    target_at: datetime | None = None
    closed_at: datetime | None = None
    closed_in_words: str = ""
    neighborhood_id: int | None = None
    latitude: float | None = None
    longitude: float | None = None


@operation
def load_concerns(
    *, actor: Actor | None, rows: Sequence[ImportedConcern], progress: Progress | None = None
) -> int:
    """Insert *rows* in bulk, with random ids and references, and one entry in the ledger; returns how many there are.

    Their clocks run as everyone's. Nobody is warned of what ran out before it came here, and nobody gets mail.
    """
    calendar, fresh, waiting, first = calendar_now(), _Ids(), iter(rows), None
    done = 0
    while batch := list(islice(waiting, BATCH)):
        made = [_Made(row, fresh, calendar) for row in batch]
        db.session.execute(insert(Concern), [each.concern for each in made])
        db.session.execute(insert(Entry), [entry for each in made for entry in each.entries])
        search.renew("concern", *(each.concern["id"] for each in made))
        first, done = first or made[0].concern["id"], done + len(batch)
        if progress is not None:
            progress(done, len(rows), "Concerns")
    if first is not None:
        record(
            actor=actor, act=ConcernAct.CONCERN_IMPORT, subject=db.session.get_one(Concern, first), count=done
        )
    return done


@operation
def redate_concern(*, concern: Concern, moments: Sequence[datetime]) -> None:
    """Let each entry of *concern* have been made at its of *moments*, and reckon its clocks from there.

    A closing that is disputed was disputed when the concern was opened again, and decided with the next words of staff.
    """
    thread = db.session.scalars(
        select(Entry).where(Entry.concern_id == concern.id).order_by(Entry.number)
    ).all()
    for entry, at in zip(thread, moments, strict=True):
        entry.at = at
    concern.arrived_at, concern.changed_at = moments[0], max(moments)
    shown = [entry for entry in thread if entry.public or entry.status is not None]
    concern.public_changed_at = max(publicly_at(entry.author, entry.at) for entry in shown)
    if concern.closed_at is not None:
        concern.closed_at = moments[-1]
    for dispute in db.session.scalars(select(Dispute).where(Dispute.concern_id == concern.id)):
        dispute.raised_at = thread[dispute.number - 1].at
        if dispute.decided_at is not None:
            dispute.decided_at = next(e.at for e in thread[dispute.number :] if e.author is Author.STAFF)
    db.session.flush()
    keep_due(concern)
    search.renew("concern", concern.id)


class _Ids:
    """Random ids and references, none twice within one import."""

    def __init__(self) -> None:
        self.used: set[int | str] = set()

    def _new(self, draw: Callable[[], Any]) -> Any:
        found = draw()
        while found in self.used:
            found = draw()
        self.used.add(found)
        return found

    def number(self) -> int:
        return int(self._new(random_id))

    def reference(self) -> str:
        return str(self._new(new_reference))


class _Made:
    """The rows of one concern and of its thread."""

    def __init__(self, row: ImportedConcern, fresh: _Ids, calendar: Calendar) -> None:
        self.row = row
        self.concern = self._concern(fresh)
        self.entries = [
            entry | {"id": fresh.number(), "concern_id": self.concern["id"]} for entry in self._entries()
        ]
        self.concern |= self._due(calendar)

    def _concern(self, fresh: _Ids) -> dict[str, Any]:
        row, closed = self.row, self.row.closed_at is not None
        return {
            "id": fresh.number(), "reference": fresh.reference(), "code_hash": code_hash(new_code()),
            "mode": row.mode, "source": row.source, "category_id": row.category.id, "title": row.title,
            "story": row.story, "neighborhood_id": row.neighborhood_id, "latitude": row.latitude,
            "longitude": row.longitude, "arrived_at": row.opened_at,
            "changed_at": row.closed_at or row.opened_at, "target_at": row.target_at, "entered": True,
            "public_changed_at": max(day_ends(row.opened_at), row.closed_at or row.opened_at),
            "status": Status.CLOSED if closed else Status.IN_PROGRESS,
            "closed_as": Closing.DONE if closed else None, "closed_at": row.closed_at,
        }  # fmt: skip

    def _entries(self) -> Iterable[dict[str, Any]]:
        row = self.row
        yield _entry(1, Author.PERSON, row.opened_at, Status.RECEIVED)
        if row.closed_at is None:
            yield _entry(2, Author.SYSTEM, row.opened_at, Status.IN_PROGRESS)
        else:
            words = row.closed_in_words
            yield _entry(2, Author.STAFF, row.closed_at, Status.CLOSED, words, Closing.DONE)

    def _due(self, calendar: Calendar) -> dict[str, Any]:
        steps = [
            Step(
                number=entry["number"],
                at=entry["at"],
                author=entry["author"],
                words=bool(entry["text"]),
                status=entry["status"],
                closed_as=entry["closed_as"],
            )
            for entry in self.entries
        ]
        kind = self.row.category
        targets = Targets(
            kind.answer_hours, kind.update_days, kind.closing_days, target_at=self.row.target_at
        )
        if self.concern["closed_as"] is not None:
            return {"due_clock": None, "due_at": None}
        left = pending(reckon(self.row.opened_at, steps, targets, calendar), closed_as=None)
        return {"due_clock": left[0].kind, "due_at": left[0].due_at}


def _entry(
    number: int,
    author: Author,
    at: datetime,
    status: Status,
    text: str = "",
    closed_as: Closing | None = None,
) -> dict[str, Any]:
    return {
        "number": number, "author": author, "at": at, "status": status, "text": text, "closed_as": closed_as,
        "public": True,
    }  # fmt: skip
