"""Forgetting what has ended."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from forum.accounts.models import MailedLink, Person, Role, Session
from forum.core import clock
from forum.core.transactions import operation
from forum.extensions import db

LINKS_KEPT = timedelta(days=1)  # so that a link used a moment ago is still known for what it was
REGISTRATIONS_KEPT = timedelta(days=7)


@operation
def forget_ended() -> None:
    """Delete ended sessions and links, and residents who registered a week ago and have no open link any more.

    Invited people stay: an administrator can invite them again.
    """
    now = clock.now()
    db.session.execute(sa.delete(Session).where(Session.expires_at <= now))
    db.session.execute(sa.delete(MailedLink).where(MailedLink.expires_at <= now - LINKS_KEPT))
    waiting = sa.select(MailedLink.id).where(MailedLink.person_id == Person.id, MailedLink.used_at.is_(None))
    db.session.execute(
        sa.delete(Person)
        .where(
            Person.confirmed_at.is_(None),
            Person.erased_at.is_(None),
            Person.role == Role.RESIDENT,
            Person.created_at <= now - REGISTRATIONS_KEPT,
            ~waiting.exists(),
        )
        .execution_options(synchronize_session=False)
    )
