"""Periodic work of concerns."""

from __future__ import annotations

from forum.concerns.operations import following, morning, purging
from forum.concerns.queries import retention
from forum.core import jobs
from forum.core.transactions import unit_of_work
from forum.extensions import db


@jobs.periodic("concerns.morning", daily="07:00")
def open_morning() -> None:
    """Tell the ledger and the desk of anonymous concerns, at an hour that says nothing of when they came."""
    with unit_of_work():
        morning.open_morning()


@jobs.periodic("concerns.purge", daily="03:50")
def purge() -> None:
    """Forget closed concerns and their pictures when their time is over, one a transaction."""
    for concern_id in db.session.scalars(retention.closed_with_pictures(purging.pictures_end())).all():
        with unit_of_work():
            purging.purge_pictures(concern_id)
    for concern_id in db.session.scalars(retention.closed_before(purging.concerns_end())).all():
        with unit_of_work():
            purging.purge_concern(concern_id)


@jobs.periodic("concerns.forget_follow_requests", minutes=30)
def forget_follow_requests() -> None:
    """Forget addresses that nobody confirmed within a day."""
    with unit_of_work():
        following.forget_requests()
