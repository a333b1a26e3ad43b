"""Writing to everybody who answered: rarely, on record, and once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select

from forum.audit.operations import Actor, record
from forum.core import clock
from forum.core.errors import Refusal
from forum.core.transactions import operation
from forum.events.acts import EventAct, EventNotice
from forum.events.models import EventMessage, EventStatus, Occurrence
from forum.events.operations.events import lock_event
from forum.events.operations.occurrences import lock_occurrence
from forum.events.queries.roster import Standing, reachable
from forum.extensions import db
from forum.notifications.many import Telling, notify_many

LONGEST_TEXT = 5000
MOST_A_DAY = 3
APART = timedelta(minutes=10)
READERS = (Standing.GOING, Standing.OFFERED, Standing.WAITING, Standing.MAYBE)
"""Who can be written to: not who is not coming."""


@operation
def message_everyone(
    *,
    actor: Actor,
    occurrence: Occurrence,
    audience: Collection[Standing],
    subject: str,
    text: str,
    token: str,
) -> EventMessage:
    """Send *text* (plain) to everybody of *audience* who has an account or left an address; returns the message.

    The same *token* again gives the message that is there. Refusal when nobody would read it, when an event was
    written about three times in a day or within ten minutes, or when it is a draft.
    """
    lock_event(occurrence.event)
    occurrence = lock_occurrence(occurrence)
    sent = db.session.scalars(select(EventMessage).where(EventMessage.token == token)).first()
    if sent is not None:
        return sent
    _check(occurrence, subject, text)
    chosen = [standing for standing in READERS if standing in audience]
    to = db.session.execute(reachable(occurrence.id, chosen)).all()
    if not to:
        raise nobody_reads()
    message = EventMessage(
        event_id=occurrence.event_id,
        occurrence_id=occurrence.id,
        token=token,
        subject=subject.strip(),
        text=text.strip(),
        audience=[str(standing) for standing in chosen],
        recipients=len(to),
        author_id=actor.id,
    )
    db.session.add(message)
    db.session.flush()
    notify_many(
        EventNotice.EVENT_MESSAGE,
        [
            Telling(
                key=f"{EventNotice.EVENT_MESSAGE}:{message.id}:{rsvp_id}",
                person_id=person_id,
                language=language,
                subject_id=rsvp_id,
                detail={"message": message.id},
            )
            for rsvp_id, person_id, language in to
        ],
    )
    record(
        actor=actor,
        act=EventAct.EVENT_MESSAGE,
        subject=occurrence,
        event=occurrence.event_id,
        message=message.id,
        people=len(to),
    )
    return message


def nobody_reads() -> Refusal:
    """What is said when a message would reach nobody."""
    return Refusal(
        _("None of them can be written to: nobody there has an account or left an address."), "audience"
    )


def _check(occurrence: Occurrence, subject: str, text: str) -> None:
    if occurrence.event.status == EventStatus.DRAFT:
        raise Refusal(_("This event is a draft. Publish it before you write about it."))
    if not subject.strip():
        raise Refusal(_("Give it a subject."), "subject")
    if not 0 < len(text.strip()) <= LONGEST_TEXT:
        raise Refusal(_("Write your message."), "text")
    of_event = EventMessage.event_id == occurrence.event_id
    now = clock.now()
    last, count = db.session.execute(
        select(func.max(EventMessage.created_at), func.count()).where(
            of_event, EventMessage.created_at > now - timedelta(days=1)
        )
    ).one()
    if count >= MOST_A_DAY:
        raise Refusal(
            _(
                "This event was written about %(count)s times in a day. Please wait until tomorrow.",
                count=count,
            )
        )
    if last is not None and last > now - APART:
        raise Refusal(_("Somebody wrote to these people a moment ago. Please wait ten minutes."))
