"""Periodic work of concerns: supervisors hear of a clock before it runs out."""

from __future__ import annotations

from forum.concerns.operations.timing import warn_of
from forum.concerns.queries.clocks import to_be_warned_of
from forum.core import clock, jobs
from forum.core.transactions import unit_of_work
from forum.extensions import db


@jobs.periodic("concerns.warn", minutes=10)
def warn() -> None:
    """Warn of what is due soon and has a name, one concern a transaction."""
    _warn(anonymous=False)


@jobs.periodic("concerns.warn_of_anonymous", daily="07:00")
def warn_of_anonymous() -> None:
    """The same for anonymous ones, once a day: a mail's time must not say when one of them arrived."""
    _warn(anonymous=True)


def _warn(*, anonymous: bool) -> None:
    for concern_id in db.session.scalars(to_be_warned_of(clock.now(), anonymous=anonymous)).all():
        with unit_of_work():
            warn_of(concern_id)
