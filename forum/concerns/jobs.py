"""Periodic work of concerns."""

from __future__ import annotations

from forum.concerns.operations import following, morning, purging, settling
from forum.concerns.operations.timing import warn_of
from forum.concerns.queries import retention
from forum.concerns.queries.clocks import to_be_warned_of
from forum.core import clock, jobs
from forum.core.transactions import unit_of_work
from forum.extensions import db


@jobs.periodic("concerns.warn", minutes=10)
def warn() -> None:
    """Warn of what is due soon and keeps moments, one concern a transaction."""
    _warn(whole_days=False)


@jobs.periodic("concerns.warn_of_anonymous", daily="07:00")
def warn_of_anonymous() -> None:
    """The same for anonymous and confidential ones, once a day: a mail's time must not say when one of them arrived."""
    _warn(whole_days=True)


def _warn(*, whole_days: bool) -> None:
    for concern_id in db.session.scalars(to_be_warned_of(clock.now(), whole_days=whole_days)).all():
        with unit_of_work():
            warn_of(concern_id)


@jobs.periodic("concerns.morning", daily="07:00")
def open_morning() -> None:
    """Tell the ledger and the desk of concerns that keep days alone, at an hour that says nothing of when they came;
    then see to it that their rows do not say it either."""
    with unit_of_work():
        morning.open_morning()
    stirred = settling.stirred()
    for concern_id in stirred:
        with unit_of_work():
            settling.settle(concern_id)
    with unit_of_work():
        settling.write_anew(stirred)
    settling.lay_in_order()
    with unit_of_work():
        settling.rest(stirred)


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
