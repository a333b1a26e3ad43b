"""Tables of events, split by noun."""

from forum.events.models.calendars import CalendarToken
from forum.events.models.event import (
    Color,
    Event,
    EventKind,
    EventStatus,
    RsvpPolicy,
    Shape,
    event_neighborhood,
)
from forum.events.models.occurrence import Occurrence
from forum.events.models.rsvp import Answer, Channel, Place, Rsvp

__all__ = [
    "Answer",
    "CalendarToken",
    "Channel",
    "Color",
    "Event",
    "EventKind",
    "EventStatus",
    "Occurrence",
    "Place",
    "Rsvp",
    "RsvpPolicy",
    "Shape",
    "event_neighborhood",
]
