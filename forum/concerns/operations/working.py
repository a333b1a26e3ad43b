"""The desk works a concern: answers, changes its status, assigns it, notes."""

from __future__ import annotations

from flask_babel import gettext as _

from forum.accounts.models import Person
from forum.audit.operations import Actor, record
from forum.concerns.acts import ConcernAct
from forum.concerns.models import Author, Closing, Concern, Entry, Note, Status, Waiting
from forum.concerns.operations.keeping import add_entry, check_step, lock_concern
from forum.concerns.policy import can_see_on_desk
from forum.concerns.queries.sight import sight_of
from forum.concerns.receipts import random_id
from forum.core.db import row_id
from forum.core.errors import Refusal
from forum.core.transactions import operation
from forum.extensions import db


@operation
def answer_concern(
    *,
    actor: Actor,
    concern: Concern,
    text: str,
    status: Status | None = None,
    public: bool = True,
    key: str | None = None,
) -> Entry:
    """Write to the person; with *status* the concern takes that step too. *public*: on the public page as well."""
    concern = lock_concern(concern)
    if not text.strip():
        raise Refusal(_("Write what you want to say."), "text")
    if status is not None:
        check_step(concern.status, status)
    entry = add_entry(
        concern,
        Author.STAFF,
        text=text.strip(),
        staff_id=row_id(actor),
        status=status,
        public=public,
        key=key,
    )
    record(actor=actor, act=ConcernAct.CONCERN_ANSWER, subject=concern, entry=entry.id)
    return entry


@operation
def change_status(
    *, actor: Actor, concern: Concern, status: Status, text: str = "", waits_for: Waiting | None = None
) -> Entry:
    """Take a step that the table of states allows; closing is :func:`close_concern`. Waiting says for whom."""
    concern = lock_concern(concern)
    check_step(concern.status, status)
    if (status is Status.WAITING) != (waits_for is not None):
        raise Refusal(_("Say for whom it waits."), "waits_for")
    entry = add_entry(
        concern,
        Author.STAFF,
        text=text.strip(),
        staff_id=row_id(actor),
        status=status,
        waits_for=waits_for,
        public=True,
    )
    record(actor=actor, act=ConcernAct.CONCERN_STATUS_CHANGE, subject=concern, status=str(status))
    return entry


@operation
def close_concern(*, actor: Actor, concern: Concern, closed_as: Closing, text: str) -> Entry:
    """Close it for a reason and in words, both of which its person reads."""
    concern = lock_concern(concern)
    if not text.strip():
        raise Refusal(_("Say in words why it is closed. The person reads this."), "text")
    check_step(concern.status, Status.CLOSED)
    entry = add_entry(
        concern, Author.STAFF, text=text.strip(), staff_id=row_id(actor), status=Status.CLOSED, closed_as=closed_as,
        public=True,
    )  # fmt: skip
    record(
        actor=actor,
        act=ConcernAct.CONCERN_STATUS_CHANGE,
        subject=concern,
        status="closed",
        closed_as=str(closed_as),
    )
    return entry


@operation
def assign_concern(*, actor: Actor, concern: Concern, to: Person | None) -> None:
    """Give it to somebody who may see it, or to nobody. Refusal for whom it is kept from."""
    concern = lock_concern(concern)
    before = concern.assigned_to_id
    concern.assigned_to_id = None if to is None else to.id
    if to is not None and not can_see_on_desk(sight_of(to), concern):
        concern.assigned_to_id = before
        raise Refusal(_("This person cannot take this concern."), "assigned_to")
    db.session.flush()
    record(actor=actor, act=ConcernAct.CONCERN_ASSIGN, subject=concern, to=concern.assigned_to_id)


@operation
def add_note(*, actor: Actor, concern: Concern, text: str) -> Note:
    """Write something for the desk alone."""
    concern = lock_concern(concern)
    if not text.strip():
        raise Refusal(_("Write the note."), "note")
    note = Note(id=random_id(), concern_id=concern.id, author_id=row_id(actor), text=text.strip())
    db.session.add(note)
    db.session.flush()
    record(actor=actor, act=ConcernAct.CONCERN_NOTE, subject=concern, note=note.id)
    return note
