"""One event, one date, one answer; the desk's lists, roster and history."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import Select, and_, bindparam, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload, undefer

from forum.accounts.models import Person
from forum.audit.models import Entry
from forum.core.prepared import PreparedSelect
from forum.core.words import query_words
from forum.events.models import Event, EventKind, EventStatus, FormerDate, Occurrence, Rsvp
from forum.events.policy import Viewer, can_see_desk
from forum.neighborhoods.models import Neighborhood


def last_changes(event_ids: Sequence[int | None]) -> Select[int, datetime]:
    """(id, moment of the last change that calendars should see) of these events."""
    return select(Event.id, Event.updated_at).where(Event.id.in_(event_ids))


def event_by_id(viewer: Viewer, event_id: int) -> Select[Event]:
    """The event when *viewer* may see it, with what its page shows, in one question; read it with ``.unique()``."""
    wanted = select(Event).where(Event.id == event_id)
    if not can_see_desk(viewer):
        wanted = wanted.where(Event.status != EventStatus.DRAFT)
    return wanted.options(
        joinedload(Event.kind),
        joinedload(Event.neighborhoods).load_only(Neighborhood.name, Neighborhood.slug),
        undefer(Event.story),
        undefer(Event.story_html),
    )


def with_pictures(event_ids: Collection[int]) -> Select[Event]:
    """Those of these events that have a picture, hidden or not; read it with ``.unique()``."""
    return (
        select(Event)
        .where(Event.id.in_(event_ids), Event.picture != "")
        .options(joinedload(Event.neighborhoods).load_only(Neighborhood.name))
    )


def showing(picture: str) -> Select[Event]:
    """Every event that has this picture: copies share its file."""
    return select(Event).where(Event.picture == picture).order_by(Event.id)


def hidden_pictures() -> Select[str]:
    """The files of pictures that decisions hide."""
    return select(Event.picture).where(Event.picture_rule.is_not(None), Event.picture != "").distinct()


def shown_picture(picture: str) -> Select[int]:
    """An event that shows this file to its readers."""
    return select(Event.id).where(Event.picture == picture, Event.picture_rule.is_(None)).limit(1)


def rule_over(picture: str, but: int | None) -> Select[int | None]:
    """The rule under which this picture is hidden where another event has it."""
    return (
        select(Event.picture_rule)
        .where(Event.picture == picture, Event.id != but, Event.picture_rule.is_not(None))
        .limit(1)
    )


def occurrence_on(event_id: int, day: date) -> Select[Occurrence]:
    """The occurrence whose original local date is *day*."""
    return (
        select(Occurrence)
        .join(Occurrence.event)
        .where(Occurrence.event_id == event_id, Occurrence.original_date == day)
        .options(contains_eager(Occurrence.event).joinedload(Event.kind, innerjoin=True))
    )


def occurrence_formerly_on(event_id: int, day: date) -> Select[Occurrence]:
    """The occurrence that had the address of *day* before its series was split or got another rule."""
    return (
        select(Occurrence)
        .join(Occurrence.event)
        .join(FormerDate, FormerDate.occurrence_id == Occurrence.id)
        .where(FormerDate.event_id == event_id, FormerDate.original_date == day)
        .options(contains_eager(Occurrence.event))
    )


_NUMBER_OF = PreparedSelect(
    select(Occurrence.id).where(
        Occurrence.event_id == bindparam("event_id"), Occurrence.original_date == bindparam("day")
    )
)


def number_of_occurrence() -> PreparedSelect:
    """The id of the occurrence of ``event_id`` whose original local date is ``day`` (its parameters)."""
    return _NUMBER_OF


def goes_on_as(event: Event) -> Select[Event]:
    """The public series that took over the later dates of *event*; of several the one that follows at once."""
    return (
        select(Event)
        .where(Event.follows_uid == event.uid, Event.status != EventStatus.DRAFT)
        .order_by(Event.starts_local)
        .limit(1)
    )


def next_occurrence(event_id: int, since: datetime) -> Select[Occurrence]:
    """The first date of an event that ends after *since*, one that is on before any that is cancelled."""
    return (
        _date_of(event_id)
        .where(Occurrence.ends_at > since)
        .order_by(Occurrence.cancelled, Occurrence.starts_at)
    )


def last_occurrence(event_id: int) -> Select[Occurrence]:
    """The latest date of an event."""
    return _date_of(event_id).order_by(Occurrence.starts_at.desc())


def _date_of(event_id: int) -> Select[Occurrence]:
    return (
        select(Occurrence)
        .join(Occurrence.event)
        .where(Occurrence.event_id == event_id)
        .options(contains_eager(Occurrence.event))
        .limit(1)
    )


def answer_of(viewer: Viewer, occurrence_id: int) -> Select[Rsvp]:
    """The viewer's own answer to a date."""
    return select(Rsvp).where(Rsvp.occurrence_id == occurrence_id, Rsvp.person_id == viewer.id)


def offered_kinds() -> Select[EventKind]:
    """The kinds on offer, in the administrator's order."""
    return select(EventKind).where(EventKind.retired.is_(False)).order_by(EventKind.position, EventKind.id)


def all_kinds() -> Select[EventKind]:
    """Every kind, retired ones last."""
    return select(EventKind).order_by(EventKind.retired, EventKind.position, EventKind.id)


def desk_events(
    viewer: Viewer,
    *,
    status: EventStatus | None = None,
    q: str = "",
    after: tuple[datetime, int] | None = None,
) -> Select[Event]:
    """Events for the desk, lately changed first; keyset by (updated_at, id). None for who may not see the desk."""
    wanted = select(Event).where(sa.true() if can_see_desk(viewer) else sa.false())
    if status is not None:
        wanted = wanted.where(Event.status == status)
    for word in query_words(q):
        wanted = wanted.where(Event.search_text.contains(word, autoescape=True))
    if after is not None:
        moment, row = after
        wanted = wanted.where(
            or_(Event.updated_at < moment, and_(Event.updated_at == moment, Event.id < row))
        )
    return wanted.order_by(Event.updated_at.desc(), Event.id.desc()).options(
        joinedload(Event.kind),
        selectinload(Event.neighborhoods).load_only(Neighborhood.name, Neighborhood.slug),
    )


def occurrences_of(viewer: Viewer, event_id: int) -> Select[Occurrence]:
    """Every date of an event for the desk, in order; bounded by what a rule may make."""
    return (
        select(Occurrence)
        .where(Occurrence.event_id == event_id, sa.true() if can_see_desk(viewer) else sa.false())
        .order_by(Occurrence.starts_at, Occurrence.id)
    )


def history_of(viewer: Viewer, event_id: int) -> Select[Entry, str | None]:
    """What happened to an event and its dates, newest first, each with its actor's name. Empty off the desk."""
    dates = select(Occurrence.id).where(Occurrence.event_id == event_id)
    about = or_(
        and_(Entry.subject_kind == Event.__tablename__, Entry.subject_id == event_id),
        and_(Entry.subject_kind == Occurrence.__tablename__, Entry.subject_id.in_(dates)),
    )
    return (
        select(Entry, Person.name)
        .outerjoin(Person, Person.id == Entry.actor_id)
        .where(about, sa.true() if can_see_desk(viewer) else sa.false())
        .order_by(Entry.id.desc())
    )
