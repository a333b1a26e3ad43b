"""Opening a confidential identity, and taking a public concern from the public pages: both for a reason that stays."""

from __future__ import annotations

from flask_babel import gettext as _

from forum.accounts.models import Person
from forum.audit.operations import Actor, record
from forum.concerns.acts import ConcernAct
from forum.concerns.models import Concern, Identity, IdentityReading, Withholding
from forum.concerns.operations.keeping import hold_for
from forum.concerns.policy import can_open_identity, can_withhold
from forum.concerns.queries.sight import sight_of
from forum.concerns.queries.thread import identity_of
from forum.core import clock, search
from forum.core.db import row_id
from forum.core.errors import Refusal
from forum.core.transactions import operation
from forum.extensions import db


@operation
def open_identity(*, actor: Actor, concern: Concern, reason: str) -> Identity | None:
    """Who stands behind a confidential concern (None: nobody said). That it was read, and why, is kept first."""
    concern = hold_for(actor, concern)
    if not can_open_identity(sight_of(db.session.get_one(Person, row_id(actor))), concern):
        raise Refusal(_("Only a reviewer opens a confidential identity."))
    if not reason.strip():
        raise Refusal(_("Say why you need to know. The reason is kept."), "reason")
    db.session.add(IdentityReading(concern_id=concern.id, reader_id=row_id(actor), reason=reason.strip()))
    db.session.flush()
    record(actor=actor, act=ConcernAct.CONCERN_IDENTITY_READ, subject=concern)
    return db.session.scalars(identity_of(concern)).one_or_none()


@operation
def withhold_concern(*, actor: Actor, concern: Concern, reason: Withholding) -> None:
    """Take a public concern from the public pages; its person and the desk keep it."""
    _set_withheld(actor, concern, withheld=True)
    record(actor=actor, act=ConcernAct.CONCERN_WITHHOLD, subject=concern, reason=str(reason))


@operation
def show_concern(*, actor: Actor, concern: Concern) -> None:
    """Bring it back to the public pages."""
    _set_withheld(actor, concern, withheld=False)
    record(actor=actor, act=ConcernAct.CONCERN_SHOW, subject=concern)


def _set_withheld(actor: Actor, concern: Concern, *, withheld: bool) -> None:
    concern = hold_for(actor, concern)
    if not can_withhold(sight_of(db.session.get_one(Person, row_id(actor))), concern):
        raise Refusal(_("Only a supervisor or reviewer takes a public concern from the site."))
    concern.withheld = withheld
    if not withheld:
        concern.public_changed_at = max(concern.public_changed_at, clock.now())
    search.renew("concern", concern.id)
