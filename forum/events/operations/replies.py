"""Counting an answer that came back by mail, as if it were pressed on the page.

The address that an invitation carries proves who answers (forum/events/invitee.py): whoever knows it may answer for its
owner and for nobody else. What cannot be done is told to that owner, once for each reason and day, at the address we
know; never to the address that the letter names. docs/decisions/0010-replies-by-mail.md has the choices.
"""

from __future__ import annotations

from datetime import date as date_type
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from forum.audit.operations import record
from forum.core import clock
from forum.core.errors import Refusal
from forum.core.transactions import operation
from forum.events import policy
from forum.events.acts import EventAct, EventNotice
from forum.events.models import Answer, Channel, EventStatus, Occurrence, Place, Rsvp
from forum.events.operations.occurrences import lock_occurrence
from forum.events.operations.rsvp import settle
from forum.events.queries import replies as queries
from forum.events.replies.calendar import Reply, Said, at_wall_clock
from forum.extensions import db
from forum.notifications.operations import notify

# A calendar's clock and ours may differ by so much before the page's answer is taken for the newer one.
SKEW = timedelta(minutes=5)


class Ending(StrEnum):
    """What became of a letter; also the word under which its owner is told."""

    CANCELLED = "cancelled"
    CLOSED = "closed"  # postponed, or it asks for no answers
    COUNTED = "counted"
    COUNTER = "counter"
    DELEGATED = "delegated"
    FOREIGN = "foreign"  # of another event, or nobody's
    IGNORED = "ignored"  # nothing was asked
    NO_SUCH_DATE = "no_such_date"
    OLDER = "older"  # than a reply that has been counted
    OUTDATED = "outdated"  # the time has changed since the invitation it answers
    OVER = "over"
    OVERTAKEN = "overtaken"  # older than what was answered on the page or by telephone
    PARTY = "party"  # never enough places for so many
    PLAIN = "plain"  # words, which nobody reads here
    REFRESH = "refresh"
    SAME = "same"
    UNREADABLE = "unreadable"
    WAITING = "waiting"


_ANSWERS = {Said.ACCEPTED: Answer.GOING, Said.DECLINED: Answer.NOT_GOING, Said.TENTATIVE: Answer.MAYBE}
_ASKED = {
    Said.COUNTER: Ending.COUNTER,
    Said.DELEGATED: Ending.DELEGATED,
    Said.NOTHING: Ending.IGNORED,
    Said.REFRESH: Ending.REFRESH,
}
# Of these the owner is not told: there is nothing for them to do, or it would be nobody's business.
_SILENT = (Ending.COUNTED, Ending.FOREIGN, Ending.IGNORED, Ending.OLDER, Ending.SAME)


@operation
def take_reply(*, rsvp_id: int, reply: Reply, sent_at: datetime | None = None) -> Ending:
    """Count *reply*, which came to the address of the answer *rsvp_id*; returns what became of it.

    *sent_at* is the letter's own Date (aware). Nothing is raised for what a stranger may send: an answer that is gone
    or another event's is FOREIGN. The party stays as large as its owner last said.
    """
    invited = db.session.scalars(queries.answered(rsvp_id)).first()
    if invited is None:
        return Ending.FOREIGN
    if not is_about(invited.occurrence, reply.uid):
        return _refused(invited, Ending.FOREIGN)
    rsvp = _for_date(invited, reply)
    if rsvp is None:
        return _refused(invited, Ending.NO_SUCH_DATE)
    if reply.said in _ASKED:
        return _refused(rsvp, _ASKED[reply.said])
    occurrence = lock_occurrence(rsvp.occurrence)
    db.session.refresh(rsvp)
    said_at = _moment(reply, sent_at)
    ending = _too_late(rsvp, reply, said_at)
    return _refused(rsvp, ending) if ending else _count(occurrence, rsvp, _ANSWERS[reply.said], said_at)


@operation
def tell_owner(*, rsvp_id: int, ending: Ending) -> Ending:
    """Say to the owner of an answer that a letter to its address could not be counted, and why."""
    rsvp = db.session.scalars(queries.answered(rsvp_id)).first()
    return _refused(rsvp, ending) if rsvp is not None else Ending.FOREIGN


def address_of(rsvp_id: int) -> str:
    """The address that was invited; "" for a headcount and for an answer that is gone."""
    rsvp = db.session.scalars(queries.answered(rsvp_id)).first()
    if rsvp is None:
        return ""
    return rsvp.person.email if rsvp.person is not None else rsvp.email


def is_about(occurrence: Occurrence, uid: str) -> bool:
    """Whether *uid* is what mails call this date, now or before its series went on as another."""
    event = occurrence.event
    return uid in (event.uid, event.follows_uid, occurrence.known_uid)


def _for_date(invited: Rsvp, reply: Reply) -> Rsvp | None:
    """The owner's answer to the date that RECURRENCE-ID names; *invited* where it names none.

    A calendar that holds several dates of a series under one UID may send the answer for one to the address of another.
    """
    event = invited.occurrence.event
    local = at_wall_clock(reply.recurrence, reply.recurrence_zone, event.tz)
    if local is None or not event.is_series:
        return invited
    mine = db.session.scalars(queries.of_same_owner(invited, reply.uid)).all()
    # What mails call a date goes before where it lies now: a date may have been moved to where another was.
    for names in (_called, _lies):
        found = next((rsvp for rsvp in mine if local in names(rsvp.occurrence, event.tz, local)), None)
        if found is not None:
            return found
    return None


def _called(date: Occurrence, _zone: ZoneInfo, local: date_type) -> tuple[date_type, ...]:
    """RECURRENCE-IDs that mails have given this date, in the form that *local* has."""
    names = [date.original_start] if date.known_start is None else [date.known_start, date.original_start]
    return tuple(name if isinstance(local, datetime) else name.date() for name in names)


def _lies(date: Occurrence, zone: ZoneInfo, local: date_type) -> tuple[date_type, ...]:
    """Where it lies now: some calendars call a moved date by its new time."""
    start = date.starts_at.astimezone(zone).replace(tzinfo=None)
    return (start if isinstance(local, datetime) else start.date(),)


def _moment(reply: Reply, sent_at: datetime | None) -> datetime:
    """When it was said, by its writer's clock, to the second. Some calendars copy DTSTAMP from the invitation, so the
    later of it and the letter's Date; and never in the future, or one wrong clock would silence every later reply."""
    now = clock.now()
    said = max((moment for moment in (reply.stamped_at, sent_at) if moment is not None), default=now)
    return min(now, said).replace(microsecond=0)


def _too_late(rsvp: Rsvp, reply: Reply, said_at: datetime) -> Ending | None:
    """Why a newer answer, or a newer version of the event, goes before this reply; None when neither does."""
    if rsvp.replied_at is not None and said_at < rsvp.replied_at:
        return Ending.OLDER
    if rsvp.said_at is not None and said_at + SKEW < rsvp.said_at:
        return Ending.SAME if rsvp.answer == _ANSWERS[reply.said] else Ending.OVERTAKEN
    occurrence, event = rsvp.occurrence, rsvp.occurrence.event
    if reply.sequence < event.sequence + occurrence.sequence:
        local = at_wall_clock(reply.starts, reply.starts_zone, event.tz)
        start = occurrence.starts_at.astimezone(event.tz).replace(tzinfo=None)
        if local != (start if isinstance(local, datetime) else start.date()):
            return Ending.OUTDATED
    return None


def _count(occurrence: Occurrence, rsvp: Rsvp, answer: Answer, said_at: datetime) -> Ending:
    closed = _closed(occurrence, rsvp, answer)
    if closed:
        # Who declines what does not take place has nothing to hear: calendars do so when it is removed from them.
        return _refused(rsvp, closed, quietly=answer == Answer.NOT_GOING)
    if answer == rsvp.answer and rsvp.place != Place.OFFERED:
        rsvp.replied_at = said_at
        return _told(rsvp, Ending.WAITING if rsvp.place == Place.WAITING else Ending.SAME)
    said_otherwise = rsvp.said_at
    try:
        settle(occurrence, rsvp, answer, rsvp.party_size, by_mail=True)
    except Refusal:
        return _refused(rsvp, Ending.CLOSED)
    rsvp.said_at, rsvp.replied_at, rsvp.channel = said_otherwise, said_at, Channel.MAIL
    db.session.flush()
    detail: dict[str, Any] = {"answer": str(answer), "place": str(rsvp.place), "occurrence": occurrence.id}
    record(actor=rsvp.person, act=EventAct.RSVP_REPLY, subject=rsvp, **detail)
    return _told(rsvp, Ending.WAITING if rsvp.place == Place.WAITING else Ending.COUNTED)


def _closed(occurrence: Occurrence, rsvp: Rsvp, answer: Answer) -> Ending | None:
    """Why this date takes no such answer, for who asks to be told more than "no"."""
    if not policy.takes_answers(occurrence, clock.now()):
        if occurrence.cancelled or occurrence.event.status == EventStatus.CANCELLED:
            return Ending.CANCELLED
        return Ending.OVER if occurrence.ends_at <= clock.now() else Ending.CLOSED
    places = occurrence.places
    never = answer == Answer.GOING and places is not None and rsvp.party_size > places
    return Ending.PARTY if never and rsvp.place == Place.NONE else None


def _refused(rsvp: Rsvp, ending: Ending, *, quietly: bool = False) -> Ending:
    if ending not in (Ending.IGNORED, Ending.OLDER, Ending.SAME):
        occurrence_id = rsvp.occurrence_id
        record(
            actor=None,
            act=EventAct.RSVP_REPLY_REFUSE,
            subject=rsvp,
            occurrence=occurrence_id,
            why=str(ending),
        )
    return ending if quietly else _told(rsvp, ending)


def _told(rsvp: Rsvp, ending: Ending) -> Ending:
    """Tell the owner, once a day for each reason (a turn in line: once), so that two machines never write on and on."""
    if ending not in _SILENT and (rsvp.person_id is not None or rsvp.email):
        mark = f"turn {rsvp.ticket}" if ending is Ending.WAITING else clock.today().isoformat()
        notify(
            person_id=rsvp.person_id,
            language=rsvp.language,
            kind=EventNotice.RSVP_REPLY,
            key=f"{EventNotice.RSVP_REPLY}:{rsvp.id}:{ending}:{mark}",
            subject_id=rsvp.id,
            why=str(ending),
        )
    return ending
