"""Who of staff hears of a new concern, and which are still to be told of."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache

from sqlalchemy import Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Person, Role
from forum.accounts.queries import working
from forum.concerns.models import Author, Concern, Dispute, Entry, Status
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


def unheard(today: date) -> Select[Entry]:
    """Of anonymous and confidential concerns to which something happened on a day before *today*: what their person
    wrote since they came, where nobody has answered it, and what they dispute, in no order of time."""
    other = aliased(Entry)
    last = select(func.max(other.number)).where(other.concern_id == Entry.concern_id).scalar_subquery()
    disputed = exists().where(
        Dispute.concern_id == Entry.concern_id, Dispute.number == Entry.number, Dispute.decided_at.is_(None)
    )
    return (
        select(Entry)
        .join(Concern, Concern.id == Entry.concern_id)
        .where(Concern.mode.in_(IN_DAYS), Concern.stirred_on < today)
        .where(Entry.author == Author.PERSON, Entry.number > 1, or_(Entry.number == last, disputed))
        .order_by(Entry.id)
    )
