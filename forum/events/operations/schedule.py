"""Materializing a series: its occurrences follow its rule, and what people hold on to is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import exists, or_, select

from forum.core import clock
from forum.core.errors import Refusal
from forum.core.transactions import operation
from forum.events.acts import EventNotice
from forum.events.models import Answer, Event, FormerDate, Minutes, Occurrence, Rsvp, Shift
from forum.events.operations.details import EventDetails
from forum.events.operations.telling import tell_answered
from forum.events.recurrence import LIMIT, Pattern, RecurrenceError, expand, problem_words, turns
from forum.extensions import db

HORIZON = timedelta(days=730)  # six months more than any feed's window


def horizon() -> datetime:
    """How far ahead occurrences exist, as a naive local moment: midnight, so that two runs of a day agree."""
    return datetime.combine(clock.today() + HORIZON, datetime.min.time())


@dataclass(frozen=True)
class DatePlan:
    """What becomes of each date of a series that gets another rule: made by :func:`plan_dates`, to be done or shown."""

    stays: list[tuple[Occurrence, datetime]]  # each with its naive local start by the new rule
    kept: list[Occurrence]  # off the rule, but someone holds on to them: extra dates, cancelled when ahead
    gone: list[Occurrence]  # off the rule, and nobody's
    new: list[datetime]


def plan_dates(
    occurrences: Iterable[Occurrence], starts: Iterable[datetime], turned: Mapping[date, datetime]
) -> DatePlan:
    """Match dates with the *starts* of a new rule: by local date, then, what lies ahead, by its turn (*turned*).

    So "from Tuesday to Wednesday" moves every date with its answers, and a date that was moved or cancelled by itself
    stays so in its turn. Nothing that took place is moved.
    """
    at = {start.date(): start for start in starts}
    occurrences, now = list(occurrences), clock.now()
    taken = {occurrence.original_date for occurrence in occurrences} & set(at)
    plan = DatePlan([], [], [], [])
    for occurrence in occurrences:
        day = occurrence.original_date
        turn = turned.get(day)
        if day in at:
            plan.stays.append((occurrence, at[day]))
        elif occurrence.starts_at > now and turn and turn.date() in at and turn.date() not in taken:
            taken.add(turn.date())
            plan.stays.append((occurrence, turn))
        elif matters(occurrence):
            plan.kept.append(occurrence)
        else:
            plan.gone.append(occurrence)
    plan.new.extend(start for day, start in at.items() if day not in taken)
    return plan


def starts_of(event: Event | EventDetails) -> list[datetime]:
    """Every naive local start of *event* up to the horizon; Refusal when its rule makes none or too many.

    Of details, the rule must be checked.
    """
    until = max(horizon(), event.starts_local) if event.rrule else None
    past = max(0, (clock.today() - event.starts_local.date()).days)  # a daily series may grow old
    try:
        return expand(
            event.starts_local,
            event.rrule,
            zone=ZoneInfo(event.zone),
            extra=_moments(event.extra_starts),
            skipped=_moments(event.skipped_starts),
            until=until,
            limit=LIMIT + past,
        )
    except RecurrenceError as error:
        raise Refusal(problem_words(error.code), "repeats") from error


def pattern_of(event: Event) -> Pattern:
    """The rule of *event* and what it counts from."""
    return Pattern(event.starts_local, event.rrule, event.tz, event.all_day, event.minutes)


@operation
def reschedule(event: Event, before: Pattern | None = None) -> None:
    """Bring the occurrences of *event* in line with its rule; *before* is what they followed until now.

    A date that the rule no longer makes goes away, unless someone answered or came: then it stays as an extra date,
    cancelled when it lies ahead, so that calendars and people are told instead of finding nothing. The one date of an
    event that is no series moves with it, answers and all; so do those of a series that repeats as it did.
    """
    # Dates may leave, or become the whole event: what they counted goes on in the event's own number, which only rises.
    event.sequence += max((occurrence.sequence for occurrence in event.occurrences), default=0)
    starts = starts_of(event)
    _move_only_date(event, starts)
    plan = plan_dates(event.occurrences, starts, turns(before, pattern_of(event)) if before else {})
    for occurrence, start in plan.stays:
        follows = occurrence.moved and before is not None and keeps_time(occurrence, before)
        if start != occurrence.original_start:
            remember(occurrence)
        place_on_rule(occurrence, start, in_time=follows)
    for occurrence in plan.gone:
        event.occurrences.remove(occurrence)
    kept = [_keep(event, occurrence) for occurrence in plan.kept]
    event.extra_starts = sorted({*event.extra_starts, *kept})
    for start in plan.new:
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


def remember(occurrence: Occurrence) -> None:
    """Before a public date gets another address or name: its address leads on, and mails go on under its first name."""
    event = occurrence.event
    if event.published_at is None:
        return
    db.session.merge(
        FormerDate(event_id=event.id, original_date=occurrence.original_date, occurrence_id=occurrence.id)
    )
    if occurrence.known_uid is None:
        occurrence.known_uid, occurrence.known_start = event.uid, occurrence.original_start


def _move_only_date(event: Event, starts: list[datetime]) -> None:
    if event.is_series or len(event.occurrences) != 1 or event.occurrences[0].cancelled:
        return
    occurrence = event.occurrences[0]
    occurrence.moved = False
    place_on_rule(occurrence, *starts)


def place_on_rule(occurrence: Occurrence, start: datetime, *, in_time: bool = False) -> None:
    """Give *occurrence* the start that its rule says, unless it was moved away from it on purpose.

    *in_time*: it differs in place alone.
    """
    event = occurrence.event
    occurrence.original_start = start
    occurrence.original_date = start.date()
    if in_time or not occurrence.moved:
        occurrence.starts_at, occurrence.ends_at = moments(event, start)


def keeps_time(occurrence: Occurrence, pattern: Pattern) -> bool:
    """Whether a date that differs from *pattern* is at its time all the same: somewhere else, that is."""
    at = _moments_in(pattern.zone, occurrence.original_start, pattern.minutes)
    return occurrence.place_name is not None and at == (occurrence.starts_at, occurrence.ends_at)


def moments(event: Event, start: datetime, minutes: int | None = None) -> tuple[datetime, datetime]:
    """The UTC start and end of an occurrence that starts at naive local *start*; length counts on the wall clock."""
    return _moments_in(event.tz, start, minutes or event.minutes)


def _moments_in(zone: ZoneInfo, start: datetime, minutes: int) -> tuple[datetime, datetime]:
    first, last = clock.to_utc(start, zone), clock.to_utc(start + timedelta(minutes=minutes), zone)
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


def _moments(stored: Iterable[str | datetime]) -> list[datetime]:
    """Starts as an event stores them, or as details have them."""
    return [text if isinstance(text, datetime) else datetime.fromisoformat(text) for text in stored]
