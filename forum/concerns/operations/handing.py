"""Many concerns change hands at once, and one of staff steps back from one."""

from __future__ import annotations

from flask_babel import gettext as _

from forum.accounts.models import Person
from forum.audit.operations import Actor
from forum.concerns.models import Concern
from forum.concerns.operations.keeping import hold_for
from forum.concerns.operations.recusing import recuse
from forum.concerns.operations.working import assign_concern
from forum.concerns.policy import can_assign, can_name
from forum.concerns.queries.desk import open_in_hands_of
from forum.concerns.queries.sight import sight_of
from forum.core.db import row_id
from forum.core.errors import Refusal
from forum.core.transactions import operation
from forum.extensions import db


@operation
def hand_over(*, actor: Actor, absent: Person, to: Person) -> tuple[int, int]:
    """Give every open concern in the hands of *absent*, as far as *actor* sees and may assign it, to *to*: no clock
    waits on leave. Returns how many were given, and how many stay because they are kept from *to*."""
    if row_id(absent) == row_id(to):
        raise Refusal(_("Choose somebody else."), "to")
    mine = sight_of(db.session.get_one(Person, row_id(actor)))
    given = kept = 0
    for concern in sorted(db.session.scalars(open_in_hands_of(mine, row_id(absent))), key=row_id):
        if not can_assign(mine, concern):
            continue
        try:
            assign_concern(actor=actor, concern=concern, to=to)
            given += 1
        except Refusal:
            kept += 1
    return given, kept


@operation
def step_back(*, actor: Actor, concern: Concern, person: Person, named: bool) -> None:
    """Keep *concern* from *person* for good. *named*: it is about them. Everybody may step back; naming somebody else
    is a reviewer's or supervisor's."""
    concern = hold_for(actor, concern)
    own = row_id(actor) == row_id(person)
    if not own and not can_name(sight_of(db.session.get_one(Person, row_id(actor))), concern):
        raise Refusal(_("Ask a supervisor to keep it from somebody else."), "person")
    recuse(actor=actor, concern=concern, people=[person], named=named)
