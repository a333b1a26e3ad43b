"""Two people told us the same: one answer serves both, and each keeps their own thread, mode and clock."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from forum.accounts.models import Person
from forum.audit.operations import Actor, record
from forum.concerns.acts import ConcernAct
from forum.concerns.models import Concern
from forum.concerns.operations.keeping import hold_all, hold_for
from forum.concerns.policy import can_merge
from forum.concerns.queries.sight import sight_of
from forum.core.db import row_id
from forum.core.errors import Refusal
from forum.core.transactions import operation
from forum.extensions import db


@operation
def merge_concern(*, actor: Actor, concern: Concern, into: Concern) -> None:
    """Tie *concern* to *into*. Nothing of its thread, mode, status or clock changes, and no page of a person's says so.

    Refusal for one tied already, for one that others are tied to, and for whoever is kept from either.
    """
    if row_id(concern) == row_id(into):
        raise Refusal(_("A concern cannot be merged into itself."), "into")
    hold_all((concern, into))
    concern, into = hold_for(actor, concern), hold_for(actor, into)
    if not can_merge(sight_of(db.session.get_one(Person, row_id(actor))), concern, into):
        raise Refusal(_("These two cannot be merged: only one of them is about an officer."), "into")
    if concern.merged_into_id is not None:
        raise Refusal(_("This concern is merged already. Take it out first."), "into")
    if into.merged_into_id is not None:
        raise Refusal(_("That concern is itself merged into another. Merge into that other one."), "into")
    if db.session.scalars(select(Concern.id).where(Concern.merged_into_id == concern.id).limit(1)).first():
        raise Refusal(_("Others are merged into this concern. Merge that one into this one instead."), "into")
    concern.merged_into_id = into.id
    db.session.flush()
    record(actor=actor, act=ConcernAct.CONCERN_MERGE, subject=concern, into=into.id)


@operation
def unmerge_concern(*, actor: Actor, concern: Concern) -> None:
    """Take it out again; nothing else changes."""
    concern = hold_for(actor, concern)
    if concern.merged_into_id is None:
        return
    before, concern.merged_into_id = concern.merged_into_id, None
    db.session.flush()
    record(actor=actor, act=ConcernAct.CONCERN_UNMERGE, subject=concern, into=before)
