"""Refusing kinds of mail, and wanting them again."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from forum.core import clock
from forum.core.inserting import insert_into
from forum.core.transactions import operation
from forum.events.models import MailRefusal, Rsvp, Topic
from forum.events.queries.refusals import whose
from forum.extensions import db


@operation
def stop(*, rsvp_id: int, topic: Topic) -> None:
    """End *topic* for the owner of an answer: for an account at all, for a guest about this answer. Twice is once.

    An answer that is gone gets no mail; there is nothing to end then, and nothing to say against it.
    """
    rsvp = db.session.get(Rsvp, rsvp_id)
    if rsvp is not None:
        _refuse(topic, rsvp.person_id, None if rsvp.person_id is not None else rsvp.id)


@operation
def resume(*, rsvp_id: int, topic: Topic) -> None:
    """Take a refusal back."""
    rsvp = db.session.get(Rsvp, rsvp_id)
    if rsvp is not None:
        db.session.execute(sa.delete(MailRefusal).where(whose(rsvp), MailRefusal.topic == topic))


@operation
def choose(*, person_id: int, wanted: Collection[Topic]) -> None:
    """An account gets mail of the topics *wanted*, and no other."""
    db.session.execute(sa.delete(MailRefusal).where(MailRefusal.person_id == person_id))
    for topic in Topic:
        if topic not in wanted:
            _refuse(topic, person_id, None)


def _refuse(topic: Topic, person_id: int | None, rsvp_id: int | None) -> None:
    row = {"topic": topic, "person_id": person_id, "rsvp_id": rsvp_id, "created_at": clock.now()}
    db.session.execute(insert_into(MailRefusal).values(**row).on_conflict_do_nothing())
