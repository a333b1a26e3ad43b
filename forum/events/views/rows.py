"""Occurrences as pages show them: words, addresses and marks, made once for lists, months and the home page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from forum.core import clock, templating
from forum.core.languages import page_language
from forum.events.models import Event, EventKind, EventStatus, Occurrence


@dataclass(frozen=True)
class KindMark:
    """A kind's name in the page's language with its mark."""

    name: str
    color: str
    shape: str


@dataclass(frozen=True)
class EventRow:
    """One line of a list of events (components/event_row.html)."""

    title: str
    url: str
    day: date
    when: str
    kind: KindMark
    place: str
    status: str = ""
    tone: str = ""
    off: bool = False
    notes: list[str] = field(default_factory=list)
    kind_url: str | None = None


def event_rows(occurrences: Iterable[Occurrence]) -> list[EventRow]:
    """The lines of a list."""
    return [event_row(occurrence) for occurrence in occurrences]


def event_row(occurrence: Occurrence) -> EventRow:
    """One line."""
    event = occurrence.event
    status, tone = status_words(occurrence)
    return EventRow(
        title=event.title,
        url=occurrence_url(occurrence),
        day=local_start(occurrence).date(),
        when=when_words(occurrence),
        kind=kind_mark(event.kind),
        place=place_words(occurrence),
        status=status,
        tone=tone,
        off=is_off(occurrence),
        notes=_notes(occurrence),
    )


def kind_mark(kind: EventKind) -> KindMark:
    return KindMark(kind.name(page_language()), str(kind.color), str(kind.shape))


def occurrence_url(occurrence: Occurrence) -> str:
    """Its page: the event's own, or the date's of a series."""
    event = occurrence.event
    if not event.is_series:
        return f"/events/{event.id}-{event.slug}"
    return f"/events/{event.id}-{event.slug}/{occurrence.original_date.isoformat()}"


def rsvp_url(occurrence: Occurrence) -> str:
    """The answer's own page."""
    day = occurrence.original_date.isoformat() if occurrence.event.is_series else None
    return url_for("events.rsvp", event_id=occurrence.event_id, day=day)


def offer_url(occurrence: Occurrence) -> str:
    """Where its offered places are taken or passed on."""
    day = occurrence.original_date.isoformat() if occurrence.event.is_series else None
    return url_for("events.answer_offer", event_id=occurrence.event_id, day=day)


def local_start(occurrence: Occurrence) -> datetime:
    """Its start on the wall clock of the event's zone, naive."""
    return clock.to_local(occurrence.starts_at, occurrence.event.tz).replace(tzinfo=None)


def local_end(occurrence: Occurrence) -> datetime:
    """Its exclusive end on the wall clock of the event's zone, naive."""
    return clock.to_local(occurrence.ends_at, occurrence.event.tz).replace(tzinfo=None)


def last_day(occurrence: Occurrence) -> date:
    """The last local day it touches."""
    return (local_end(occurrence) - timedelta(minutes=1)).date()


def when_words(occurrence: Occurrence) -> str:
    """«6:30 to 7:30 pm», «All day», or until when it lasts; with the zone where it is not the agency's."""
    event = occurrence.event
    start, end = local_start(occurrence), local_end(occurrence)
    last = last_day(occurrence)
    if event.all_day:
        return _("All day") if last == start.date() else _("Until %(date)s", date=templating.date_short(last))
    words = templating.time_range(start, end)
    if last != start.date():
        words = _(
            "%(time)s until %(date)s, %(end)s",
            time=templating.time_of_day(start),
            date=templating.date_short(end),
            end=templating.time_of_day(end),
        )
    if event.zone != str(clock.agency_zone()):
        words = f"{words} ({event.zone.replace('_', ' ')})"
    return words


def place_words(occurrence: Occurrence) -> str:
    """Where, on one line: this date's own place before the event's; online where there is no other."""
    event = occurrence.event
    name, address = occurrence.place_name, occurrence.place_address
    if name is None:
        name, address = event.place_name, event.place_address
    words = ", ".join(part for part in (name, address) if part)
    return words or (_("Online") if event.online_url else "")


def is_off(occurrence: Occurrence) -> bool:
    """Whether nobody should set out: this date or the whole event is cancelled or postponed."""
    return occurrence.cancelled or occurrence.event.status in (EventStatus.CANCELLED, EventStatus.POSTPONED)


def status_words(occurrence: Occurrence) -> tuple[str, str]:
    """What is out of the ordinary, in a word or two, and the badge's tone."""
    event = occurrence.event
    if occurrence.cancelled or event.status == EventStatus.CANCELLED:
        return _("Cancelled"), "late"
    if event.status == EventStatus.POSTPONED:
        return _("Postponed"), "late"
    if occurrence.moved and local_start(occurrence).date() != occurrence.original_date:
        return _("Moved from %(date)s", date=templating.day_month(occurrence.original_date)), "wait"
    if is_full(occurrence):
        if occurrence.waiting:
            return ngettext("Full, %(num)s waiting", "Full, %(num)s waiting", occurrence.waiting), "late"
        return _("Full"), "late"
    return "", ""


def is_full(occurrence: Occurrence) -> bool:
    """No place that a newcomer could take."""
    places, held = occurrence.places, occurrence.places_taken + occurrence.places_offered
    return places is not None and (held >= places or occurrence.waiting > 0)


def _notes(occurrence: Occurrence) -> list[str]:
    event = occurrence.event
    notes = []
    if occurrence.places_taken and not is_full(occurrence) and not is_off(occurrence):
        notes.append(going_words(occurrence))
    if event.interpreter:
        notes.append(_("%(languages)s interpreter", languages=event.interpreter))
    return notes


def going_words(occurrence: Occurrence) -> str:
    """«41 going»."""
    return ngettext("%(num)s going", "%(num)s going", occurrence.places_taken)


def neighborhood_links(event: Event) -> list[dict[str, Any]]:
    """The areas an event is tied to, as links to their pages."""
    return [{"label": area.name, "url": f"/neighborhoods/{area.slug}"} for area in event.neighborhoods]
