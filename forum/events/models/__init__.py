"""Tables of events, split by noun."""

from forum.events.models.arrival import Arrival
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
from forum.events.models.feedback import Feedback, Verdict
from forum.events.models.guest import GuestRequest
from forum.events.models.mail_refusal import MailRefusal, Topic
from forum.events.models.message import EventMessage
from forum.events.models.minutes import ActionItem, Minutes
from forum.events.models.needs import AccessNeed
from forum.events.models.occurrence import FormerDate, Occurrence
from forum.events.models.rsvp import Answer, Channel, Place, Rsvp
from forum.events.models.shift import Shift, ShiftSignup

__all__ = [
    "AccessNeed",
    "ActionItem",
    "Answer",
    "Arrival",
    "CalendarToken",
    "Channel",
    "Color",
    "Event",
    "EventKind",
    "EventMessage",
    "EventStatus",
    "Feedback",
    "FormerDate",
    "GuestRequest",
    "MailRefusal",
    "Minutes",
    "Occurrence",
    "Place",
    "Rsvp",
    "RsvpPolicy",
    "Shape",
    "Shift",
    "ShiftSignup",
    "Topic",
    "Verdict",
    "event_neighborhood",
]
