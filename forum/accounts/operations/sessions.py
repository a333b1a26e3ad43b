"""Starting, touching and ending sessions."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask_babel import gettext as _

from forum.accounts.models import Person, Session
from forum.core import clock
from forum.core.errors import Refusal
from forum.core.tokens import keyed_hash, random_token
from forum.core.transactions import operation
from forum.extensions import db

TOKEN_BITS = 192
PURPOSE = "session"
IDLE = timedelta(hours=12)  # an ordinary session ends so long after its last unsafe request
LONGEST = timedelta(days=7)  # however busy it is
STAY = timedelta(days=60)  # "stay signed in", from the sign-in on
TOUCH_EVERY = timedelta(minutes=1)


@operation
def start_session(
    person: Person, *, proof: str | None, stay: bool, device: str = "", new_hash: str | None = None
) -> Session:
    """Open a session of *person* and put its token on ``person.session_token``; the table keeps the token's keyed hash.

    *proof* is the password hash that was found to match before this operation began. It must still be the person's: a
    password changed meanwhile has ended all sessions, and this one may not slip in behind. *new_hash*, when given,
    replaces it: the same password under today's parameters. Raises Refusal when the person may not come in any more.
    """
    lock_person(person)
    if not person.is_active or person.password_hash != proof:
        raise Refusal(_("Something changed while you were signing in. Please try again."))
    now = clock.now()
    db.session.execute(sa.delete(Session).where(Session.person_id == person.id, Session.expires_at <= now))
    token = random_token(TOKEN_BITS)
    session = Session(
        person_id=person.id,
        token_hash=keyed_hash(token, PURPOSE),
        created_at=now,
        seen_at=now,
        expires_at=now + (STAY if stay else IDLE),
        stay=stay,
        device=device,
    )
    db.session.add(session)
    if new_hash is not None:
        person.password_hash = new_hash
    db.session.flush()
    person.session_token, person.session_id, person.session_seen_at = token, session.id, now
    return session


@operation
def touch_session(session_id: int) -> None:
    """Note that the session was used now, and move the end of an ordinary one. At most once a minute has an effect."""
    now = clock.now()
    session = db.session.get(Session, session_id)
    if session is None or session.seen_at > now - TOUCH_EVERY:
        return
    session.seen_at = now
    if not session.stay:
        session.expires_at = min(now + IDLE, session.created_at + LONGEST)


@operation
def end_session(session_id: int) -> None:
    """End one session; its cookie is worthless from the commit on."""
    db.session.execute(sa.delete(Session).where(Session.id == session_id))


@operation
def end_sessions(person_id: int, *, but: int | None = None) -> None:
    """End every session of a person, except the one with id *but*."""
    condition = [Session.person_id == person_id]
    if but is not None:
        condition.append(Session.id != but)
    db.session.execute(sa.delete(Session).where(*condition))


def lock_person(person: Person) -> None:
    """Read *person* again under the write lock, and hold the row where the database locks rows."""
    # "of": who was read with their team joined outer is read so again, and PostgreSQL locks no such side.
    db.session.refresh(person, with_for_update={"of": Person})
