"""What feeds read: stored bytes of the events within a window, and a person's own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload, selectinload, undefer

from forum.accounts.models import Person
from forum.core import clock
from forum.events.models import Answer, CalendarToken, Event, EventStatus, Occurrence, Rsvp
from forum.events.queries.filters import EventFilters
from forum.events.queries.single import occurrence_formerly_on, occurrence_on
from forum.neighborhoods.models import Follow, Neighborhood

BACK, AHEAD = timedelta(days=30), timedelta(days=548)  # a month and eighteen months: feeds stay under 1 MB
CANCELLED_FOR = timedelta(days=7)  # how long after its end a cancelled event is still told
LONGEST = timedelta(days=31)  # an occurrence that reaches into the window began at most so long before
MOST = 5000  # events in one feed
ENTRIES = 50  # of an Atom feed

FeedRow = Row[int, bytes, str, str]


@dataclass(frozen=True)
class Window:
    """What a feed covers. Its edges move at the agency's midnight only, so that a day's answers are the same bytes."""

    today: date
    midnight: datetime  # today's, in UTC

    @classmethod
    def current(cls) -> Window:
        """Today's."""
        today = clock.today()
        local = datetime.combine(today, time())
        return cls(today, clock.to_utc(local, clock.agency_zone()))

    def covers(self) -> list[ColumnElement[bool]]:
        """What it asks of Occurrence and Event."""
        recent = or_(
            Event.status != EventStatus.CANCELLED, Occurrence.ends_at > self.midnight - CANCELLED_FOR
        )
        return [*self._between(self.midnight - BACK), recent]

    def upcoming(self) -> list[ColumnElement[bool]]:
        """The same from today on."""
        return self._between(self.midnight)

    def _between(self, since: datetime) -> list[ColumnElement[bool]]:
        return [
            Occurrence.listed == true(),
            Occurrence.starts_at > since - LONGEST,
            Occurrence.starts_at < self.midnight + AHEAD,
            Occurrence.ends_at > since,
        ]


def public_feed(window: Window, filters: EventFilters) -> Select[int, bytes, str, str]:
    """(id, vevents, vevents_made, zone) of public events with a date in *window* that passes *filters*."""
    return _stored(window.covers(), [*filters.conditions(), *filters.day_conditions()])


def followed_feed(window: Window, person: Person) -> Select[int, bytes, str, str]:
    """The same, of the events in neighborhoods that *person* follows."""
    followed = select(Follow.neighborhood_id).where(Follow.person_id == person.id)
    return _stored(window.covers(), [Event.neighborhoods.any(Neighborhood.id.in_(followed))])


def answered_in(window: Window, person: Person) -> Select[Rsvp]:
    """The going and maybe answers of *person* to public dates in *window*, with what a calendar entry needs."""
    return (
        select(Rsvp)
        .join(Rsvp.occurrence)
        .join(Occurrence.event)
        .where(Rsvp.person_id == person.id, Rsvp.answer != Answer.NOT_GOING, *window.covers())
        .order_by(Occurrence.starts_at, Occurrence.id)
        .limit(MOST)
        .options(
            contains_eager(Rsvp.occurrence)
            .contains_eager(Occurrence.event)
            .options(undefer(Event.story), joinedload(Event.kind))
        )
    )


def feed_changed() -> Select[datetime | None]:
    """When any public feed last changed, withdrawals included; None while nothing was ever public."""
    return select(func.max(Event.feed_changed_at))


def personal_changed(person: Person) -> Select[datetime | None, datetime | None]:
    """When *person* last answered, and last began to follow. (What ended leaves no row; the ETag tells of it.)"""
    answered = select(func.max(Rsvp.updated_at)).where(Rsvp.person_id == person.id).scalar_subquery()
    followed = select(func.max(Follow.since)).where(Follow.person_id == person.id).scalar_subquery()
    return select(answered, followed)


def events_to_render(ids: Iterable[int]) -> Select[Event]:
    """Events with all that their bytes are made of: of a series only the dates that may be exceptions."""
    return _rendered(Event.id.in_(list(ids)))


def _rendered(which: ColumnElement[bool]) -> Select[Event]:
    exceptional = or_(Occurrence.moved, Occurrence.cancelled, Occurrence.sequence > 0)
    without_rule = Occurrence.event_id.in_(select(Event.id).where(Event.rrule.is_(None)).correlate(None))
    return (
        select(Event)
        .where(which)
        .options(
            undefer(Event.story),
            joinedload(Event.kind),
            selectinload(Event.occurrences.and_(or_(exceptional, without_rule))),
        )
    )


def public_event(event_id: int) -> Select[Event]:
    """One public event, as :func:`events_to_render` loads it."""
    return events_to_render([event_id]).where(Event.status != EventStatus.DRAFT)


def following_event(event: Event) -> Select[Event]:
    """The public series that took over the later dates of *event*, as :func:`events_to_render` loads it."""
    follows = select(Event.id).where(
        Event.follows_uid == event.uid, Event.id != event.id, Event.status != EventStatus.DRAFT
    )
    return _rendered(Event.id.in_(follows)).order_by(Event.id)


def public_occurrence(event_id: int, day: date) -> Select[Occurrence]:
    """One date of a public event by its original local date, with what its bytes are made of."""
    return _bytes_of_one(occurrence_on(event_id, day))


def formerly_public_occurrence(event_id: int, day: date) -> Select[Occurrence]:
    """The same, by a date that was its address before."""
    return _bytes_of_one(occurrence_formerly_on(event_id, day))


def _bytes_of_one(wanted: Select[Occurrence]) -> Select[Occurrence]:
    return wanted.where(Occurrence.listed).options(
        contains_eager(Occurrence.event).options(undefer(Event.story), joinedload(Event.kind, innerjoin=True))
    )


def latest_changed(window: Window, filters: EventFilters) -> Select[Event, Occurrence]:
    """Public events with a date from today on, lately changed first, each with the next of its dates."""
    upcoming = [*window.upcoming(), *filters.conditions(), *filters.day_conditions()]
    next_start = (
        select(Occurrence.event_id, func.min(Occurrence.starts_at).label("starts_at"))
        .join(Event, Event.id == Occurrence.event_id)
        .where(*upcoming)
        .group_by(Occurrence.event_id)
        .subquery()
    )
    at = and_(Occurrence.event_id == next_start.c.event_id, Occurrence.starts_at == next_start.c.starts_at)
    return (
        select(Event, Occurrence)
        .join(next_start, next_start.c.event_id == Event.id)
        .join(Occurrence, at)
        .order_by(Event.updated_at.desc(), Event.id.desc())
        .limit(ENTRIES)
        .options(undefer(Event.story_html), joinedload(Event.kind))
    )


def token_owner(token_hash: str) -> Select[Person]:
    """Whose calendar the token with this keyed hash opens."""
    return (
        select(Person)
        .join(CalendarToken, CalendarToken.person_id == Person.id)
        .where(CalendarToken.token_hash == token_hash)
    )


def tokens_of(person: Person) -> Select[CalendarToken]:
    """A person's calendar addresses, oldest first."""
    return select(CalendarToken).where(CalendarToken.person_id == person.id).order_by(CalendarToken.id)


def latest(*moments: datetime | None) -> datetime:
    """The latest of *moments* that are known (SQLite's max() gives naive UTC), at least one of them."""
    known = [m if m.tzinfo else m.replace(tzinfo=UTC) for m in moments if m is not None]
    return max(known)


def _stored(
    covers: list[ColumnElement[bool]], wanted: list[ColumnElement[bool]]
) -> Select[int, bytes, str, str]:
    inside = (
        select(Occurrence.event_id)
        .join(Event, Event.id == Occurrence.event_id)
        .where(*covers, *wanted)
        .correlate(None)  # its Event is its own, not the outer one
    )
    return (
        select(Event.id, Event.vevents, Event.vevents_made, Event.zone)
        .where(Event.id.in_(inside))
        .order_by(Event.id)
        .limit(MOST)
    )
