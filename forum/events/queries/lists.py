"""Lists of dates: upcoming, past, a month, a neighborhood's, one series'. Keyset by (starts_at, id)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, load_only, selectinload

from forum.accounts.models import Person
from forum.core import clock
from forum.events.models import Event, Occurrence, Place, Rsvp
from forum.events.policy import Viewer
from forum.events.queries.filters import EventFilters, in_any_neighborhood
from forum.extensions import db
from forum.neighborhoods.models import Neighborhood

COUNTED = 1000  # a count stops at "more than 1,000"
RUNNING = timedelta(days=2)  # how far back an occurrence may have started that is still shown as upcoming

Key = tuple[datetime, int]  # the (starts_at, id) of a row


def visible_occurrences(viewer: Viewer) -> Select[Occurrence]:
    """Every occurrence a list may show to *viewer*: those of public events. (Drafts have their list on the desk.)"""
    return select(Occurrence).join(Occurrence.event).where(Occurrence.listed)


def events_page(
    viewer: Viewer, filters: EventFilters, *, after: Key | None = None, before: Key | None = None
) -> Select[Occurrence]:
    """The list of ``/events``: soonest first, or latest first when *filters* ask for the past.

    *after* and *before* are the keys of rows already shown; with *before* the rows come in reverse.
    """
    now = clock.now()
    wanted = visible_occurrences(viewer).where(*filters.conditions(), *filters.day_conditions())
    if filters.past:
        wanted = wanted.where(Occurrence.starts_at < now, Occurrence.ends_at <= now)
    elif filters.from_day is None:
        wanted = wanted.where(Occurrence.starts_at > now - RUNNING, Occurrence.ends_at > now)
    return with_rows(_keyset(wanted, descending=filters.past, after=after, before=before))


def count_up_to(listed: Select[Occurrence]) -> int:
    """How many rows *listed* has, counted to ``COUNTED + 1`` and no further."""
    ids = listed.with_only_columns(Occurrence.id).order_by(None).options().limit(COUNTED + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(ids)) or 0


def counted_events(viewer: Viewer, filters: EventFilters) -> int:
    """How many occurrences the list has in all, up to ``COUNTED + 1``."""
    now = clock.now()
    wanted = visible_occurrences(viewer).where(*filters.conditions(), *filters.day_conditions())
    if filters.past:
        wanted = wanted.where(Occurrence.starts_at < now, Occurrence.ends_at <= now)
    elif filters.from_day is None:
        wanted = wanted.where(Occurrence.starts_at > now - RUNNING, Occurrence.ends_at > now)
    return count_up_to(wanted)


def occurrences_between(
    viewer: Viewer, start: datetime, end: datetime, filters: EventFilters
) -> Select[Occurrence]:
    """Visible occurrences that start in [*start*, *end*), for a month; only what a grid shows is loaded."""
    wanted = visible_occurrences(viewer).where(
        Occurrence.starts_at >= start, Occurrence.starts_at < end, *filters.conditions()
    )
    return wanted.order_by(Occurrence.starts_at, Occurrence.id).options(
        load_only(Occurrence.original_date, Occurrence.starts_at, Occurrence.cancelled, Occurrence.moved),
        contains_eager(Occurrence.event)
        .load_only(
            Event.title, Event.slug, Event.status, Event.zone, Event.all_day, Event.rrule, Event.extra_starts
        )
        .joinedload(Event.kind),
    )


def upcoming_in(
    viewer: Viewer, neighborhood_ids: list[int], *, city_wide: bool = True, most: int = 10
) -> Select[Occurrence]:
    """The next occurrences in any of these neighborhoods; with none, of the whole city."""
    now = clock.now()
    wanted = visible_occurrences(viewer).where(Occurrence.starts_at > now - RUNNING, Occurrence.ends_at > now)
    if neighborhood_ids and city_wide:
        wanted = wanted.where(in_any_neighborhood(neighborhood_ids))
    elif neighborhood_ids:
        wanted = wanted.where(Event.neighborhoods.any(Neighborhood.id.in_(neighborhood_ids)))
    return with_rows(_keyset(wanted)).limit(most)


def dates_of(viewer: Viewer, event_id: int, *, since: datetime, most: int = 6) -> Select[Occurrence]:
    """The dates of one event that end after *since*, soonest first."""
    wanted = select(Occurrence).where(Occurrence.event_id == event_id, Occurrence.ends_at > since)
    return wanted.order_by(Occurrence.starts_at, Occurrence.id).limit(most)


def with_rows(wanted: Select[Occurrence]) -> Select[Occurrence]:
    """Load what a row of a list shows, in a number of queries that does not grow with the rows."""
    return wanted.options(
        contains_eager(Occurrence.event)
        .load_only(
            Event.title,
            Event.slug,
            Event.status,
            Event.status_reason,
            Event.zone,
            Event.all_day,
            Event.rrule,
            Event.extra_starts,
            Event.place_name,
            Event.place_address,
            Event.online_url,
            Event.interpreter,
            Event.capacity,
            Event.rsvp_policy,
            Event.minutes,
        )
        .options(
            joinedload(Event.kind),
            selectinload(Event.neighborhoods).load_only(Neighborhood.name, Neighborhood.slug),
        )
    )


def my_answers(person: Person, *, since: datetime, most: int = 50) -> Select[Rsvp]:
    """A person's own going and maybe answers to dates that end after *since*, soonest first."""
    return (
        select(Rsvp)
        .join(Rsvp.occurrence)
        .join(Occurrence.event)
        .where(
            Rsvp.person_id == person.id,
            Rsvp.answer != "not_going",
            Occurrence.ends_at > since,
            Occurrence.listed,
        )
        .order_by(Occurrence.starts_at, Occurrence.id)
        .limit(most)
        .options(contains_eager(Rsvp.occurrence).contains_eager(Occurrence.event).joinedload(Event.kind))
    )


def _keyset(
    wanted: Select[Any], *, descending: bool = False, after: Key | None = None, before: Key | None = None
) -> Select[Any]:
    forward = not descending
    if before is not None:
        forward = not forward
    edge = after or before
    if edge is not None:
        moment, row = edge
        newer = or_(Occurrence.starts_at > moment, and_(Occurrence.starts_at == moment, Occurrence.id > row))
        older = or_(Occurrence.starts_at < moment, and_(Occurrence.starts_at == moment, Occurrence.id < row))
        wanted = wanted.where(newer if forward else older)
    if forward:
        return wanted.order_by(Occurrence.starts_at, Occurrence.id)
    return wanted.order_by(Occurrence.starts_at.desc(), Occurrence.id.desc())


def with_lapsed_offers(now: datetime) -> Select[int]:
    """The ids of dates on which an offer was over at *now*."""
    over = Rsvp.offer_ends_at <= now
    return select(Rsvp.occurrence_id).where(over).distinct().order_by(Rsvp.occurrence_id)


def lapsed_places(occurrence_id: int, now: datetime) -> Select[int]:
    """People whose offer on a date was over at *now* and has not been passed on yet."""
    over = (Rsvp.occurrence_id == occurrence_id, Rsvp.offer_ends_at <= now)
    return select(func.coalesce(func.sum(Rsvp.party_size), 0)).where(*over)


def line_position(rsvp: Rsvp) -> Select[int]:
    """How many parties stand before *rsvp* in line, plus one."""
    return (
        select(func.count() + 1)
        .select_from(Rsvp)
        .where(
            Rsvp.occurrence_id == rsvp.occurrence_id, Rsvp.place == Place.WAITING, Rsvp.ticket < rsvp.ticket
        )
    )
