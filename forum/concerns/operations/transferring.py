"""Passing a concern on: asked first, answered by its person, and then only what they agreed to."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from flask_babel import gettext as _

from forum.accounts.models import Person
from forum.audit.operations import Actor, record
from forum.concerns.acts import ConcernAct
from forum.concerns.models import Author, Concern, Consent, Item, Mode, Transfer
from forum.concerns.operations.keeping import add_entry, hold_for, lock_concern, said_at
from forum.concerns.operations.numbering import free_id
from forum.concerns.policy import in_days
from forum.concerns.words import item_words
from forum.core import clock
from forum.core.db import row_id
from forum.core.errors import Refusal
from forum.core.languages import own_language, written_in
from forum.core.transactions import operation
from forum.extensions import db


def items_of(concern: Concern) -> tuple[Item, ...]:
    """What could be passed on. Who an anonymous or confidential person is, nobody here can pass on."""
    hidden = (Item.CONTACT, Item.NAME) if concern.mode in (Mode.ANONYMOUS, Mode.CONFIDENTIAL) else ()
    return tuple(item for item in Item if item not in hidden)


@operation
def ask_transfer(
    *, actor: Actor, concern: Concern, to_name: str, why: str, items: Sequence[Item]
) -> Transfer:
    """Ask the person, in their thread, whether *items* may go to *to_name*. Nothing leaves by that."""
    concern = hold_for(actor, concern)
    if not to_name.strip():
        raise Refusal(_("Say to whom it would go."), "to_name")
    if not why.strip():
        raise Refusal(_("Say why. The person reads this."), "why")
    wanted = [item for item in items_of(concern) if item in items]
    if not wanted:
        raise Refusal(_("Choose what would be shared."), "items")
    transfer = Transfer(
        id=free_id(Transfer), concern_id=concern.id, to_name=to_name.strip(), why=why.strip(),
        items=list(map(str, wanted)), agreed=[], asked_by_id=row_id(actor),
    )  # fmt: skip
    db.session.add(transfer)
    with written_in(own_language(concern.language) or "en"):
        text = _(
            "May we pass this to %(name)s? %(why)s We would share: %(items)s. You choose what, or say no.",
            name=transfer.to_name, why=transfer.why, items=_listed(wanted),
        )  # fmt: skip
    add_entry(concern, Author.STAFF, text=text, staff_id=row_id(actor), public=False)
    record(actor=actor, act=ConcernAct.CONCERN_TRANSFER_ASK, subject=concern, items=transfer.items)
    return transfer


@operation
def answer_transfer(
    *, transfer: Transfer, items: Collection[Item], actor: Actor | None = None, by_phone: bool = False
) -> None:
    """Keep what the person agreed to (none: refused). *by_phone*: *actor* of staff took it down; else the person
    answered on their own thread, and nobody stands behind it."""
    held = db.session.get_one(Transfer, row_id(transfer), with_for_update=True, populate_existing=True)
    concern = db.session.get_one(Concern, held.concern_id)
    concern = hold_for(actor, concern) if by_phone else lock_concern(concern)
    if held.answered_at is not None:
        raise Refusal(_("This question was answered already."))
    agreed = [item for item in Item if item in items and str(item) in held.items]
    held.agreed = list(map(str, agreed))
    held.consent = Consent.BY_PHONE if by_phone else Consent.ON_THREAD
    held.recorded_by_id = row_id(actor) if by_phone and actor is not None else None
    held.answered_at = clock.now() if by_phone else said_at(concern)
    add_entry(
        concern, Author.STAFF if by_phone else Author.PERSON, text=_answer_words(held, agreed, by_phone=by_phone),
        staff_id=held.recorded_by_id, public=False,
    )  # fmt: skip
    if not in_days(concern) or by_phone:
        record(
            actor=actor if by_phone else None,
            act=ConcernAct.CONCERN_TRANSFER_ANSWER,
            subject=concern,
            agreed=held.agreed,
        )


@operation
def send_transfer(*, actor: Actor, transfer: Transfer) -> Transfer:
    """Mark it as sent: from here on, :func:`forum.concerns.parcel.parcel` gives what was agreed to. Refusal without
    consent: refused or unanswered, nothing leaves."""
    held = db.session.get_one(Transfer, row_id(transfer), with_for_update=True, populate_existing=True)
    concern = hold_for(actor, db.session.get_one(Concern, held.concern_id))
    if not held.may_leave:
        raise Refusal(_("Nothing may leave: the person has not agreed, or it was sent already."))
    held.sent_by_id, held.sent_at = row_id(actor), clock.now()
    with written_in(own_language(concern.language) or "en"):
        text = _(
            "We passed this to %(name)s: %(items)s.",
            name=held.to_name,
            items=_listed([Item(word) for word in held.agreed]),
        )
    add_entry(concern, Author.STAFF, text=text, staff_id=db.session.get_one(Person, row_id(actor)).id)
    record(actor=actor, act=ConcernAct.CONCERN_TRANSFER_SEND, subject=concern, agreed=held.agreed)
    return held


def _listed(items: Collection[Item]) -> str:
    return ", ".join(item_words(item) for item in items)


def _answer_words(transfer: Transfer, agreed: list[Item], *, by_phone: bool) -> str:
    values = {"name": transfer.to_name, "items": _listed(agreed)}
    with written_in(own_language(transfer.concern.language) or "en"):
        if by_phone and agreed:
            return _("You told us by phone that we may pass this to %(name)s: %(items)s.", **values)
        if by_phone:
            return _("You told us by phone that we may not pass this to %(name)s.", **values)
        if agreed:
            return _("Yes, you may pass this to %(name)s: %(items)s.", **values)
        return _("No, do not pass this to %(name)s.", **values)
