"""Who does not want which mail."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Select, select

from forum.events.models import MailRefusal, Rsvp, Topic


def refused_by(rsvp: Rsvp, topic: Topic) -> Select[bool]:
    """Whether the owner of *rsvp* does not want *topic*: an account at all, a guest about this answer."""
    return select(sa.exists().where(whose(rsvp), MailRefusal.topic == topic))


def refused_topics(person_id: int) -> Select[Topic]:
    """What an account does not want."""
    return select(MailRefusal.topic).where(MailRefusal.person_id == person_id)


def whose(rsvp: Rsvp) -> sa.ColumnElement[bool]:
    """The rows that speak for the owner of *rsvp*."""
    if rsvp.person_id is not None:
        return MailRefusal.person_id == rsvp.person_id
    return MailRefusal.rsvp_id == rsvp.id
