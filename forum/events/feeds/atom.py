"""Events for feed readers (RFC 4287)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from flask_babel import gettext as _

from forum.core.feeds import AtomEntry
from forum.core.templating import date_long, time_of_day
from forum.events.feeds.site import Site
from forum.events.feeds.vevent import is_cancelled, place_words
from forum.events.models import Event, EventStatus, Occurrence


def event_entries(pairs: Iterable[tuple[Event, Occurrence]], site: Site) -> list[AtomEntry]:
    """An entry for each event, whose summary says when and where *occurrence* (its next date) is."""
    with site.words():
        return [_entry(event, occurrence, site) for event, occurrence in pairs]


def _entry(event: Event, occurrence: Occurrence, site: Site) -> AtomEntry:
    return AtomEntry(
        id=_id(event, site),
        title=_title(event, occurrence),
        url=site.event_url(event.id, event.slug),
        updated=max(event.updated_at, occurrence.updated_at),
        published=event.published_at,
        summary=_summary(event, occurrence),
        html=event.story_html.replace('href="/', f'href="{site.base_url}/'),
        categories=(event.kind.name(site.language),),
    )


def _id(event: Event, site: Site) -> str:
    """The UID as an IRI; where an import brought another kind of UID, the address without its title."""
    try:
        return uuid.UUID(event.uid).urn
    except ValueError:
        return f"{site.base_url}/events/{event.id}"


def _title(event: Event, occurrence: Occurrence) -> str:
    if is_cancelled(event, occurrence):
        return _("Cancelled: %(title)s", title=event.title)
    if event.status == EventStatus.POSTPONED:
        return _("Postponed: %(title)s", title=event.title)
    return event.title


def _summary(event: Event, occurrence: Occurrence) -> str:
    start = occurrence.starts_at.astimezone(event.tz).replace(tzinfo=None)
    when = date_long(start)
    if not event.all_day:
        when = _("%(date)s, %(time)s", date=when, time=time_of_day(start))
    place = place_words(event, occurrence)
    return f"{when}, {place}" if place else when
