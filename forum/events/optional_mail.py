"""Mail that one may refuse: reminders, what organizers write to everybody, and how it was (RFC 8058)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from forum.core import clock
from forum.core.mail import Message, render
from forum.events import policy
from forum.events.acts import EventNotice
from forum.events.feeds.invitation import Method
from forum.events.letters import access_words, facts, reason, to_owner
from forum.events.models import Answer, EventMessage, Place, Rsvp, Topic
from forum.events.queries.refusals import refused_by
from forum.events.reminding import Occasion
from forum.events.stop_links import stop_url
from forum.extensions import db
from forum.notifications.models import Notification
from forum.notifications.registry import Recipient, register_message


def register() -> None:
    """Tell the outbox how each kind is worded."""
    register_message(EventNotice.RSVP_REMINDER, reminded)
    register_message(EventNotice.EVENT_MESSAGE, written_to_all)
    register_message(EventNotice.FEEDBACK_ASKED, feedback_asked)


def stoppable(message: Message, rsvp: Rsvp, topic: Topic) -> Message:
    """*message* with what makes mail programs show their own button to end such mail, by one POST (RFC 8058 3.1)."""
    headers = {
        "List-Unsubscribe": f"<{stop_url(rsvp, topic)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return replace(message, headers=message.headers | headers)


def reminded(notification: Notification, to: Recipient) -> Message | None:
    """It is soon; withdrawn when it has begun, was moved or called off, or when its reader changed their mind."""
    rsvp = db.session.get(Rsvp, notification.subject_id or 0)
    occasion = Occasion(notification.detail["occasion"])
    if rsvp is None or not _is_to_be_reminded(rsvp, occasion, notification.detail["start"]):
        return None
    title, soon = rsvp.occurrence.event.title, occasion is Occasion.HOURS
    message = to_owner(
        "reminded", rsvp, to, Method.REQUEST,
        at=notification.created_at,
        subject=_("Soon: %(title)s", title=title) if soon else _("Tomorrow: %(title)s", title=title),
        going=rsvp.place == Place.CONFIRMED,
        party=rsvp.party_size,
        access=access_words(rsvp.occurrence.event),
        stop_url=stop_url(rsvp, Topic.REMINDERS),
    )  # fmt: skip
    return stoppable(message, rsvp, Topic.REMINDERS)


def _is_to_be_reminded(rsvp: Rsvp, occasion: Occasion, start: str) -> bool:
    occurrence = rsvp.occurrence
    return (
        (rsvp.remind_day if occasion is Occasion.DAY else rsvp.remind_hours)
        and (rsvp.place == Place.CONFIRMED or rsvp.answer == Answer.MAYBE)
        and policy.takes_place(occurrence)
        and occurrence.starts_at == datetime.fromisoformat(start)
        and clock.now() < occurrence.starts_at
        and not db.session.scalar(refused_by(rsvp, Topic.REMINDERS))
    )


def written_to_all(notification: Notification, to: Recipient) -> Message | None:
    """What an organizer wrote to everybody; withdrawn for who is not coming any more. Replies go to the contact."""
    rsvp = db.session.get(Rsvp, notification.subject_id or 0)
    written = db.session.get(EventMessage, notification.detail.get("message", 0))
    if rsvp is None or written is None or rsvp.answer == Answer.NOT_GOING:
        return None
    if db.session.scalar(refused_by(rsvp, Topic.MESSAGES)):
        return None
    event = written.occurrence.event
    message = render(
        "events/message",
        subject=_("%(title)s: %(subject)s", title=event.title, subject=written.subject),
        words=written.text,
        page_url=url_for("events.event_by_number", event_id=event.id, _external=True),
        replies_to=event.contact_email,
        reason=reason(),
        stop_url=stop_url(rsvp, Topic.MESSAGES),
        **facts(written.occurrence, rsvp),
    )
    headers = {"Reply-To": event.contact_email} if event.contact_email else {}
    return stoppable(replace(message, to=rsvp.email, headers=headers), rsvp, Topic.MESSAGES)


def feedback_asked(notification: Notification, to: Recipient) -> Message | None:
    """How was it? Withdrawn when the questions are closed, or when the answer was taken back since."""
    rsvp = db.session.get(Rsvp, notification.subject_id or 0)
    if (
        rsvp is None
        or rsvp.place != Place.CONFIRMED
        or not policy.takes_feedback(rsvp.occurrence, clock.now())
    ):
        return None
    if db.session.scalar(refused_by(rsvp, Topic.FEEDBACK)):
        return None
    event = rsvp.occurrence.event
    day = rsvp.occurrence.original_date.isoformat() if event.is_series else None
    message = render(
        "events/feedback_asked",
        subject=_("How was it? %(title)s", title=event.title),
        feedback_url=url_for("events.feedback", event_id=event.id, day=day, _external=True),
        reason=_("You get this because you said you would come."),
        stop_url=stop_url(rsvp, Topic.FEEDBACK),
        **facts(rsvp.occurrence, rsvp),
    )
    return stoppable(replace(message, to=rsvp.email), rsvp, Topic.FEEDBACK)
