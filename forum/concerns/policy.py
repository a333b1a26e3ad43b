"""Who sees a concern, who works it, who opens an identity. An unknown role or state means no.

``queries.sight.sight_of`` reads whom a viewer answers to; every predicate takes that sight, so that recusal can be
forgotten nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from forum.accounts.models import Person, Role, Visitor
from forum.concerns.models import About, Closing, Concern, Identity, Mode, Status

DESK = (Role.OFFICER, Role.REVIEWER, Role.SUPERVISOR)
DISPUTE_WITHIN = timedelta(days=14)
IN_DAYS = (Mode.ANONYMOUS, Mode.CONFIDENTIAL)
STRICTER = {
    Mode.PUBLIC: (Mode.PRIVATE, Mode.CONFIDENTIAL),
    Mode.PRIVATE: (Mode.CONFIDENTIAL,),
    Mode.CONFIDENTIAL: (),
    Mode.ANONYMOUS: (),
}


@dataclass(frozen=True)
class Sight:
    """A viewer as concerns see them: *above* holds the ids of everyone they answer to, directly or through others."""

    id: int | None
    role: Role | None
    above: frozenset[int] = frozenset()

    @property
    def is_desk(self) -> bool:
        return self.role in DESK


def is_recused(sight: Sight, concern: Concern) -> bool:
    """Whether *concern* is kept from this viewer: they, or somebody they answer to, are named in it."""
    return any(
        recusal.person_id == sight.id or (recusal.named and recusal.person_id in sight.above)
        for recusal in concern.recusals
    )


def can_see_on_desk(sight: Sight, concern: Concern) -> bool:
    """The case with its notes. A confidential one is its officer's, supervisors' and reviewers'; what is about an
    officer is a reviewer's until it is screened, then also of supervisors who are not recused."""
    if not sight.is_desk or is_recused(sight, concern):
        return False
    if sight.role is Role.REVIEWER:
        return True
    if concern.about is not About.TOWN:
        return sight.role is Role.SUPERVISOR and concern.screened
    if concern.mode is Mode.CONFIDENTIAL:
        return sight.role is Role.SUPERVISOR or concern.assigned_to_id == sight.id
    return True


def can_assign(sight: Sight, concern: Concern) -> bool:
    """Give it to anyone who may see it; an officer may take what nobody has, or hand over what is theirs."""
    if not can_see_on_desk(sight, concern):
        return False
    return sight.role in (Role.REVIEWER, Role.SUPERVISOR) or concern.assigned_to_id in (None, sight.id)


def may_be_given(sight: Sight, concern: Concern) -> bool:
    """Whether the concern may be put into this viewer's hands: they see it, or would once it is theirs."""
    if can_see_on_desk(sight, concern):
        return True
    confidential = concern.about is About.TOWN and concern.mode is Mode.CONFIDENTIAL
    return confidential and sight.role is Role.OFFICER and not is_recused(sight, concern)


def can_name(sight: Sight, concern: Concern) -> bool:
    """Keep a concern from somebody else. An officer steps back from it alone: or they could hide one from a chief."""
    return sight.role in (Role.REVIEWER, Role.SUPERVISOR) and can_see_on_desk(sight, concern)


def can_withhold(sight: Sight, concern: Concern) -> bool:
    """Take a public concern from the public pages, or bring it back: not for whom it may criticize on the street."""
    return concern.mode is Mode.PUBLIC and can_name(sight, concern)


def can_decide(sight: Sight, concern: Concern, closed_by_id: int | None) -> bool:
    """Decide a dispute: somebody else than who closed it, and nobody who answers to them."""
    if closed_by_id is not None and (closed_by_id == sight.id or closed_by_id in sight.above):
        return False
    return can_see_on_desk(sight, concern)


def can_merge(sight: Sight, concern: Concern, into: Concern) -> bool:
    """Tie one concern to another: whoever sees both. What is about an officer stays among its own kind."""
    both = can_see_on_desk(sight, concern) and can_see_on_desk(sight, into)
    return both and (concern.about is About.TOWN) == (into.about is About.TOWN)


def can_edit_templates(sight: Sight) -> bool:
    """Words that everybody at the desk will send are a supervisor's to write."""
    return sight.role is Role.SUPERVISOR


def must_state(sight: Sight, concern: Concern) -> bool:
    """Whether this reviewer has to say that it is not about them before they read a word of it."""
    unscreened = concern.about is not About.TOWN and not concern.screened
    return unscreened and sight.role is Role.REVIEWER and can_see_on_desk(sight, concern)


def can_screen(sight: Sight, concern: Concern) -> bool:
    """Say who is named in what is about an officer."""
    return sight.role is Role.REVIEWER and can_see_on_desk(sight, concern)


def can_see_identity(sight: Sight, concern: Concern) -> bool:
    """Name and contact beside the case. Never of a confidential one: that is :func:`can_open_identity`."""
    return concern.mode in (Mode.PUBLIC, Mode.PRIVATE) and can_see_on_desk(sight, concern)


def can_open_identity(sight: Sight, concern: Concern) -> bool:
    """Open a confidential identity, for a reason that is kept."""
    return (
        concern.mode is Mode.CONFIDENTIAL and sight.role is Role.REVIEWER and can_see_on_desk(sight, concern)
    )


def is_own(viewer_id: int | None, identity: Identity | None) -> bool:
    """Whether it is the viewer's own concern, by their account."""
    return viewer_id is not None and identity is not None and identity.person_id == viewer_id


def in_days(concern: Concern) -> bool:
    """Whether only days are kept and shown of what its person did: the minute, or when it is due, might tell who."""
    return concern.mode in IN_DAYS


def can_dispute(concern: Concern, now: datetime) -> bool:
    """Whether its person may still say that it was closed wrongly. Who took it back can send it anew."""
    return (
        concern.status is Status.CLOSED
        and concern.closed_as is not Closing.WITHDRAWN
        and concern.closed_at is not None
        and now < concern.closed_at + DISPUTE_WITHIN
    )


def can_manage_categories(viewer: Sight | Person | Visitor) -> bool:
    """What concerns are about, what is promised, and when the agency is there, are the administrator's."""
    return viewer.role is Role.ADMINISTRATOR
