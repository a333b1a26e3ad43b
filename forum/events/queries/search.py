"""What search keeps of events, and what of them a viewer may find."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, load_only, selectinload, undefer

from forum.core import clock, markdown
from forum.core.search import PUBLIC, Entry
from forum.events.models import Event, EventStatus, Occurrence
from forum.events.policy import Viewer, can_see_desk
from forum.extensions import db
from forum.neighborhoods.models import Neighborhood

DESK = "events_desk"  # the audience of drafts


def all_ids() -> list[int]:
    """Every event's id."""
    return list(db.session.scalars(select(Event.id).order_by(Event.id)))


def entries(ids: Sequence[int]) -> Iterator[Entry]:
    """What is to be found of these events: a series counts with its first date, a draft for the desk alone."""
    wanted = (
        select(Event)
        .where(Event.id.in_(ids))
        .options(undefer(Event.story), selectinload(Event.neighborhoods).load_only(Neighborhood.name))
    )
    for event in db.session.scalars(wanted):
        told = (event.place_name, event.place_address, event.hosts, markdown.plain(event.story))
        yield Entry(
            subject_id=event.id,
            title=event.title,
            text=" · ".join(part for part in told if part),
            at=clock.to_utc(event.starts_local, event.tz),
            audience=PUBLIC if event.is_public else DESK,
            neighborhood_ids=tuple(area.id for area in event.neighborhoods),
            language=event.language,
        )


def found(viewer: Viewer, ids: Sequence[int]) -> Select[Event]:
    """Those of these events that *viewer* may see, with what a line about each shows."""
    wanted = select(Event).where(Event.id.in_(ids))
    if not can_see_desk(viewer):
        wanted = wanted.where(Event.status != EventStatus.DRAFT)
    columns = (Event.title, Event.slug, Event.status, Event.starts_local, Event.zone, Event.place_name)
    return wanted.options(load_only(*columns), joinedload(Event.kind))


def next_starts(ids: Sequence[int], now: datetime) -> dict[int, datetime]:
    """When each of these events takes place next, where it still does."""
    ahead = (
        select(Occurrence.event_id, func.min(Occurrence.starts_at))
        .where(Occurrence.event_id.in_(ids), Occurrence.ends_at > now, ~Occurrence.cancelled)
        .group_by(Occurrence.event_id)
    )
    return dict(db.session.execute(ahead).all())
