"""Minutes and action items: of one date, of a series' earlier dates, and what is still open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload, undefer

from forum.events.models import ActionItem, Event, Minutes, Occurrence
from forum.events.policy import Viewer, can_see_desk
from forum.extensions import db

EARLIER = 3  # how many earlier minutes an event's page names


def public_minutes(event_id: int, occurrence_id: int) -> Select[Minutes, date]:
    """The minutes of an event that everybody may read, each with its original date: *occurrence_id*'s first, where it
    has some, then the newest. With their action items, soonest due first, in one query: call ``unique()``."""
    return (
        select(Minutes, Occurrence.original_date)
        .join(Occurrence, Minutes.occurrence_id == Occurrence.id)
        .where(Occurrence.event_id == event_id, Minutes.published_at.is_not(None))
        .options(joinedload(Minutes.items))
        .order_by(sa.case((Occurrence.id == occurrence_id, 0), else_=1), Occurrence.starts_at.desc())
        .limit(EARLIER + 1)
    )


def with_minutes(occurrence_ids: Iterable[int]) -> set[int]:
    """Which of these dates have minutes that everybody may read."""
    found = select(Minutes.occurrence_id).where(
        Minutes.occurrence_id.in_(list(occurrence_ids)), Minutes.published_at.is_not(None)
    )
    return set(db.session.scalars(found))


def minutes_of(viewer: Viewer, occurrence_id: int) -> Select[Minutes]:
    """The minutes of a date as the desk writes them, drafts too. None off the desk."""
    return (
        select(Minutes)
        .where(Minutes.occurrence_id == occurrence_id, sa.true() if can_see_desk(viewer) else sa.false())
        .options(undefer(Minutes.text), selectinload(Minutes.items))
    )


def open_items(
    viewer: Viewer, *, mine: bool = False, after: tuple[date, int] | None = None
) -> Select[ActionItem]:
    """Action items that are not done, soonest due first; keyset by (due_on, id). None off the desk.

    *mine*: only those the viewer answers for.
    """
    wanted = (
        select(ActionItem)
        .join(ActionItem.minutes)
        .where(ActionItem.done_on.is_(None), sa.true() if can_see_desk(viewer) else sa.false())
    )
    if mine:
        wanted = wanted.where(ActionItem.owner_id == viewer.id)
    if after is not None:
        wanted = wanted.where(sa.tuple_(ActionItem.due_on, ActionItem.id) > sa.tuple_(*after))
    whose = joinedload(ActionItem.minutes).joinedload(Minutes.occurrence)
    return wanted.order_by(ActionItem.due_on, ActionItem.id).options(
        whose.load_only(Occurrence.original_date, Occurrence.event_id)
        .joinedload(Occurrence.event)
        .load_only(Event.title, Event.zone)
    )
