"""Whole calendars: what the database keeps, joined."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from flask_babel import gettext as _

from forum.accounts.models import Person
from forum.core import clock
from forum.events.feeds.calendar import calendar
from forum.events.feeds.site import Site
from forum.events.feeds.vevent import occurrence_vevent, vevents
from forum.events.models import Event, Occurrence
from forum.events.queries import feeds as queries
from forum.events.queries.feeds import FeedRow, Window, latest
from forum.events.queries.filters import EventFilters
from forum.extensions import db

CHUNK = 500  # events loaded at once when their stored bytes do not fit
MOST_PARTS = 50  # of a series that was split again and again
KEPT = 4096  # events whose bytes in another language are kept


@dataclass(frozen=True)
class Feed:
    """A body and when it last changed, deletions included."""

    body: bytes
    changed: datetime


def public_calendar(filters: EventFilters, site: Site, *, name: str, source: str) -> Feed:
    """The public events that pass *filters*; *name* for people, *source* the feed's own absolute address."""
    window = Window.current()
    rows = db.session.execute(queries.public_feed(window, filters)).all()
    body = _joined(name, _bytes_of(rows, site), {row.zone for row in rows}, source)
    return Feed(body, latest(window.midnight, db.session.scalar(queries.feed_changed())))


def personal_calendar(person: Person, site: Site) -> Feed:
    """What *person* answered and what happens in the areas they follow, an event once."""
    window = Window.current()
    rows = db.session.execute(queries.followed_feed(window, person)).all()
    followed = {row.id for row in rows}
    answered = db.session.scalars(queries.answered_in(window, person))
    answers = [rsvp for rsvp in answered if rsvp.occurrence.event_id not in followed]
    own = [occurrence_vevent(rsvp.occurrence.event, rsvp.occurrence, site, rsvp) for rsvp in answers]
    zones = {row.zone for row in rows} | {rsvp.occurrence.event.zone for rsvp in answers}
    with site.words():
        name = _("%(agency)s: my events", agency=site.agency)
    body = _joined(name, [*_bytes_of(rows, site), *own], zones, None)
    personal = db.session.execute(queries.personal_changed(person)).one()
    return Feed(body, latest(window.midnight, db.session.scalar(queries.feed_changed()), *personal))


def event_calendar(event: Event, site: Site) -> Feed:
    """One event, the series with its exceptions; where it was split, with those that took over its later dates."""
    parts = _with_following(event)
    zones = {part.zone for part in parts}
    body = _joined(event.title, [vevents(part, site) for part in parts], zones, None)
    return Feed(
        body, latest(*(moment for part in parts for moment in (part.feed_changed_at, part.updated_at)))
    )


def _with_following(event: Event) -> list[Event]:
    """*event* and what follows it. A series may be split more than once at its end: then the newer part is first."""
    found, waiting = [event], [event]
    while waiting and len(found) < MOST_PARTS:
        following = list(db.session.scalars(queries.following_event(waiting.pop())).unique())
        found += following
        waiting += following
    return found


def occurrence_calendar(occurrence: Occurrence, site: Site) -> Feed:
    """One date alone."""
    event = occurrence.event
    entry = occurrence_vevent(event, occurrence, site, first_name=True)  # who opened it before finds it again
    body = _joined(event.title, [entry], {event.zone}, None)
    return Feed(body, latest(event.feed_changed_at, event.updated_at, occurrence.updated_at))


def _joined(name: str, bodies: Sequence[bytes], zones: set[str], source: str | None) -> bytes:
    agency = clock.agency_zone().key
    return calendar(name, bodies, zones, year=clock.today().year, zone=agency, source=source)


def _bytes_of(rows: Sequence[FeedRow], site: Site) -> list[bytes]:
    """The stored bytes; what was made for another site, language or renderer is made anew, in memory."""
    made = site.made
    stale = [row for row in rows if row.vevents_made != made]
    if not stale:
        return [row.vevents for row in rows]
    fresh = _made_anew(stale, site)
    return [fresh.get(row.id, row.vevents) for row in rows]


def _made_anew(rows: Sequence[FeedRow], site: Site) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    missing: dict[int, _Slot] = {}
    for row in rows:
        slot = _slot(
            row.id, hashlib.blake2b(row.vevents, digest_size=16).digest(), row.vevents_made, site.made
        )
        if slot.body is None:
            missing[row.id] = slot
        else:
            found[row.id] = slot.body
    ids = list(missing)
    for start in range(0, len(ids), CHUNK):
        for event in db.session.scalars(queries.events_to_render(ids[start : start + CHUNK])).unique():
            found[event.id] = missing[event.id].body = vevents(event, site)
    return found


class _Slot:
    body: bytes | None = None


@lru_cache(maxsize=KEPT)
def _slot(event_id: int, stored: bytes, made: str, wanted: str) -> _Slot:
    """Where the bytes of an event are kept whose stored bytes are these: any change of it leads to another slot."""
    return _Slot()
