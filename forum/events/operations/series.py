"""Changing a series from one of its dates on: it splits, and a following series takes over what comes after."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from flask_babel import gettext as _

from forum.audit.operations import Actor, record
from forum.core import clock
from forum.core.errors import Refusal
from forum.core.slugs import slug_of
from forum.core.transactions import operation
from forum.events.acts import EventAct
from forum.events.models import Event, Occurrence
from forum.events.operations.changes import touched, version_of
from forum.events.operations.details import EventDetails, checked_rule
from forum.events.operations.events import (
    Times,
    apply_details,
    check_room,
    edit_event,
    follow_up,
    lock_event,
    times_of,
)
from forum.events.operations.schedule import (
    DatePlan,
    pattern_of,
    plan_dates,
    remember,
    reschedule,
    starts_of,
)
from forum.events.recurrence import Pattern, turns
from forum.extensions import db


@operation
def change_series(
    *,
    actor: Actor | None,
    event: Event,
    details: EventDetails,
    since: date | None = None,
    anchor: date | None = None,
    reason: str = "",
    version: str | None = None,
) -> Event:
    """Change all dates of *event*, or those from the local date *since* on, to *details*; returns their series.

    *since* is the original date of one of them. From the first one on it is all of them; else the series ends before
    it, and a new one with a UID of its own takes the later dates as they are: answers, helpers, minutes, the line.
    *anchor* is the original date of the one that the others are to be like: what it differed in alone is given up.
    *reason* is public, on every date that moves. *version* is ``version_of`` the event as it was shown. Refusal when it
    changed since, or the dates cannot be.
    """
    lock_event(event)
    if version is not None and version != version_of(event):
        raise Refusal(_("This series changed meanwhile. Look at it again before you change it."))
    times = times_of(event)
    _put_in_line(event, anchor)
    if since is None or not splits(event, since):
        edit_event(actor=actor, event=event, details=details, times=times, reason=reason)
        return event
    if since not in {occurrence.original_date for occurrence in event.occurrences}:
        raise Refusal(_("This date is no longer in the series. Look at it again before you change it."))
    return _split(actor, event, details, since, times, reason)


def splits(event: Event, since: date) -> bool:
    """Whether a change of the dates from *since* on leaves earlier ones as they are."""
    first = min((occurrence.original_date for occurrence in event.occurrences), default=since)
    return event.is_series and max(first, event.starts_local.date()) < since


def plan_series(event: Event, details: EventDetails, since: date | None = None) -> DatePlan:
    """What :func:`change_series` would make of each date; writes nothing. Refusal as it would give for the dates."""
    details = replace(details, rrule=checked_rule(details))
    before: Pattern | None = pattern_of(event)
    dates = event.occurrences
    if since is not None and splits(event, since):
        before, dates = pattern_of(event).since(since), _since(event, since)
    turned = turns(before, details.pattern) if before is not None else {}
    return plan_dates(dates, starts_of(details), turned)


def _put_in_line(event: Event, anchor: date | None) -> None:
    for occurrence in event.occurrences:
        if occurrence.original_date == anchor:
            occurrence.moved, occurrence.reason = False, ""
            occurrence.place_name = occurrence.place_address = None


def _split(
    actor: Actor | None, event: Event, details: EventDetails, since: date, times: Times, reason: str
) -> Event:
    later = pattern_of(event).since(since)
    elsewhere = (details.place_name, details.place_address) != (event.place_name, event.place_address)
    following = _following(actor, event, details)
    _hand_over(event, following, since)
    reschedule(following, later)
    _end(event, since)
    reschedule(event)
    check_room(following)
    touched(event, reschedules=True)
    touched(following, reschedules=True)
    follow_up(following, times, elsewhere=elsewhere, reason=reason)
    told = since.isoformat()
    record(actor=actor, act=EventAct.EVENT_SPLIT, subject=event, since=told, following=following.id)
    record(actor=actor, act=EventAct.EVENT_FOLLOW, subject=following, since=told, follows=event.id)
    return following


def _following(actor: Actor | None, event: Event, details: EventDetails) -> Event:
    """A series with *details* and no dates yet, as public as *event*; its SEQUENCE goes on where that one's is."""
    following = Event(
        follows_uid=event.uid,
        created_by_id=actor.id if actor else None,
        sequence=event.sequence,
        status=event.status,
        status_reason=event.status_reason,
        published_at=clock.now() if event.published_at else None,
    )
    apply_details(following, details)
    following.slug = slug_of(following.title, "event")
    db.session.add(following)
    db.session.flush()
    return following


def _hand_over(event: Event, following: Event, since: date) -> None:
    """Give the dates from *since* on to *following*, rows and all; their old addresses lead to the new ones."""
    for occurrence in _since(event, since):
        remember(occurrence)
        occurrence.event = following
    db.session.flush()
    db.session.expire(event, ["occurrences"])
    db.session.expire(following, ["occurrences"])


def _end(event: Event, since: date) -> None:
    """End the rule of *event* with its last date before *since*."""
    event.rrule = pattern_of(event).before(since).rrule
    for column in ("extra_starts", "skipped_starts"):
        kept = [text for text in getattr(event, column) if datetime.fromisoformat(text).date() < since]
        setattr(event, column, kept)


def _since(event: Event, day: date) -> list[Occurrence]:
    return [occurrence for occurrence in event.occurrences if occurrence.original_date >= day]
