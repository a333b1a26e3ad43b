"""Events that no database knows, for what makes bytes of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from forum.events import recurrence
from forum.events.feeds import Site
from forum.events.models import Color, Event, EventKind, EventStatus, Occurrence, RsvpPolicy, Shape

SITE = Site("https://town.example", "Springfield Police Department", "en")
CREATED = datetime(2026, 10, 1, 9, tzinfo=UTC)
HORIZON = timedelta(days=400)


def event(**changes: Any) -> Event:
    """A published meeting of an hour on Tuesday, November 10, 2026, 18:30 in Chicago, with its occurrences."""
    values: dict[str, Any] = {
        "id": 7,
        "uid": "0d7c1b0e-6a55-4b7e-8f0c-3f5b1f3a9d11",
        "title": "Beat meeting 1423",
        "slug": "beat-meeting-1423",
        "story": "Come and **talk**.",
        "story_html": "<p>Come and <strong>talk</strong>.</p>",
        "language": "en",
        "kind": EventKind(
            slug="beat",
            names={"en": "Beat meeting", "es": "Reunión de ronda"},
            color=Color.TEAL,
            shape=Shape.BAR,
        ),
        "zone": "America/Chicago",
        "all_day": False,
        "starts_local": datetime(2026, 11, 10, 18, 30),
        "minutes": 60,
        "rrule": None,
        "extra_starts": [],
        "skipped_starts": [],
        "place_name": "Humboldt Park Library",
        "place_address": "1605 N. Troy St.",
        "latitude": None,
        "longitude": None,
        "rsvp_policy": RsvpPolicy.WELCOME,
        "status": EventStatus.PUBLISHED,
        "sequence": 0,
        "created_at": CREATED,
        "updated_at": CREATED,
        "published_at": CREATED,
        "neighborhoods": [],
    }
    for name in (
        "online_url",
        "interpreter",
        "transit",
        "hosts",
        "contact_email",
        "contact_phone",
        "picture",
        "status_reason",
    ):
        values[name] = ""
    made = Event(**{**values, **changes})
    made.occurrences = [occurrence(made, start) for start in starts(made)]
    return made


def starts(made: Event) -> list[datetime]:
    """The naive local starts of *made* within the horizon."""
    extra, skipped = (
        [datetime.fromisoformat(s) for s in texts] for texts in (made.extra_starts, made.skipped_starts)
    )
    until = made.starts_local + HORIZON
    return recurrence.expand(
        made.starts_local, made.rrule, zone=made.tz, extra=extra, skipped=skipped, until=until
    )


def occurrence(of: Event, start: datetime, **changes: Any) -> Occurrence:
    """The occurrence of an event at its naive local *start*."""
    zone = ZoneInfo(of.zone)
    values: dict[str, Any] = {
        "original_date": start.date(),
        "original_start": start,
        "starts_at": start.replace(tzinfo=zone).astimezone(UTC),
        "ends_at": (start + timedelta(minutes=of.minutes)).replace(tzinfo=zone).astimezone(UTC),
        "moved": False,
        "cancelled": False,
        "reason": "",
        "sequence": 0,
        "updated_at": CREATED,
        "places_taken": 0,
        "places_offered": 0,
    }
    return Occurrence(**{**values, **changes})


def move(one: Occurrence, start: datetime, minutes: int = 60, **changes: Any) -> None:
    """Move *one* to the naive local *start*, as the operation does."""
    zone = ZoneInfo(one.event.zone)
    one.starts_at = start.replace(tzinfo=zone).astimezone(UTC)
    one.ends_at = (start + timedelta(minutes=minutes)).replace(tzinfo=zone).astimezone(UTC)
    one.moved, one.sequence = True, one.sequence + 1
    for name, value in changes.items():
        setattr(one, name, value)
