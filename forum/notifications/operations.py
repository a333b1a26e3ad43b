"""Writing the outbox: telling, leasing what is due, and recording how it ended."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any

import sqlalchemy as sa
from flask import g
from sqlalchemy.dialects import postgresql, sqlite

from forum.core import clock, jobs
from forum.core.prepared import Prepared
from forum.core.transactions import after_commit, operation
from forum.extensions import db
from forum.notifications import queries
from forum.notifications.models import Delivery, Notification
from forum.notifications.registry import register_message, register_recipients

__all__ = ["notify", "register_message", "register_recipients"]

ATTEMPTS = 48  # as many as GOV.UK Notify makes, over about four hours
LEASE = timedelta(minutes=10)
# After the first failures a quick second try, since most are over in a minute; then every five minutes.
BACKOFF = (30, 60, 120)
BACKOFF_AFTER = 300
UNREACHABLE = timedelta(seconds=45)
DELIVER = "notifications.deliver"
SWEEP = 60.0  # seconds between two of its runs
# Made once, and run on the session's own connection: somebody is told in most writes, which hold the lock meanwhile,
# and going through the session took five times as long as the database.
_INSERT: Any = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
ONCE = Prepared(
    {
        name: insert(Notification.__table__).on_conflict_do_nothing(index_elements=["key"]).inline()
        for name, insert in _INSERT.items()
    },
    ("key", "kind", "recipient_id", "subject_id", "detail", "due_at"),
)


class End(StrEnum):
    """How one attempt ended."""

    ACCEPTED = "accepted"
    PERMANENT = "permanent"
    TEMPORARY = "temporary"
    UNREACHABLE = "unreachable"
    UNTRIED = "untried"  # the worker stopped before this one's turn
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Outcome:
    """The end of an attempt and a word about it for operators, without addresses."""

    end: End
    word: str = ""


@operation
def notify(
    *,
    person_id: int | None,
    kind: StrEnum | str,
    key: str,
    subject_id: int | None = None,
    due_at: datetime | None = None,
    language: str = "",
    **detail: Any,
) -> None:
    """Tell a person something, in the transaction of the act itself; mail follows once that is durable.

    *person_id* is None for who has no account: the mail is then in *language*, and the registered message must say
    ``to`` whom it goes, read from the subject when it is sent. The outbox never holds an address.

    *kind* names the registered message; *key* is what makes this telling unique ("rsvp.promoted:17:3"): a second one
    with the same key changes nothing. *due_at* (aware) is the earliest moment of sending, now by default. *detail*
    takes ids, enum words and ISO dates; the wording is read from the subject when it is sent.
    """
    if person_id is None:
        detail["language"] = language
    row = {
        "key": key,
        "kind": str(kind),
        "recipient_id": person_id,
        "subject_id": subject_id,
        "detail": detail,
        "due_at": due_at or clock.now(),
    }
    ONCE.run(db.session(), **row)
    if due_at is not None and due_at > clock.now():
        after_commit(partial(deliver_at, due_at))
    elif deliver_soon not in g.get("after_commit", []):
        after_commit(deliver_soon)


def deliver_soon() -> None:
    """Wake the deliverer. If the call is lost, its sweep comes within a minute."""
    jobs.enqueue(DELIVER)


def deliver_at(moment: datetime) -> None:
    """Wake the deliverer soon after *moment*, when that is so near that its sweep might come much later."""
    seconds = (moment - clock.now()).total_seconds()
    if seconds < SWEEP:
        jobs.enqueue_later(DELIVER, max(0.0, seconds))


@operation
def take_due(limit: int, holder_id: str) -> list[int]:
    """Lease up to *limit* due notifications to a run (core.holders) and return their ids; commit before using them.

    Two workers never lease the same one: PostgreSQL skips rows that another has locked, SQLite has one writer.
    """
    now = clock.now()
    taken = db.session.scalars(queries.due(now, limit).with_for_update(skip_locked=True)).all()
    for notification in taken:
        notification.delivery = Delivery.SENDING
        notification.attempts += 1
        notification.due_at = now + LEASE
        notification.held_by = holder_id
    db.session.flush()
    return [notification.id for notification in taken]


@operation
def release(dead: Collection[str]) -> int:
    """Make due at once what runs that have ended were sending; returns how many notifications that were."""
    statement = (
        sa.update(Notification)
        .where(Notification.delivery == Delivery.SENDING, Notification.held_by.in_(dead))
        .values(due_at=clock.now())
    )
    return int(db.session.execute(statement).rowcount)  # type: ignore[attr-defined]


@operation
def record_outcomes(outcomes: Mapping[int, Outcome], holder_id: str) -> None:
    """Write down by id how attempts of *holder_id* ended; nothing where its lease has passed to another."""
    for notification in db.session.scalars(queries.by_ids(outcomes).with_for_update()):
        if notification.held_by != holder_id or notification.delivery is not Delivery.SENDING:
            continue
        outcome = outcomes[notification.id]
        _ENDS[outcome.end](notification)
        notification.failure = "" if outcome.end is End.ACCEPTED else outcome.word[:64]
        notification.held_by = ""
    db.session.flush()


@operation
def withdraw(keys: Collection[str]) -> set[str]:
    """Do not send those of these keys that have not gone out; returns which. :func:`renew` brings them back."""
    statement = (
        sa.update(Notification)
        .where(Notification.key.in_(keys), Notification.delivery == Delivery.PENDING)
        .values(delivery=Delivery.WITHDRAWN, finished_at=clock.now())
        .returning(Notification.key)
    )
    return set(db.session.scalars(statement, execution_options={"synchronize_session": False}))


@operation
def renew(keys: Collection[str]) -> None:
    """Send after all what was withdrawn under these keys: there is something to say again."""
    statement = (
        sa.update(Notification)
        .where(Notification.key.in_(keys), Notification.delivery == Delivery.WITHDRAWN)
        .values(delivery=Delivery.PENDING, finished_at=None)
    )
    found = db.session.execute(statement, execution_options={"synchronize_session": False})
    if found.rowcount and deliver_soon not in g.get("after_commit", []):  # type: ignore[attr-defined]
        after_commit(deliver_soon)


@operation
def forget_person(person_id: int) -> None:
    """Remove everything one person was or is to be told, when their account is erased."""
    db.session.execute(sa.delete(Notification).where(Notification.recipient_id == person_id))


@operation
def forget_before(moment: datetime) -> int:
    """Remove what ended before *moment*; returns how many."""
    statement = sa.delete(Notification).where(Notification.finished_at < moment)
    return int(db.session.execute(statement).rowcount)  # type: ignore[attr-defined]


def _accepted(notification: Notification) -> None:
    _finish(notification, Delivery.DELIVERED)


def _withdrawn(notification: Notification) -> None:
    _finish(notification, Delivery.WITHDRAWN)


def _permanent(notification: Notification) -> None:
    _finish(notification, Delivery.FAILED)


def _temporary(notification: Notification) -> None:
    if notification.attempts >= ATTEMPTS:
        _finish(notification, Delivery.FAILED)
        return
    tried = notification.attempts
    seconds = BACKOFF[tried - 1] if tried <= len(BACKOFF) else BACKOFF_AFTER
    _wait(notification, timedelta(seconds=seconds))


def _unreachable(notification: Notification) -> None:
    """No attempt is used up: a mail server that is away for a day loses nothing."""
    notification.attempts -= 1
    _wait(notification, UNREACHABLE)


def _untried(notification: Notification) -> None:
    notification.attempts -= 1
    _wait(notification, timedelta(0))


def _wait(notification: Notification, time: timedelta) -> None:
    notification.delivery = Delivery.PENDING
    notification.due_at = clock.now() + time


def _finish(notification: Notification, state: Delivery) -> None:
    notification.delivery = state
    notification.finished_at = clock.now()


_ENDS = {
    End.ACCEPTED: _accepted,
    End.PERMANENT: _permanent,
    End.TEMPORARY: _temporary,
    End.UNREACHABLE: _unreachable,
    End.UNTRIED: _untried,
    End.WITHDRAWN: _withdrawn,
}
