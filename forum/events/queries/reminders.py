"""Who is to be reminded, and of what."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, String, cast, exists, literal, or_, select
from sqlalchemy.orm import contains_eager

from forum.events.models import Answer, Event, EventStatus, Occurrence, Place, Rsvp
from forum.events.reminding import AHEAD, Occasion
from forum.notifications.models import Notification


def dates_ahead(now: datetime) -> Select[Occurrence]:
    """Public dates that take place and start so soon that a reminder may be due, with their events."""
    return (
        select(Occurrence)
        .join(Occurrence.event)
        .options(contains_eager(Occurrence.event))
        .where(Occurrence.listed, Occurrence.starts_at > now, Occurrence.starts_at <= now + AHEAD)
        .where(~Occurrence.cancelled, Event.status == EventStatus.PUBLISHED)
        .order_by(Occurrence.starts_at, Occurrence.id)
    )


def to_be_reminded(
    occurrence_id: int, occasion: Occasion, since: datetime, keys: tuple[str, str]
) -> Select[int, int | None, str]:
    """(id, person, language) of the answers that asked for it, held before *since*, and were not told.

    *keys* is what stands before and after the answer's id in the outbox's key. Who answered or got a place after
    *since*, when the reminder came due, has a mail about that, which says the same.
    """
    wanted = Rsvp.remind_day if occasion is Occasion.DAY else Rsvp.remind_hours
    key = literal(keys[0]) + cast(Rsvp.id, String) + literal(keys[1])
    return (
        select(Rsvp.id, Rsvp.person_id, Rsvp.language)
        .where(Rsvp.occurrence_id == occurrence_id, wanted, Rsvp.updated_at <= since)
        .where(or_(Rsvp.place == Place.CONFIRMED, Rsvp.answer == Answer.MAYBE))
        .where(or_(Rsvp.person_id.is_not(None), Rsvp.email != ""))
        .where(~exists().where(Notification.key == key))
        .order_by(Rsvp.id)
    )
