"""What every change of an event does besides: version, feeds, bytes, search. Who answered is told by telling.py."""

from __future__ import annotations

from sqlalchemy import select, update

from forum.core import clock, search
from forum.core.transactions import operation
from forum.events.feeds.vevent import store_bytes
from forum.events.models import Event
from forum.extensions import db


def touched(event: Event, *, reschedules: bool = False) -> None:
    """Record that *event* changed: calendars must see it, and SEQUENCE moves when when, where or whether did."""
    now = clock.now()
    event.updated_at = max(now, event.updated_at or now)
    if reschedules and event.published_at is not None:
        event.sequence += 1
    if event.published_at is not None:
        event.feed_changed_at = now
    for occurrence in event.occurrences:
        occurrence.listed = event.is_public
        occurrence.kind_id = event.kind_id
    event.vevents, event.vevents_made = store_bytes(event)
    db.session.flush()
    search.renew("event", event.id)


def version_of(event: Event) -> str:
    """What tells whether someone else changed *event*, or one of its dates, since it was shown."""
    return f"{event.updated_at.isoformat()}.{event.sequence}"


@operation
def renew(event_ids: list[int]) -> None:
    """Make the stored bytes of these events anew; nothing that a calendar compares changes."""
    for event in db.session.scalars(select(Event).where(Event.id.in_(event_ids)).with_for_update()):
        event.vevents, event.vevents_made = store_bytes(event)
    db.session.flush()


def outdate_kind(kind_id: int) -> None:
    """A kind's name is in the bytes of its events: feeds make them anew, and the nightly job stores them."""
    now = clock.now()
    of_kind = update(Event).where(Event.kind_id == kind_id)
    db.session.execute(of_kind.values(vevents_made=f"outdated {now.isoformat()}"))
    public = Event.feed_changed_at.is_not(None)
    db.session.execute(of_kind.where(public).values(feed_changed_at=now))
