"""What mails about one's answer share: the facts, the way back to it, the calendar part (RFC 6047)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _

from forum.core import templating
from forum.core.mail import Attachment, Message, render
from forum.events import guest_links
from forum.events.feeds.invitation import Invited, Method, invitation
from forum.events.feeds.vevent import is_email
from forum.events.invitee import address_for
from forum.events.models import Event, Occurrence, Place, Rsvp
from forum.events.operations.door import ticket_for
from forum.notifications.registry import Recipient


def facts(occurrence: Occurrence, rsvp: Rsvp | None = None) -> dict[str, Any]:
    """What every mail about a date says: what, when, where, why, and the way to the owner's answer."""
    event: Event = occurrence.event
    start = occurrence.starts_at.astimezone(event.tz).replace(tzinfo=None)
    end = occurrence.ends_at.astimezone(event.tz).replace(tzinfo=None)
    name, address = occurrence.place_name, occurrence.place_address
    if name is None:
        name, address = event.place_name, event.place_address
    return {
        "title": event.title,
        "date": start,
        "time": _("All day") if event.all_day else templating.time_range(start, end),
        "place": ", ".join(part for part in (name, address) if part),
        "because": occurrence.reason or event.status_reason,
        "url": answer_url(occurrence, rsvp),
        "ticket": ticket_url(rsvp) if rsvp is not None and rsvp.place == Place.CONFIRMED else "",
    }


def access_words(event: Event) -> str:
    """What makes it possible to come, in a line; nothing about what is not known."""
    known = [
        (event.step_free is True, _("step-free entrance")),
        (event.step_free is False, _("not step-free")),
        (bool(event.interpreter), _("%(languages)s interpreter", languages=event.interpreter)),
        (event.childcare is True, _("childcare")),
        (event.quiet_space is True, _("a quiet space")),
    ]
    return ", ".join(words for holds, words in known if holds)


def answer_url(occurrence: Occurrence, rsvp: Rsvp | None) -> str:
    """Where the owner of *rsvp* sees and changes it: a guest by a link of their own, others on the date's page."""
    event_id = occurrence.event_id
    if rsvp is not None and rsvp.email:
        token = guest_links.token_for(rsvp.id)
        return url_for("events.guest_answer", event_id=event_id, token=token, _external=True)
    day = occurrence.original_date.isoformat() if occurrence.event.is_series else None
    return url_for("events.rsvp", event_id=event_id, day=day, _external=True)


def ticket_url(rsvp: Rsvp) -> str:
    """The whole address that the QR code of *rsvp* holds. It shows who opens it the code, and tells nothing."""
    event_id = rsvp.occurrence.event_id
    return url_for("events.ticket", event_id=event_id, token=ticket_for(rsvp.id), _external=True)


def to_owner(
    template: str, rsvp: Rsvp, to: Recipient, method: Method, *, at: datetime, subject: str, **context: object
) -> Message:
    """A mail about *rsvp* with its calendar part, to its owner. *at* (aware) is when what it says became true.

    Where this installation reads replies (FORUM_MAIL_REPLY_ADDRESS), the mail comes from that address, and ORGANIZER
    and Reply-To are the answer's own: Accept and Decline find their way back whichever of the three a calendar takes.
    """
    replies = address_for(rsvp.id)
    known: dict[str, Any] = {"calendar_answers": bool(replies), "reason": reason()}
    words = known | facts(rsvp.occurrence, rsvp) | context
    message = render(f"events/{template}", subject=subject, **words)
    headers = {"Reply-To": replies} if replies else {}
    return replace(
        message,
        to=rsvp.email,
        sender=current_app.config["FORUM"].mail_reply_address if replies else "",
        headers=message.headers | headers,
        attachments=_calendar_parts(rsvp, to, method, replies, at),
    )


def reason() -> str:
    """Why somebody who answered gets a mail."""
    return _("You get this because you said whether you are coming.")


def _calendar_parts(
    rsvp: Rsvp, to: Recipient, method: Method, replies: str, at: datetime
) -> tuple[Attachment, ...]:
    """The same bytes twice: what mail programs make buttons of, and a file for all others (INTEROP 33)."""
    invited = Invited(
        organizer=replies or _organizer(rsvp.occurrence.event),
        address=rsvp.email or to.address,
        name=rsvp.name or to.name,
        answers=bool(replies),
    )
    data = invitation(rsvp, method, invited, stamped_at=at, language=to.language)
    name = "invite.ics" if method is Method.REQUEST else "cancel.ics"
    inline = Attachment(
        filename=name,
        content_type=f"text/calendar; charset=utf-8; method={method}",
        data=data,
        alternative=True,
    )
    return inline, Attachment(filename=name, content_type="application/ics", data=data)


def _organizer(event: Event) -> str:
    """Who takes what calendars send back where nobody reads replies: the event's contact, else the mail's sender."""
    if is_email(event.contact_email):
        return event.contact_email
    return parseaddr(current_app.config["FORUM"].mail_from)[1]
