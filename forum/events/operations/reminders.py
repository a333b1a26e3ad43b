"""Reminding who said they might come."""

from __future__ import annotations

from datetime import datetime

from forum.core import clock
from forum.core.transactions import operation
from forum.events import policy
from forum.events.acts import EventNotice
from forum.events.models import Occurrence
from forum.events.queries.reminders import to_be_reminded
from forum.events.reminding import Occasion, due_occasions
from forum.extensions import db
from forum.notifications.many import Telling, notify_many


@operation
def remind(occurrence_id: int) -> int:
    """Mail everybody who asked for it what is due of a date; returns how many are new.

    Once for each answer, occasion and start: a date that is moved is reminded of anew.
    """
    occurrence = db.session.get(Occurrence, occurrence_id)
    if occurrence is None or not policy.takes_place(occurrence):
        return 0
    return sum(_tell(occurrence, *due) for due in due_occasions(occurrence, clock.now()))


def _tell(occurrence: Occurrence, occasion: Occasion, since: datetime) -> int:
    start = occurrence.starts_at
    before, after = f"{EventNotice.RSVP_REMINDER}:", f":{occasion}:{int(start.timestamp())}"
    detail = {"occasion": str(occasion), "start": start.isoformat()}
    tellings = [
        Telling(
            key=f"{before}{rsvp_id}{after}",
            person_id=person_id,
            language=language,
            subject_id=rsvp_id,
            detail=detail,
        )
        for rsvp_id, person_id, language in db.session.execute(
            to_be_reminded(occurrence.id, occasion, since, (before, after))
        )
    ]
    notify_many(EventNotice.RSVP_REMINDER, tellings)
    return len(tellings)
