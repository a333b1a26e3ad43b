"""Offered places as pages show them: until when, how long that still is, and what is really free."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from babel.dates import format_timedelta

from forum.core import clock, languages, templating
from forum.events.models import Occurrence, Rsvp
from forum.events.operations.line import free_places
from forum.events.queries import lists
from forum.events.views import rows
from forum.extensions import db


def offer_to(mine: Rsvp | None) -> dict[str, Any] | None:
    """What a page shows of an offer, its end on the event's wall clock (naive) for one; None without an offer."""
    if mine is None or mine.offer_ends_at is None:
        return None
    occurrence, now = mine.occurrence, clock.now()
    return {
        "iso": mine.offer_ends_at.isoformat(),
        "until": clock.to_local(mine.offer_ends_at, occurrence.event.tz).replace(tzinfo=None),
        "left": left_words(mine.offer_ends_at, now),
        "over": mine.offer_ends_at <= now,
        "url": rows.offer_url(occurrence),
    }


def left_words(end: datetime, now: datetime) -> str:
    """«in 21 hours»: whole hours, or minutes in the last one, never more than there is."""
    left = max(end - now, timedelta(minutes=1))
    left -= left % (timedelta(hours=1) if left >= timedelta(hours=1) else timedelta(minutes=1))
    locale = templating.locale_of(languages.date_locale())
    return str(format_timedelta(left, add_direction=True, threshold=1, locale=locale))


def free_now(occurrence: Occurrence) -> int | None:
    """Places that a newcomer could take; those of an offer that is over are free, though nobody has ended it yet."""
    free = free_places(occurrence)
    if free is None or not occurrence.places_offered:
        return free
    return free + (db.session.scalar(lists.lapsed_places(occurrence.id, clock.now())) or 0)
