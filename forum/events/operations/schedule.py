"""Materializing a series: its occurrences follow its rule, and what people hold on to is kept."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import exists, or_, select

from forum.core import clock
from forum.core.errors import Refusal
from forum.core.transactions import operation
from forum.events.acts import EventNotice
from forum.events.models import Answer, Event, Minutes, Occurrence, Rsvp, Shift
from forum.events.operations.changes import tell_answered
from forum.events.recurrence import LIMIT, RecurrenceError, expand, problem_words
from forum.extensions import db

HORIZON = timedelta(days=730)  # six months more than any feed's window


def horizon() -> datetime:
    """How far ahead occurrences exist, as a naive local moment: midnight, so that two runs of a day agree."""
    return datetime.combine(clock.today() + HORIZON, datetime.min.time())


def starts_of(event: Event) -> list[datetime]:
    """Every naive local start of *event* up to the horizon; Refusal when its rule makes none or too many."""
    until = max(horizon(), event.starts_local) if event.rrule else None
    past = max(0, (clock.today() - event.starts_local.date()).days)  # a daily series may grow old
    try:
        return expand(
            event.starts_local,
            event.rrule,
            zone=event.tz,
            extra=_moments(event.extra_starts),
            skipped=_moments(event.skipped_starts),
            until=until,
            limit=LIMIT + past,
        )
    except RecurrenceError as error:
        raise Refusal(problem_words(error.code), "repeats") from error


@operation
def reschedule(event: Event) -> None:
    """Bring the occurrences of *event* in line with its rule.

    A date that the rule no longer makes goes away, unless someone answered or came: then it stays as an extra date,
    cancelled when it lies ahead, so that calendars and people are told instead of finding nothing. The one date of an
    event that is no series moves with it, answers and all.
    """
    # Dates may leave, or become the whole event: what they counted goes on in the event's own number, which only rises.
    event.sequence += max((occurrence.sequence for occurrence in event.occurrences), default=0)
    starts = {start.date(): start for start in starts_of(event)}
    _move_only_date(event, starts)
    known = {occurrence.original_date: occurrence for occurrence in event.occurrences}
    extra = list(event.extra_starts)
    for day, occurrence in known.items():
        if day in starts:
            place_on_rule(occurrence, starts[day])
        elif matters(occurrence):
            extra.append(_keep(event, occurrence))
        else:
            event.occurrences.remove(occurrence)
    event.extra_starts = sorted(set(extra))
    for day, start in starts.items():
        if day not in known:
            event.occurrences.append(_new(event, start))
    event.materialized_until = clock.to_utc(horizon(), event.tz) if event.rrule else None
    db.session.flush()


@operation
def extend_series(event: Event) -> int:
    """Add the occurrences that have come within the horizon; returns how many. For the nightly job."""
    known = {occurrence.original_date for occurrence in event.occurrences}
    added = [start for start in starts_of(event) if start.date() not in known]
    for start in added:
        event.occurrences.append(_new(event, start))
    event.materialized_until = clock.to_utc(horizon(), event.tz)
    db.session.flush()
    return len(added)


def _move_only_date(event: Event, starts: dict[date, datetime]) -> None:
    if event.is_series or len(event.occurrences) != 1 or event.occurrences[0].cancelled:
        return
    occurrence = event.occurrences[0]
    occurrence.moved = False
    place_on_rule(occurrence, *starts.values())


def place_on_rule(occurrence: Occurrence, start: datetime) -> None:
    """Give *occurrence* the start that its rule says, unless it was moved away from it on purpose."""
    event = occurrence.event
    occurrence.original_start = start
    occurrence.original_date = start.date()
    if not occurrence.moved:
        occurrence.starts_at, occurrence.ends_at = moments(event, start)


def moments(event: Event, start: datetime, minutes: int | None = None) -> tuple[datetime, datetime]:
    """The UTC start and end of an occurrence that starts at naive local *start*; length counts on the wall clock."""
    end = start + timedelta(minutes=minutes or event.minutes)
    first, last = clock.to_utc(start, event.tz), clock.to_utc(end, event.tz)
    return first, max(last, first + timedelta(minutes=1))  # a clock change may swallow a short event's length


def _new(event: Event, start: datetime) -> Occurrence:
    first, last = moments(event, start)
    return Occurrence(
        original_date=start.date(),
        original_start=start,
        starts_at=first,
        ends_at=last,
        listed=event.is_public,
        kind_id=event.kind_id,
    )


def matters(occurrence: Occurrence) -> bool:
    """Whether someone answered, came, will help or wrote of it, so that a date may not simply go."""
    signs = or_(
        exists().where(Rsvp.occurrence_id == occurrence.id, Rsvp.answer != Answer.NOT_GOING),
        exists().where(Shift.occurrence_id == occurrence.id, Shift.taken > 0),
        exists().where(Minutes.occurrence_id == occurrence.id),
    )
    return occurrence.walk_ins > 0 or bool(db.session.scalar(select(signs)))


def _keep(event: Event, occurrence: Occurrence) -> str:
    if occurrence.starts_at > clock.now() and not occurrence.cancelled:
        occurrence.cancelled = True
        occurrence.sequence += 1
        occurrence.reason = occurrence.reason or _("The dates of this series changed.")
        tell_answered(occurrence, EventNotice.OCCURRENCE_CANCELLED)
    return occurrence.original_start.isoformat()


def _moments(stored: list[str]) -> list[datetime]:
    return [datetime.fromisoformat(text) for text in stored]
