"""Verified residents, and lifting the veil of «Resident of»."""

from __future__ import annotations

from flask_babel import gettext as _

from forum.accounts.models import Person
from forum.audit.operations import record
from forum.core import clock
from forum.core.db import row_id
from forum.core.errors import Refusal
from forum.core.transactions import operation
from forum.discussions import policy
from forum.discussions.acts import DiscussionAct
from forum.discussions.models import Post, VeiledAuthor, VeilLifting, VerifiedResident
from forum.extensions import db
from forum.neighborhoods.models import Neighborhood

LONGEST_REASON = 1000


@operation
def verify_resident(*, actor: Person, person: Person, area: Neighborhood) -> VerifiedResident:
    """Note that staff saw, in person, that *person* lives in *area*; a second time it is the new one that holds."""
    if not policy.can_verify(actor):
        raise Refusal(_("Only staff at the desk can do this."))
    found = db.session.get(VerifiedResident, row_id(person), with_for_update=True)
    if found is None:
        found = VerifiedResident(person_id=row_id(person))
        db.session.add(found)
    found.neighborhood_id, found.verified_by_id, found.verified_at = row_id(area), actor.id, clock.now()
    db.session.flush()
    record(actor=actor, act=DiscussionAct.RESIDENT_VERIFY, subject=person, neighborhood=row_id(area))
    return found


@operation
def unverify_resident(*, actor: Person, person: Person) -> None:
    """Take it away; what they wrote as a resident stays as it is."""
    if not policy.can_verify(actor):
        raise Refusal(_("Only staff at the desk can do this."))
    found = db.session.get(VerifiedResident, row_id(person))
    if found is not None:
        db.session.delete(found)
        db.session.flush()
        record(actor=actor, act=DiscussionAct.RESIDENT_UNVERIFY, subject=person)


@operation
def lift_veil(*, actor: Person, post: Post, reason: str) -> Person | None:
    """Who wrote *post* as a resident of somewhere; None when they left. Logged with its *reason*, counted in public.

    Refusal for all but reviewers, for a post that has no veil, and without a reason.
    """
    if not policy.can_lift_veil(actor) or post.resident_of_id is None:
        raise Refusal(_("Only a reviewer can do this."))
    reason = reason.strip()
    if not reason:
        raise Refusal(_("Give the reason. It is kept with your name."), "reason")
    if len(reason) > LONGEST_REASON:
        raise Refusal(_("Use at most %(most)s characters.", most=LONGEST_REASON), "reason")
    db.session.add(VeilLifting(post_id=row_id(post), reader_id=actor.id, reason=reason))
    db.session.flush()
    record(actor=actor, act=DiscussionAct.VEIL_LIFT, subject=post)
    veil = db.session.get(VeiledAuthor, row_id(post))
    return db.session.get(Person, veil.person_id) if veil is not None else None
