"""Who of staff hears of a new concern, and which are still to be told of."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, exists, select

from forum.accounts.models import Person, Role
from forum.accounts.queries import working
from forum.concerns.models import Concern, Status
from forum.concerns.policy import DESK, IN_DAYS, Sight
from forum.concerns.queries.sight import seen_on_desk
from forum.core.prepared import PreparedSelect
from forum.neighborhoods.queries import officers_of

# Made once: a concern that arrives asks for the ids of who serves the beats of its neighborhood, by name.
SERVING = PreparedSelect(officers_of(bindparam("neighborhood_id")).with_only_columns(Person.id))


@cache  # made once a role: a concern that arrives asks it
def ids_of_working(role: Role) -> PreparedSelect:
    """The ids of everybody of *role* who works for the agency now."""
    return PreparedSelect(working(role).with_only_columns(Person.id).order_by(Person.id))


def desk() -> Select[Person]:
    """Everybody who works at the desk."""
    return working(*DESK).order_by(Person.id)


def not_entered(before: datetime) -> Select[Concern]:
    """Anonymous and confidential concerns of the days before *before* that the ledger does not know yet, in no order
    of arrival."""
    days = Concern.mode.in_(IN_DAYS)
    return (
        select(Concern)
        .where(days, Concern.entered.is_(False), Concern.arrived_at < before)
        .order_by(Concern.id)
    )


def waits_for(sight: Sight, since: datetime, before: datetime) -> Select[bool]:
    """Whether an anonymous or confidential concern of these days waits that *sight* may see on the desk."""
    return select(
        exists().where(
            Concern.mode.in_(IN_DAYS),
            Concern.status == Status.RECEIVED,
            Concern.arrived_at >= since,
            Concern.arrived_at < before,
            seen_on_desk(sight),
        )
    )
