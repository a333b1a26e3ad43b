"""Reading the outbox."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Select

from forum.notifications.models import Delivery, Notification

OPEN = (Delivery.PENDING, Delivery.SENDING)


def due(moment: datetime, limit: int) -> Select[Notification]:
    """What is to be handed over at *moment*, or was under a lease that has ended; oldest due first."""
    return (
        sa.select(Notification)
        .where(Notification.delivery.in_(OPEN), Notification.due_at <= moment)
        .order_by(Notification.due_at, Notification.id)
        .limit(limit)
    )


def by_ids(ids: Iterable[int]) -> Select[Notification]:
    """Some notifications, oldest due first."""
    return (
        sa.select(Notification)
        .where(Notification.id.in_(list(ids)))
        .order_by(Notification.due_at, Notification.id)
    )


def holders() -> Select[str]:
    """The workers that hold leases."""
    return sa.select(Notification.held_by).where(Notification.delivery == Delivery.SENDING).distinct()


def depth() -> Select[Delivery, int]:
    """How many notifications are in each state that is not an end."""
    return (
        sa.select(Notification.delivery, sa.func.count())
        .where(Notification.delivery.in_(OPEN))
        .group_by(Notification.delivery)
    )


def oldest_overdue(moment: datetime) -> Select[datetime]:
    """Since when the longest waiting one has waited for a worker (due, untried) or for a mail server (not reached).

    What a server has answered about (attempts above 0) waits for its next attempt and does not count.
    """
    since = sa.case((Notification.failure == "", Notification.due_at), else_=Notification.created_at)
    return sa.select(sa.func.min(since)).where(
        Notification.delivery == Delivery.PENDING, Notification.attempts == 0, since <= moment
    )


def told_anew(notification: Notification) -> Select[bool]:
    """Whether the same person was since told of the same subject, in the same kind of message, once more."""
    return sa.select(
        sa.exists().where(
            Notification.recipient_id == notification.recipient_id,
            Notification.kind == notification.kind,
            Notification.subject_id == notification.subject_id,
            Notification.id > notification.id,
        )
    )
