"""Delivering the outbox, and forgetting what was delivered long ago."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog
from flask import current_app

from forum.core import clock, holders, jobs, mail
from forum.core.holders import Holder
from forum.core.mail import Outgoing
from forum.core.mail_transport import Refused, Transport, Unreachable, open_transport
from forum.core.transactions import unit_of_work
from forum.extensions import db
from forum.notifications import operations, queries, receipts
from forum.notifications.models import Notification
from forum.notifications.operations import End, Outcome
from forum.notifications.registry import Recipient, registry

# A batch is worded as a whole, with what its mails share read once, and recorded in one transaction. The courier's
# receipts stand for what was not recorded yet.
BATCH = 20
# What was worded so long ago is worded anew: it may not be true any more. And a batch must end well inside its lease.
BATCH_SECONDS = 10.0
KEEP = timedelta(days=90)
log = structlog.get_logger(__name__)


@jobs.periodic(operations.DELIVER, minutes=1, at_start=True)
def deliver() -> None:
    """Hand over everything that is due. Woken by commits that tell somebody something, and every minute.

    When this fails half-way, what it had leased is the next run's.
    """
    _take_over()
    with Holder() as holder, open_transport(current_app.config["FORUM"], holder) as transport:
        while not jobs.stopping.is_set():
            with unit_of_work():
                batch = operations.take_due(BATCH, holder.id)
            if not batch:
                break
            if not _deliver_batch(transport, batch, holder):
                break
    _trim_receipts()


def _take_over() -> None:
    """Free what dead runs left behind. A courier may be waited for: no transaction is open meanwhile."""
    ended = holders.ended()
    named = set(db.session.scalars(queries.holders()))
    db.session.rollback()
    holders.bury(ended - named)
    dead = [name for name in named if holders.is_dead(name)]
    if dead:
        with unit_of_work():
            released = operations.release(dead)
        log.warning("took over from a run that died", notifications=released)


@jobs.periodic("notifications.forget", daily="03:40")
def forget() -> None:
    """Remove notifications that ended more than ninety days ago: nobody needs to know for ever who was told what."""
    with unit_of_work():
        operations.forget_before(clock.now() - KEEP)


def _deliver_batch(transport: Transport, batch: list[int], holder: Holder) -> bool:
    """Hand over each of *batch* and record how that ended; False when the server is away or the worker is to stop."""
    started = time.monotonic()
    outcomes: dict[int, Outcome] = {}
    outcome = Outcome(End.ACCEPTED)
    for number, worded in _word_all(batch).items():
        if outcome.end is End.UNREACHABLE:
            pass  # the same server would not answer for the rest either
        elif jobs.stopping.is_set() or time.monotonic() - started > BATCH_SECONDS:
            outcome = Outcome(End.UNTRIED)
        else:
            outcome = worded if isinstance(worded, Outcome) else _attempt(transport, number, worded)
        outcomes[number] = outcome
    with unit_of_work():
        operations.record_outcomes(outcomes, holder.id)
    return outcome.end is not End.UNREACHABLE and not jobs.stopping.is_set()


def _word_all(batch: list[int]) -> dict[int, Outgoing | Outcome]:
    """What is to be sent, or how it ended without. No transaction is open once the mail server is spoken to."""
    try:
        found = db.session.scalars(queries.by_ids(batch)).all()
        return {notification.id: _word_or_end(notification) for notification in found}
    finally:
        db.session.rollback()


def _word_or_end(notification: Notification) -> Outgoing | Outcome:
    """Also the end of what another run had handed over before it died."""
    number = notification.id
    try:
        outgoing = _word(notification)
    except _NothingToSay:
        return Outcome(End.WITHDRAWN)
    except ValueError as error:
        log.warning("mail cannot be addressed", notification=number, error=str(error))
        return Outcome(End.PERMANENT, "address")
    except Exception:
        log.exception("mail could not be worded", notification=number)
        db.session.rollback()
        return Outcome(End.TEMPORARY, "wording")
    if notification.attempts > 1 and receipts.has(outgoing.message_id):
        return Outcome(End.ACCEPTED)
    return outgoing


def _attempt(transport: Transport, number: int, outgoing: Outgoing) -> Outcome:
    """One try at one mail."""
    try:
        transport.send(outgoing)
    except Refused as error:
        log.warning("mail refused", notification=number, word=error.word, permanent=error.permanent)
        return Outcome(End.PERMANENT if error.permanent else End.TEMPORARY, error.word)
    except Unreachable as error:
        log.warning("mail server not reached", word=error.word)
        return Outcome(End.UNREACHABLE, error.word)
    return Outcome(End.ACCEPTED)


class _NothingToSay(Exception):
    """The person or the subject is gone."""


def _word(notification: Notification) -> mail.Outgoing:
    wording = registry.wordings.get(notification.kind)
    if wording is None:
        # A newer release may have written it: not the end of this mail.
        raise LookupError(f"no message is registered for {notification.kind}")
    recipient = _recipient(notification)
    if recipient is None or not (recipient.active or wording.to_inactive):
        raise _NothingToSay
    with mail.addressed_to(recipient.language):
        message = wording.renderer(notification, recipient)
    if message is None or not (message.to or recipient.address):
        raise _NothingToSay
    at: datetime = notification.created_at
    # With its time, since keys come again when a database is begun anew beside an old file of receipts.
    identity = f"{notification.key} {at.isoformat()}"
    return mail.compose(mail.addressed(message, recipient.address), key=identity, at=at)


def _recipient(notification: Notification) -> Recipient | None:
    if notification.recipient_id is None:
        return Recipient(id=None, address="", language=notification.detail.get("language", ""))
    return registry.resolve(notification.recipient_id)


def _trim_receipts() -> None:
    holders = db.session.execute(
        sa.select(sa.func.count()).select_from(queries.holders().subquery())
    ).scalar_one()
    db.session.rollback()
    if holders == 0:
        receipts.trim()
