"""Who may do what in moderation. Pure: who answers to whom, and whose a thing is, is handed in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from forum.accounts.models import Person, Role, Visitor
from forum.moderation.models import Case, CaseState, Decision, Measure

Viewer = Person | Visitor

MODERATORS = (Role.OFFICER, Role.REVIEWER, Role.SUPERVISOR)
APPEAL_DECIDERS = (Role.REVIEWER, Role.SUPERVISOR)
SEAL_OPENERS = (Role.REVIEWER, Role.SUPERVISOR)
RULE_MAKERS = (Role.ADMINISTRATOR, Role.SUPERVISOR)

APPEAL_WITHIN = timedelta(days=14)
APPEAL_DAYS = 10  # working days to its decision
NEW_ACCOUNT = timedelta(days=1)  # until then reports are fewer
PAUSE_DAYS = (1, 3, 7, 14, 30)


def can_moderate(viewer: Viewer) -> bool:
    """Work in the queue."""
    return viewer.role in MODERATORS


def can_make_rules(viewer: Viewer) -> bool:
    """Propose another version of the rules, and approve one that somebody else proposed."""
    return viewer.role in RULE_MAKERS


def can_approve_rules(viewer: Viewer, proposed_by_id: int | None) -> bool:
    """Two people make a version: who proposed it cannot approve it."""
    return can_make_rules(viewer) and viewer.id != proposed_by_id


def can_change_settings(viewer: Viewer) -> bool:
    """Say how long decisions may take, and whether first posts are read first."""
    return viewer.role == Role.ADMINISTRATOR


def can_decide(viewer: Viewer, case: Case, involved: Collection[int | None]) -> bool:
    """Take and decide a case: a moderator who neither wrote nor reported it (*involved*), while nobody else has it."""
    if not can_moderate(viewer) or viewer.id in involved or not case.is_open:
        return False
    return case.state is CaseState.NEW or case.assigned_to_id in (None, viewer.id)


def can_undo_wave(viewer: Viewer, made_by_id: int | None) -> bool:
    """Give back all that a wave hid: who made it, and who may decide appeals."""
    return can_moderate(viewer) and (viewer.id == made_by_id or viewer.role in APPEAL_DECIDERS)


def can_see_hints(viewer: Viewer, author_id: int | None, *, veiled: bool) -> bool:
    """Which other accounts may be the same person's: who moderates, never of their own, never behind a veil."""
    return can_moderate(viewer) and author_id is not None and not veiled and viewer.id != author_id


def can_appeal(viewer: Viewer, decision: Decision, author_id: int | None, now: datetime) -> bool:
    """The author, within 14 days, against what was decided about them; nobody appeals against "it stays"."""
    if viewer.id is None or viewer.id != author_id or decision.measure is Measure.KEEP:
        return False
    return decision.undone_at is None and now <= decision.decided_at + APPEAL_WITHIN


def can_decide_appeal(
    viewer: Viewer, decision: Decision, above: Collection[int], involved: Collection[int | None]
) -> bool:
    """Somebody who did not decide and does not answer to who did (*above*: whom the viewer answers to)."""
    if viewer.role not in APPEAL_DECIDERS or viewer.id in involved:
        return False
    return decision.decided_by_id is None or (
        viewer.id != decision.decided_by_id and decision.decided_by_id not in above
    )


def can_open_original(viewer: Viewer) -> bool:
    """Read what is sealed, each time recorded, and take personal data out of it with somebody else."""
    return viewer.role in SEAL_OPENERS
