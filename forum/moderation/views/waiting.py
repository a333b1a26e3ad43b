"""Which appeals, and which of the blind sample, wait for a person: those that they may decide, and no others."""

from __future__ import annotations

from collections.abc import Iterable

from forum.accounts.models import Person
from forum.accounts.queries import chain_above
from forum.extensions import db
from forum.moderation import policy, registry
from forum.moderation.models import Appeal, Case, Decision, Recheck
from forum.moderation.queries import appeals, cases, rechecks

MOST = 200  # that are looked at; each waits some days at most


def may_open(viewer: Person, appeal: Appeal) -> bool:
    """Whether *viewer* may read and decide *appeal*."""
    return bool(_decidable(viewer, [appeal.decision]))


def waits_for(viewer: Person) -> list[Appeal]:
    """The undecided appeals that *viewer* may decide, what is due first comes first."""
    found = db.session.scalars(appeals.undecided().limit(MOST)).all()
    decidable = _decidable(viewer, [each.decision for each in found])
    return [each for each in found if each.decision_id in decidable]


def may_look_again(viewer: Person, recheck: Recheck) -> bool:
    """Whether *viewer* may look blind at what is in the sample; who has looked goes on to the second question."""
    return recheck.looked_by_id in (None, viewer.id) and bool(_decidable(viewer, [recheck.decision]))


def rechecks_for(viewer: Person) -> list[Recheck]:
    """What of the sample waits for *viewer*, the oldest first."""
    found = db.session.scalars(rechecks.unfinished().limit(MOST)).all()
    decidable = _decidable(viewer, [each.decision for each in found])
    return [
        each for each in found if each.decision_id in decidable and each.looked_by_id in (None, viewer.id)
    ]


def _decidable(viewer: Person, decisions: list[Decision]) -> set[int]:
    """The ids of those decisions that *viewer* may look at again; none about what is gone."""
    above = set(db.session.scalars(chain_above(viewer.id)))
    involved = _involved(decision.case for decision in decisions)
    return {
        decision.id
        for decision in decisions
        if decision.case_id in involved
        and policy.can_decide_appeal(viewer, decision, above, involved[decision.case_id])
    }


def _involved(wanted: Iterable[Case]) -> dict[int, set[int | None]]:
    """By case: who wrote the thing and who reported it. Cases about what is gone are left out."""
    listed = list(wanted)
    things = registry.things_of((case.kind, case.thing_id) for case in listed)
    found: dict[int, set[int | None]] = {
        case.id: {things[case.kind, case.thing_id].author_id}
        for case in listed
        if (case.kind, case.thing_id) in things
    }
    for case_id, reporter_id in db.session.execute(cases.reporters_in(list(found))):
        found[case_id].add(reporter_id)
    return found
