"""What people who answered are told by mail about their answer and its date."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from forum.core import clock
from forum.core.mail import Message, render
from forum.events import policy
from forum.events.acts import EventNotice
from forum.events.feeds.invitation import Method
from forum.events.letters import facts, reason, to_owner
from forum.events.models import (
    Answer,
    EventStatus,
    GuestRequest,
    Occurrence,
    Place,
    Rsvp,
)
from forum.events.operations.guests import request_token
from forum.events.operations.replies import Ending
from forum.events.replies.words import SENDS_WHAT_HOLDS, words
from forum.extensions import db
from forum.notifications.models import Notification
from forum.notifications.queries import told_anew
from forum.notifications.registry import Recipient, register_message


def register() -> None:
    """Tell the outbox how each kind is worded."""
    register_message(EventNotice.RSVP_OFFERED, offered)
    register_message(EventNotice.RSVP_LAPSED, lapsed)
    register_message(EventNotice.RSVP_PROMOTED, promoted)
    register_message(EventNotice.RSVP_CONFIRMED, confirmed)
    register_message(EventNotice.OCCURRENCE_MOVED, moved)
    register_message(EventNotice.OCCURRENCE_CANCELLED, cancelled)
    register_message(EventNotice.RSVP_REPLY, replied)
    register_message(EventNotice.GUEST_CONFIRM, confirm_guest)


def offered(notification: Notification, to: Recipient) -> Message | None:
    """Your turn has come, until then and then; withdrawn when the offer is taken, over, or made anew meanwhile."""
    rsvp = db.session.get(Rsvp, notification.subject_id or 0)
    if rsvp is None or rsvp.offer_ends_at is None or rsvp.offer_ends_at <= clock.now():
        return None
    if db.session.scalar(told_anew(notification)):
        return None
    occurrence = rsvp.occurrence
    return to_owner(
        "offered", rsvp, to, Method.REQUEST,
        at=notification.created_at,
        subject=_("A place is offered to you: %(title)s", title=occurrence.event.title),
        party=rsvp.party_size,
        until=clock.to_local(rsvp.offer_ends_at, occurrence.event.tz).replace(tzinfo=None),
    )  # fmt: skip


def lapsed(notification: Notification, to: Recipient) -> Message | None:
    """The offer is over; withdrawn when its owner has answered again since."""
    rsvp = db.session.get(Rsvp, notification.subject_id or 0)
    if rsvp is None or rsvp.answer != Answer.MAYBE or not policy.takes_answers(rsvp.occurrence, clock.now()):
        return None
    subject = _("The offer has ended: %(title)s", title=rsvp.occurrence.event.title)
    return to_owner("lapsed", rsvp, to, Method.REQUEST, at=notification.created_at, subject=subject)


def promoted(notification: Notification, to: Recipient) -> Message | None:
    """Your turn has come; withdrawn when the places were given back, or the date does not take place any more."""
    rsvp = db.session.get(Rsvp, notification.subject_id or 0)
    if rsvp is None or rsvp.place != Place.CONFIRMED:
        return None
    occurrence = rsvp.occurrence
    if _is_cancelled(occurrence) or occurrence.event.status == EventStatus.DRAFT:
        return None
    subject, at = _("You have a place: %(title)s", title=occurrence.event.title), notification.created_at
    return to_owner("promoted", rsvp, to, Method.REQUEST, at=at, subject=subject, party=rsvp.party_size)


def confirmed(notification: Notification, to: Recipient) -> Message | None:
    """What one's answer holds now; withdrawn when it was changed again, or when another mail says more."""
    rsvp = db.session.get(Rsvp, notification.subject_id or 0)
    if rsvp is None or rsvp.place == Place.OFFERED or db.session.scalar(told_anew(notification)):
        return None
    occurrence = rsvp.occurrence
    if _is_cancelled(occurrence) or occurrence.event.status == EventStatus.DRAFT:
        return None
    declined = rsvp.answer == Answer.NOT_GOING
    return to_owner(
        "confirmed", rsvp, to, Method.CANCEL if declined else Method.REQUEST,
        at=max(notification.created_at, rsvp.said_at or notification.created_at),
        subject=_confirmed_subject(rsvp),
        state=str(rsvp.place if rsvp.answer == Answer.GOING else rsvp.answer),
        party=rsvp.party_size,
    )  # fmt: skip


def _confirmed_subject(rsvp: Rsvp) -> str:
    title = rsvp.occurrence.event.title
    if rsvp.place == Place.WAITING:
        return _("You are on the waitlist: %(title)s", title=title)
    if rsvp.answer == Answer.MAYBE:
        return _("You may come: %(title)s", title=title)
    if rsvp.answer == Answer.NOT_GOING:
        return _("You cannot come: %(title)s", title=title)
    return _("See you there: %(title)s", title=title)


def moved(notification: Notification, to: Recipient) -> Message | None:
    """Time, place or standing changed; tells what is true now, so two changes in a row say the same."""
    occurrence = db.session.get(Occurrence, notification.subject_id or 0)
    if occurrence is None or _is_cancelled(occurrence) or occurrence.event.status == EventStatus.DRAFT:
        return None
    postponed = occurrence.event.status == EventStatus.POSTPONED
    subject = (
        _("Postponed: %(title)s", title=occurrence.event.title)
        if postponed
        else _("Changed: %(title)s", title=occurrence.event.title)
    )
    return _about_date("moved", notification, to, Method.REQUEST, subject=subject, postponed=postponed)


def cancelled(notification: Notification, to: Recipient) -> Message | None:
    """It does not take place; withdrawn when it was reinstated before the mail could go."""
    occurrence = db.session.get(Occurrence, notification.subject_id or 0)
    if occurrence is None or not _is_cancelled(occurrence):
        return None
    subject = _("Cancelled: %(title)s", title=occurrence.event.title)
    return _about_date("cancelled", notification, to, Method.CANCEL, subject=subject)


def _about_date(
    template: str, notification: Notification, to: Recipient, method: Method, **context: Any
) -> Message | None:
    """To who answered, with the calendar part; to who only helps, without. Nothing to who has said no since."""
    occurrence = db.session.get_one(Occurrence, notification.subject_id or 0)
    if (number := notification.detail.get("rsvp")) is None:
        return render(f"events/{template}", reason=reason(), **facts(occurrence), **context)
    rsvp = db.session.get(Rsvp, number)
    if rsvp is None or rsvp.answer == Answer.NOT_GOING:
        return None
    return to_owner(template, rsvp, to, method, at=notification.created_at, **context)


def replied(notification: Notification, to: Recipient) -> Message | None:
    """A letter from a calendar could not simply be counted: why, and what holds."""
    rsvp = db.session.get(Rsvp, notification.subject_id or 0)
    if rsvp is None or rsvp.occurrence.event.status == EventStatus.DRAFT:
        return None
    ending = Ending(notification.detail["why"])
    if ending is Ending.WAITING and rsvp.place != Place.WAITING:
        return None
    said, todo = words(ending, rsvp)
    event, at = rsvp.occurrence.event, notification.created_at
    context: dict[str, Any] = {
        "subject": _("About your answer: %(title)s", title=event.title),
        "said": said,
        "todo": todo,
        "contact": ", ".join(part for part in (event.contact_email, event.contact_phone) if part),
        "reason": _("You get this because a mail came to the address that is yours alone for this event."),
    }
    if ending in SENDS_WHAT_HOLDS and rsvp.answer != Answer.NOT_GOING:
        return to_owner("reply", rsvp, to, Method.REQUEST, at=at, **context)
    known: dict[str, Any] = {**facts(rsvp.occurrence, rsvp), **context}
    message = render("events/reply", **known)
    return replace(message, to=rsvp.email)


def confirm_guest(notification: Notification, to: Recipient) -> Message | None:
    """The link that makes an answer count; withdrawn when it was used, or is too old. No typed word goes along."""
    request = db.session.get(GuestRequest, notification.subject_id or 0)
    if request is None or request.rsvp_id is not None or request.expires_at <= clock.now():
        return None
    occurrence = request.occurrence
    if not policy.takes_answers(occurrence, clock.now()):
        return None
    token = request_token(request)
    message = render(
        "events/guest_confirm",
        subject=_("Confirm your answer: %(title)s", title=occurrence.event.title),
        confirm_url=url_for(
            "events.confirm_as_guest", event_id=occurrence.event_id, token=token, _external=True
        ),
        reason=_("You get this because somebody answered with this address."),
        **facts(occurrence),
    )
    return replace(message, to=request.email)


def _is_cancelled(occurrence: Occurrence) -> bool:
    return occurrence.cancelled or occurrence.event.status == EventStatus.CANCELLED
