"""What the town asks the database while it is being loaded."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select

from forum.accounts.addresses import fold
from forum.accounts.models import Person, Team
from forum.concerns.models import Category, Concern
from forum.events.models import Event, EventKind, EventStatus, Occurrence, event_neighborhood
from forum.extensions import db
from forum.neighborhoods.models import Beat, Neighborhood


def person(email: str) -> Person | None:
    """Whoever has that address."""
    return db.session.scalars(select(Person).where(Person.email_folded == fold(email))).one_or_none()


def teams() -> dict[str, int]:
    """Ids of teams by name."""
    return {name: team for team, name in db.session.execute(select(Team.id, Team.name))}


def neighborhoods() -> dict[str, Neighborhood]:
    """Every area by its name."""
    return {area.name: area for area in db.session.scalars(select(Neighborhood))}


def categories() -> dict[str, Category]:
    """What concerns can be about, by slug."""
    return {category.slug: category for category in db.session.scalars(select(Category))}


def has_concerns() -> bool:
    """Whether somebody has raised one."""
    return bool(db.session.scalar(select(exists().where(Concern.id.is_not(None)))))


def beat_codes() -> set[str]:
    """The codes of the beats that are there."""
    return set(db.session.scalars(select(Beat.code)))


def some_single(prefix: str) -> tuple[str, datetime] | None:
    """Key and local start of an event that is no series and whose key begins with `prefix`."""
    found = select(Event.source_key, Event.starts_local).where(
        Event.source_key.startswith(prefix), Event.rrule.is_(None)
    )
    row = db.session.execute(found.order_by(Event.id).limit(1)).first()
    return (str(row[0]), row[1]) if row else None


def upcoming(
    after: datetime,
    *,
    kinds: tuple[str, ...] = (),
    areas: tuple[str, ...] = (),
    series: bool | None = None,
    most: int = 12,
) -> list[Occurrence]:
    """The next dates after `after` that take place as announced, of events of those kinds and in one of those areas."""
    found = (
        select(Occurrence)
        .join(Event)
        .join(EventKind, EventKind.id == Event.kind_id)
        .where(Occurrence.listed, Occurrence.starts_at > after, ~Occurrence.cancelled, ~Occurrence.moved)
        .where(Event.status == EventStatus.PUBLISHED, ~Event.all_day)
        .order_by(Occurrence.starts_at, Occurrence.id)
        .limit(most)
    )
    if kinds:
        found = found.where(EventKind.slug.in_(kinds))
    if series is not None:
        found = found.where(Event.rrule.is_not(None) if series else Event.rrule.is_(None))
    if areas:
        here = select(event_neighborhood.c.event_id).join(Neighborhood).where(Neighborhood.name.in_(areas))
        found = found.where(Event.id.in_(here))
    return list(db.session.scalars(found))
