"""Writing personal calendar addresses. The token is known to its owner alone; the table keeps a keyed hash."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import func, select

from forum.accounts.models import Person
from forum.audit.operations import record
from forum.core.errors import Refusal
from forum.core.tokens import keyed_hash, random_token
from forum.core.transactions import operation
from forum.events.acts import EventAct
from forum.events.models import CalendarToken
from forum.extensions import db

PURPOSE = "calendar"
BITS = 160
MOST = 12  # addresses a person may have


@operation
def create_calendar_token(*, actor: Person, name: str) -> str:
    """A new calendar address of *actor*'s own, named *name*; returns the token, which nothing can show again.

    Refusal when the name is empty or taken (so that a form sent twice makes one), or when there are too many.
    """
    db.session.refresh(actor, with_for_update=True)  # counted under the lock
    name = name.strip()
    if not name:
        raise Refusal(_("Say which device this is for."), "name")
    mine = select(CalendarToken).where(CalendarToken.person_id == actor.id)
    if db.session.scalars(mine.where(func.lower(CalendarToken.name) == name.lower())).first() is not None:
        raise Refusal(
            _("You have an address of that name. Choose another, or revoke that one first."), "name"
        )
    if len(db.session.scalars(mine).all()) >= MOST:
        raise Refusal(_("You have %(most)s addresses. Revoke one that you no longer use.", most=MOST))
    token = random_token(BITS)
    made = CalendarToken(person_id=actor.id, name=name, token_hash=keyed_hash(token, PURPOSE))
    db.session.add(made)
    db.session.flush()
    record(actor=actor, act=EventAct.CALENDAR_TOKEN_CREATE, subject=made)
    return token


@operation
def revoke_calendar_token(*, actor: Person, token_id: int) -> str | None:
    """End one of *actor*'s addresses: it answers 404 from now on. Returns its name, None when there is no such one."""
    mine = select(CalendarToken).where(CalendarToken.id == token_id, CalendarToken.person_id == actor.id)
    found = db.session.scalars(mine.with_for_update()).one_or_none()
    if found is None:
        return None
    record(actor=actor, act=EventAct.CALENDAR_TOKEN_REVOKE, subject=found)
    name = found.name
    db.session.delete(found)
    db.session.flush()
    return name
