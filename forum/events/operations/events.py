"""Writing events: create, edit, duplicate, publish, postpone, cancel, withdraw."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import exists, select

from forum.audit.operations import Actor, record
from forum.core import clock, markdown, uploads
from forum.core.errors import Refusal
from forum.core.slugs import slug_of
from forum.core.transactions import after_commit, operation
from forum.core.words import fold
from forum.events.acts import EventAct, EventNotice
from forum.events.following import tell_followers
from forum.events.models import Event, EventStatus, Occurrence
from forum.events.operations.changes import touched
from forum.events.operations.details import EventDetails, checked_rule, details_of
from forum.events.operations.line import end_offers, review
from forum.events.operations.schedule import matters, pattern_of, reschedule
from forum.events.operations.telling import tell_answered
from forum.events.queries.single import rule_over
from forum.extensions import db
from forum.neighborhoods.models import Neighborhood

# What a calendar or a person must hear of; the rest (story, hosts, access) changes without a new SEQUENCE.
WHEN = ("zone", "all_day", "starts_local", "minutes", "rrule", "extra_starts", "skipped_starts")
WHERE = ("place_name", "place_address", "latitude", "longitude", "online_url")
Times = dict[int, tuple[datetime, datetime]]
NOT_COLUMNS = {"ends_local", "neighborhood_ids", "extra_starts", "skipped_starts", "rrule"}


@operation
def create_event(
    *,
    actor: Actor | None,
    details: EventDetails,
    source_key: str | None = None,
    uid: str | None = None,
    published: bool = False,
) -> Event:
    """A new draft with its occurrences, or a public event at once (imports: one pass over its bytes instead of two).

    Refusal when the dates cannot be, with the form's field.
    """
    event = Event(source_key=source_key, created_by_id=actor.id if actor else None, sequence=0)
    if uid is not None:
        event.uid = uid
    event.status = EventStatus.PUBLISHED if published else EventStatus.DRAFT
    event.published_at = clock.now() if published else None
    apply_details(event, details)
    event.slug = slug_of(event.title, "event")
    db.session.add(event)
    with db.session.no_autoflush:
        reschedule(event)  # before the first flush: a new event has no occurrences that would have to be read
    touched(event)
    record(actor=actor, act=EventAct.EVENT_CREATE, subject=event)
    if published:
        record(actor=actor, act=EventAct.EVENT_PUBLISH, subject=event)
    return event


@operation
def edit_event(
    *,
    actor: Actor | None,
    event: Event,
    details: EventDetails,
    times: Times | None = None,
    reason: str = "",
) -> list[str]:
    """Change *event* (all dates of a series) to *details*; returns the names of what changed, none when nothing did.

    *times* is when its dates were (by default: are); who answered for one that moves is told, with the public *reason*.

    Refusal when the dates cannot be, or when a date has more people than the new number of places.
    """
    lock_event(event)
    before, pattern, times = _snapshot(event), pattern_of(event), times or times_of(event)
    apply_details(event, details)
    _keep_what_ended(event, before["extra_starts"])
    changed = sorted(name for name, value in _snapshot(event).items() if before[name] != value)
    if not changed:
        return []
    moved = bool(set(changed) & set(WHEN))
    if moved:
        reschedule(event, pattern)
    if "capacity" in changed:
        check_room(event)
    if "picture" in changed:
        _drop_picture(before["picture"])
    touched(event, reschedules=moved or bool(set(changed) & set(WHERE)))
    elsewhere = bool({"place_name", "place_address"} & set(changed))
    follow_up(event, times, elsewhere=elsewhere, reason=reason)
    record(actor=actor, act=EventAct.EVENT_EDIT, subject=event, changed=changed)
    return changed


@operation
def duplicate_event(*, actor: Actor, event: Event, starts_local: datetime | None = None) -> Event:
    """A draft like *event*, no series, starting at naive local *starts_local* (by default a week after it)."""
    start = starts_local or event.starts_local + timedelta(days=7)
    details = replace(
        details_of(event),
        starts_local=start,
        ends_local=start + timedelta(minutes=event.minutes),
        rrule=None,
        extra_starts=(),
        skipped_starts=(),
    )
    copy = create_event(actor=actor, details=details)
    record(actor=actor, act=EventAct.EVENT_DUPLICATE, subject=copy, source=event.id)
    return copy


@operation
def publish_event(*, actor: Actor | None, event: Event) -> None:
    """Make a draft public, or a postponed or cancelled event take place after all."""
    lock_event(event)
    if event.status == EventStatus.PUBLISHED:
        return
    again = event.published_at is not None
    event.published_at = event.published_at or clock.now()
    _change_status(event, EventStatus.PUBLISHED, "", reschedules=again)
    if again:
        _tell_all(event, EventNotice.OCCURRENCE_MOVED)
    record(actor=actor, act=EventAct.EVENT_PUBLISH, subject=event)


@operation
def postpone_event(*, actor: Actor | None, event: Event, reason: str) -> None:
    """Keep a published event public without its date being sure; *reason* is public."""
    _take_off(event, EventStatus.POSTPONED, reason)
    _tell_all(event, EventNotice.OCCURRENCE_MOVED)
    record(actor=actor, act=EventAct.EVENT_POSTPONE, subject=event)


@operation
def cancel_event(*, actor: Actor | None, event: Event, reason: str) -> None:
    """Cancel a published event, every date of a series; *reason* is public, and who answered is told."""
    _take_off(event, EventStatus.CANCELLED, reason)
    _tell_all(event, EventNotice.OCCURRENCE_CANCELLED)
    record(actor=actor, act=EventAct.EVENT_CANCEL, subject=event)


@operation
def withdraw_event(*, actor: Actor | None, event: Event) -> None:
    """Make a public event a draft again: it leaves pages and feeds at once (a mistake, spam). Nobody is mailed."""
    lock_event(event)
    if event.status == EventStatus.DRAFT:
        return
    _change_status(event, EventStatus.DRAFT, "")
    record(actor=actor, act=EventAct.EVENT_WITHDRAW, subject=event)


def lock_event(event: Event) -> None:
    """Hold *event*'s row and its dates' until the end of the unit of work and read them afresh.

    The dates too, since answers are counted there: an answer given meanwhile is waited for and then seen, and whoever
    answers next sees what this did. Always in this order, event and then dates by id, so nobody waits in a circle.
    """
    # "of": whoever read the event with its kind joined outer reads it so again, and PostgreSQL locks no such side.
    db.session.refresh(event, with_for_update={"of": Event})
    dates = select(Occurrence).where(Occurrence.event_id == event.id).order_by(Occurrence.id)
    db.session.scalars(dates.with_for_update().execution_options(populate_existing=True)).all()


def _take_off(event: Event, status: EventStatus, reason: str) -> None:
    lock_event(event)
    if event.status == EventStatus.DRAFT:
        raise Refusal(_("A draft is seen by nobody yet. Publish it first, or leave it."))
    if not reason.strip():
        raise Refusal(_("Say why, in words people will read."), "reason")
    _change_status(event, status, reason.strip())


def _change_status(event: Event, status: EventStatus, reason: str, *, reschedules: bool = True) -> None:
    was_public, event.status = event.is_public, status
    event.status_reason = reason
    touched(event, reschedules=reschedules)
    for occurrence in event.occurrences:
        review(occurrence)
    if event.is_public is not was_public:
        tell_followers(event)


def _tell_all(event: Event, notice: EventNotice) -> None:
    for occurrence in event.occurrences:
        if not occurrence.cancelled:
            tell_answered(occurrence, notice)


def times_of(event: Event) -> Times:
    """When each date of *event* is, by its id, for :func:`follow_up`."""
    return {occurrence.id: (occurrence.starts_at, occurrence.ends_at) for occurrence in event.occurrences}


def follow_up(event: Event, times: Times, *, elsewhere: bool, reason: str = "") -> None:
    """After a change of dates that were at *times*: lines move up, and who answered for one that moved is told.

    *elsewhere*: the event's place changed too. Dates that left the rule were told when they were cancelled.
    """
    for occurrence in event.occurrences:
        was = times.get(occurrence.id)
        review(occurrence, moved=was is None or was[0] != occurrence.starts_at)
        here = elsewhere and occurrence.place_name is None
        if not occurrence.cancelled and was and (here or was != (occurrence.starts_at, occurrence.ends_at)):
            occurrence.reason = reason.strip() or occurrence.reason
            tell_answered(occurrence, EventNotice.OCCURRENCE_MOVED)


def apply_details(event: Event, details: EventDetails) -> None:
    """Write *details* over *event*, its dates not yet; Refusal when they cannot be."""
    rule, picture_before = checked_rule(details), event.picture
    for field in fields(EventDetails):
        if field.name not in NOT_COLUMNS:
            setattr(event, field.name, getattr(details, field.name))
    event.minutes = details.minutes
    event.rrule = rule
    event.extra_starts = _stored(details.extra_starts)
    event.skipped_starts = _stored(details.skipped_starts)
    event.story_html = markdown.render(details.story)
    event.story_renderer = markdown.RENDERER
    event.search_text = fold(
        " ".join((event.title, event.place_name, event.place_address, event.hosts, event.story))
    )
    wanted = (
        select(Neighborhood).where(Neighborhood.id.in_(details.neighborhood_ids)).order_by(Neighborhood.name)
    )
    with db.session.no_autoflush:
        if (
            event.picture != picture_before
        ):  # what a decision hid stays hidden in a copy, and another picture is shown
            event.picture_rule = (
                db.session.scalar(rule_over(event.picture, event.id)) if event.picture else None
            )
        event.neighborhoods = list(db.session.scalars(wanted)) if details.neighborhood_ids else []


def _keep_what_ended(event: Event, extra_before: list[str]) -> None:
    """Extra dates that ``reschedule`` once kept for those who answered stay, though *details* know nothing of them.

    An import that repeats itself would else change the event, and tell everyone, each time.
    """
    gone, now = set(extra_before) - set(event.extra_starts), clock.now()
    kept = {
        occurrence.original_start.isoformat()
        for occurrence in (event.occurrences if gone else ())
        if (occurrence.cancelled or occurrence.starts_at <= now) and matters(occurrence)
    }
    if gone & kept:
        event.extra_starts = sorted({*event.extra_starts, *(gone & kept)})


def _stored(starts: tuple[datetime, ...]) -> list[str]:
    return sorted({start.isoformat() for start in starts})


def _snapshot(event: Event) -> dict[str, Any]:
    names = {field.name for field in fields(EventDetails)} - {"ends_local", "neighborhood_ids"} | {"minutes"}
    found = {name: getattr(event, name) for name in names}
    found["extra_starts"], found["skipped_starts"] = list(event.extra_starts), list(event.skipped_starts)
    found["neighborhoods"] = sorted(area.id for area in event.neighborhoods)
    return found


def _drop_picture(name: str) -> None:
    """Delete a picture's files once its replacement is durable, unless a copy of the event shows it too."""
    db.session.flush()
    if name and not db.session.scalar(select(exists().where(Event.picture == name))):
        after_commit(lambda: uploads.remove(name))


def check_room(event: Event) -> None:
    """After a change of the number of places: refuse fewer than are taken or offered."""
    now = clock.now()
    for occurrence in event.occurrences:
        end_offers(occurrence)
        places, taken = occurrence.places, occurrence.places_taken + occurrence.places_offered
        if occurrence.ends_at > now and places is not None and places < taken:
            raise Refusal(
                _(
                    "%(taken)s people already have a place on %(date)s, or an offer of one; that many must fit.",
                    taken=taken,
                    date=occurrence.original_date.isoformat(),
                ),
                "capacity",
            )
