"""The desk works a concern: answers, changes its status, closes it, assigns it, notes."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from forum.accounts.models import Person
from forum.audit.operations import Actor, record
from forum.concerns.acts import ConcernAct
from forum.concerns.models import Author, Closing, Concern, Entry, Note, Status, Waiting
from forum.concerns.operations.keeping import add_entry, check_step, hold_all, hold_for, sent_before
from forum.concerns.operations.numbering import free_id
from forum.concerns.policy import can_assign, can_see_on_desk
from forum.concerns.queries.desk import undecided_of
from forum.concerns.queries.sight import sight_of
from forum.concerns.queries.thread import last_number
from forum.concerns.states import may_follow
from forum.core.db import row_id
from forum.core.errors import Refusal
from forum.core.transactions import operation
from forum.extensions import db


class Moved(Refusal):
    """Somebody wrote meanwhile: the words stay in the form, and what is new is shown beside them."""


@operation
def answer_concern(
    *,
    actor: Actor,
    concern: Concern,
    text: str,
    status: Status | None = None,
    waits_for: Waiting | None = None,
    public: bool = True,
    key: str | None = None,
    last: int | None = None,
    also: Sequence[Concern] = (),
) -> Entry:
    """Write to the person; with *status* the concern takes that step too. *public*: on the public page as well.

    *key*: of the form; sent again it is the same entry. *last*: the number of the last entry that the writer saw.
    *also*: concerns merged into this one, whose persons get the same words in their own threads.
    """
    hold_all((concern, *also))
    concern = hold_for(actor, concern)
    if before := sent_before(key):
        return before
    check_unmoved(concern, last)
    if not text.strip():
        raise Refusal(_("Write what you want to say."), "text")
    _check(concern, status, waits_for)
    entry = add_entry(
        concern, Author.STAFF, text=text.strip(), staff_id=row_id(actor), status=status, waits_for=waits_for,
        public=public, key=key,
    )  # fmt: skip
    record(actor=actor, act=ConcernAct.CONCERN_ANSWER, subject=concern, entry=entry.id, **_step(status))
    for merged in also:
        _answer_too(actor, entry, merged, waits_for)
    return entry


@operation
def change_status(
    *,
    actor: Actor,
    concern: Concern,
    status: Status,
    text: str = "",
    waits_for: Waiting | None = None,
    key: str | None = None,
    last: int | None = None,
) -> Entry:
    """Take a step that the table of states allows; closing is :func:`close_concern`. Waiting says for whom."""
    concern = hold_for(actor, concern)
    if before := sent_before(key):
        return before
    check_unmoved(concern, last)
    _check(concern, status, waits_for)
    entry = add_entry(
        concern, Author.STAFF, text=text.strip(), staff_id=row_id(actor), status=status, waits_for=waits_for,
        public=True, key=key,
    )  # fmt: skip
    record(actor=actor, act=ConcernAct.CONCERN_STATUS_CHANGE, subject=concern, status=str(status))
    return entry


@operation
def close_concern(
    *,
    actor: Actor,
    concern: Concern,
    closed_as: Closing,
    text: str,
    evidence: str = "",
    key: str | None = None,
    last: int | None = None,
) -> Entry:
    """Close it for a reason and in words, both of which its person reads. What is done says what shows it."""
    concern = hold_for(actor, concern)
    if before := sent_before(key):
        return before
    check_unmoved(concern, last)
    if not text.strip():
        raise Refusal(_("Say in words why it is closed. The person reads this."), "text")
    if closed_as is Closing.DONE and not evidence.strip():
        raise Refusal(_("Say what shows that it was done: what was seen, where and when."), "evidence")
    check_step(concern.status, Status.CLOSED)
    if db.session.scalars(undecided_of(concern.id)).first() is not None:
        raise Refusal(
            _("Its closing was disputed. Somebody else than who closed it decides that first."), "closed_as"
        )
    entry = add_entry(
        concern, Author.STAFF, text=text.strip(), staff_id=row_id(actor), status=Status.CLOSED, closed_as=closed_as,
        public=True, key=key, evidence=evidence.strip() if closed_as is Closing.DONE else "",
    )  # fmt: skip
    _record_closing(actor, concern, closed_as)
    return entry


@operation
def assign_concern(*, actor: Actor, concern: Concern, to: Person | None) -> None:
    """Give it to somebody who may see it, or to nobody. Refusal for whom it is kept from, and for an officer when
    somebody else took it meanwhile."""
    concern = hold_for(actor, concern)
    giver = db.session.get(Person, row_id(actor)) if actor.id is not None else None
    before = concern.assigned_to_id
    if giver is not None and not can_assign(sight_of(giver), concern):
        raise Refusal(_("Somebody else has this concern. Ask them, or a supervisor."), "to")
    concern.assigned_to_id = None if to is None else row_id(to)
    if to is not None and not (to.is_active and can_see_on_desk(sight_of(to), concern)):
        concern.assigned_to_id = before
        raise Refusal(_("This person cannot take this concern."), "to")
    db.session.flush()
    record(actor=actor, act=ConcernAct.CONCERN_ASSIGN, subject=concern, to=concern.assigned_to_id)


@operation
def add_note(*, actor: Actor, concern: Concern, text: str) -> Note:
    """Write something for the desk alone."""
    concern = hold_for(actor, concern)
    if not text.strip():
        raise Refusal(_("Write the note."), "note")
    note = Note(id=free_id(Note), concern_id=concern.id, author_id=row_id(actor), text=text.strip())
    db.session.add(note)
    db.session.flush()
    record(actor=actor, act=ConcernAct.CONCERN_NOTE, subject=concern, note=note.id)
    return note


def check_unmoved(concern: Concern, last: int | None) -> None:
    """Refusal when the thread of a locked *concern* has grown since entry *last* was read."""
    if last is not None and (db.session.scalar(last_number(concern.id)) or 0) != last:
        raise Moved(
            _("Something new was written meanwhile. Read it above, then send your words or change them.")
        )


def _check(concern: Concern, status: Status | None, waits_for: Waiting | None) -> None:
    if status is Status.CLOSED:
        raise Refusal(_("Closing has a form of its own."), "status")
    if status is not None:
        check_step(concern.status, status)
    if (status is Status.WAITING) != (waits_for is not None):
        raise Refusal(_("Say for whom it waits."), "waits_for")


def _answer_too(actor: Actor, said: Entry, merged: Concern, waits_for: Waiting | None) -> None:
    """The same words in the thread of a merged one: in its own mode, with the step where its own status allows it.

    What everybody could not read of the main one does not become public through a merged one that is.
    """
    merged, status = hold_for(actor, merged), said.status
    if merged.merged_into_id != said.concern_id:
        raise Refusal(_("One of these concerns is no longer merged into this one. Nothing was sent."))
    if status is not None and not may_follow(merged.status, status):
        status, waits_for = None, None
    entry = add_entry(
        merged,
        Author.STAFF,
        text=said.text,
        staff_id=row_id(actor),
        status=status,
        waits_for=waits_for,
        public=said.public and said.concern.is_listed,
    )
    record(actor=actor, act=ConcernAct.CONCERN_ANSWER, subject=merged, entry=entry.id, **_step(status))


def _step(status: Status | None) -> dict[str, str]:
    return {} if status is None else {"status": str(status)}


def _record_closing(actor: Actor, concern: Concern, closed_as: Closing) -> None:
    record(
        actor=actor,
        act=ConcernAct.CONCERN_STATUS_CHANGE,
        subject=concern,
        status="closed",
        closed_as=str(closed_as),
    )
