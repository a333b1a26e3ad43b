"""A reviewer opens what is about an officer, before anybody has said who is named in it."""

from __future__ import annotations

from flask_babel import gettext as _

from forum.accounts.models import Person
from forum.audit.operations import Actor, record
from forum.concerns.acts import ConcernAct
from forum.concerns.models import Concern, Statement
from forum.concerns.operations.keeping import hold_for
from forum.concerns.policy import must_state
from forum.concerns.queries.sight import sight_of
from forum.core.db import row_id
from forum.core.errors import Refusal
from forum.core.transactions import operation
from forum.extensions import db


@operation
def state_not_mine(*, actor: Actor, concern: Concern) -> None:
    """Put on record that *actor* says, before reading it, that it is about neither them nor anybody they answer to.
    Said twice, it is said once."""
    concern = hold_for(actor, concern)
    if not must_state(sight_of(db.session.get_one(Person, row_id(actor))), concern):
        raise Refusal(_("This concern has been screened. Nothing has to be said."))
    if db.session.get(Statement, (concern.id, row_id(actor))) is not None:
        return
    db.session.add(Statement(concern_id=concern.id, person_id=row_id(actor)))
    db.session.flush()
    record(actor=actor, act=ConcernAct.CONCERN_STATE, subject=concern)
