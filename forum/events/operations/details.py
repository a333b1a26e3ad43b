"""What an event is made of, as an operation takes it, checked before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from forum.core.errors import Refusal
from forum.events.models import Event, RsvpPolicy
from forum.events.recurrence import Pattern, RecurrenceError, check, problem_words, turns

LONGEST = timedelta(days=31)
YEARS = range(1990, 2101)


@dataclass(frozen=True, kw_only=True)
class EventDetails:
    """Everything a person says about an event. Times are naive, on the wall clock of ``zone``; ends are exclusive."""

    title: str
    kind_id: int
    zone: str
    starts_local: datetime
    ends_local: datetime
    story: str = ""
    language: str = "en"
    all_day: bool = False
    rrule: str | None = None
    extra_starts: tuple[datetime, ...] = ()
    skipped_starts: tuple[datetime, ...] = ()
    neighborhood_ids: tuple[int, ...] = ()  # none: city-wide
    place_name: str = ""
    place_address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    online_url: str = ""
    step_free: bool | None = None
    childcare: bool | None = None
    quiet_space: bool | None = None
    interpreter: str = ""
    transit: str = ""
    hosts: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    picture: str = ""
    picture_alt: str = ""
    rsvp_policy: RsvpPolicy = RsvpPolicy.WELCOME
    capacity: int | None = None

    @property
    def minutes(self) -> int:
        """Length on the wall clock."""
        return int((self.ends_local - self.starts_local).total_seconds() // 60)

    @property
    def pattern(self) -> Pattern:
        """The rule and what it counts from."""
        return Pattern(self.starts_local, self.rrule, ZoneInfo(self.zone), self.all_day, self.minutes)


def details_of(event: Event) -> EventDetails:
    """What *event* is now."""
    copied = {
        field.name: getattr(event, field.name) for field in fields(EventDetails) if hasattr(event, field.name)
    }
    copied |= {
        "ends_local": event.starts_local + timedelta(minutes=event.minutes),
        "extra_starts": tuple(map(datetime.fromisoformat, event.extra_starts)),
        "skipped_starts": tuple(map(datetime.fromisoformat, event.skipped_starts)),
        "neighborhood_ids": tuple(area.id for area in event.neighborhoods),
    }
    return EventDetails(**copied)


def details_since(event: Event, day: date) -> EventDetails:
    """What the dates of a series are from the local *day* on, as a series of their own; COUNT is what is left of it."""
    whole = details_of(event)
    extra = [start for start in whole.extra_starts if start.date() >= day]
    rest = whole.pattern.since(day)
    if rest is None:  # only extra dates are left
        rest = Pattern(extra.pop(0), None, event.tz, event.all_day) if extra else whole.pattern
    return replace(
        whole,
        starts_local=rest.start,
        ends_local=rest.start + timedelta(minutes=event.minutes),
        rrule=rest.rrule,
        extra_starts=tuple(extra),
        skipped_starts=tuple(start for start in whole.skipped_starts if start.date() >= day),
    )


def moved_series(details: EventDetails, old: datetime, start: datetime, end: datetime) -> EventDetails:
    """*details* with the date at *old* from *start* to *end*, and every other one moved as it is.

    A date that was left out stays left out in its turn. Refusal when *old* is an extra date, or the rule knows no such
    series.
    """
    pattern = details.pattern
    if not any(each == old for each in pattern.starts()):
        raise Refusal(_("This is an extra date outside the rule. Move it alone."), "scope")
    try:
        moved = pattern.moved(old, start)
    except RecurrenceError as error:
        raise Refusal(
            _("This series repeats in a way of its own. Edit the series and say how it repeats."), "starts_on"
        ) from error
    turned = turns(pattern, moved)
    skipped = [
        turned.get(each.date(), datetime.combine(each, start.time())) for each in details.skipped_starts
    ]
    extra = [
        datetime.combine(each, start.time()) if each.time() == old.time() else each
        for each in details.extra_starts
    ]
    return replace(
        details,
        starts_local=moved.start,
        ends_local=moved.start + (end - start),
        rrule=moved.rrule,
        extra_starts=tuple(extra),
        skipped_starts=tuple(skipped),
    )


def checked_rule(details: EventDetails) -> str | None:
    """The canonical rule of *details*; raises Refusal in words where the dates cannot be."""
    if not details.title:
        raise Refusal(_("Give the event a title."), "title")
    if details.ends_local <= details.starts_local:
        raise Refusal(_("The end must come after the start."), "ends")
    if details.ends_local - details.starts_local > LONGEST:
        raise Refusal(_("An event may last 31 days at most. For something longer, make a series."), "ends")
    if details.starts_local.year not in YEARS:
        raise Refusal(_("The year must lie between 1990 and 2100."), "starts")
    for field, starts in (("extra", details.extra_starts), ("skipped", details.skipped_starts)):
        if any(start.year not in YEARS for start in starts):
            raise Refusal(_("The year must lie between 1990 and 2100."), field)
    if details.rrule is None:
        return None
    try:
        return check(
            details.rrule, details.starts_local, zone=ZoneInfo(details.zone), all_day=details.all_day
        )
    except RecurrenceError as error:
        raise Refusal(problem_words(error.code), "repeats") from error
