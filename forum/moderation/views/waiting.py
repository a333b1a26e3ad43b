"""Which appeals wait for a person: those that they may decide, and no others."""

from __future__ import annotations

from forum.accounts.models import Person
from forum.accounts.queries import chain_above
from forum.extensions import db
from forum.moderation import policy, registry
from forum.moderation.models import Appeal
from forum.moderation.queries import appeals, cases

MOST = 500  # appeals that are looked at; each waits ten working days at most


def may_open(viewer: Person, appeal: Appeal, above: set[int] | None = None) -> bool:
    """Whether *viewer* may read and decide *appeal*."""
    if above is None:
        above = set(db.session.scalars(chain_above(viewer.id)))
    case = appeal.decision.case
    thing = registry.thing_of(case.kind, case.thing_id)
    if thing is None:
        return False
    involved = {thing.author_id, *db.session.scalars(cases.reporters_of(case.id))} - {None}
    return policy.can_decide_appeal(viewer, appeal.decision, above, involved)


def waits_for(viewer: Person) -> list[Appeal]:
    """The undecided appeals that *viewer* may decide, what is due first comes first."""
    above = set(db.session.scalars(chain_above(viewer.id)))
    return [
        each for each in db.session.scalars(appeals.undecided().limit(MOST)) if may_open(viewer, each, above)
    ]
