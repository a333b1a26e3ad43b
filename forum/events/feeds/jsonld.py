"""schema.org Event for search engines (INTEROP 40, 41)."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from markupsafe import Markup

from forum.core import markdown
from forum.events.feeds.site import Site
from forum.events.feeds.vevent import is_cancelled
from forum.events.models import Event, EventStatus, Occurrence, RsvpPolicy

SCHEMA = "https://schema.org/"
DESCRIPTION_LENGTH = 600
# A data block is not run, but its text could end the element or be read as a line end by old parsers.
_ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def event_jsonld(event: Event, occurrence: Occurrence, site: Site) -> Markup:
    """The content of a ``<script type="application/ld+json">`` for the page that shows *occurrence*; one Event.

    Times carry the offset of their own date; all-day events have dates, the last one inclusive.
    """
    day = occurrence.original_date if event.is_series else None
    url = site.event_url(event.id, event.slug, day)
    data = {
        "@context": SCHEMA.rstrip("/"),
        "@type": "Event",
        "name": event.title,
        "url": url,
        "description": markdown.plain(event.story)[:DESCRIPTION_LENGTH].strip(),
        "image": f"{site.base_url}/media/{event.picture_shown}" if event.picture_shown else "",
        "inLanguage": event.language,
        "isAccessibleForFree": True,
        "organizer": {
            "@type": "Organization",
            "name": event.hosts or site.agency,
            "url": site.base_url + "/",
        },
        **_times(event, occurrence),
        **_status(event, occurrence),
        **_places(event, occurrence),
        **_offers(event, occurrence, site, url),
    }
    present = {name: value for name, value in data.items() if value not in ("", None)}
    return Markup(json.dumps(present, ensure_ascii=False).translate(_ESCAPES))  # noqa: S704 - escaped just here


def _times(event: Event, occurrence: Occurrence) -> dict[str, Any]:
    start, end = (moment.astimezone(event.tz) for moment in (occurrence.starts_at, occurrence.ends_at))
    if event.all_day:
        last = end - timedelta(seconds=1)
        return {"startDate": start.date().isoformat(), "endDate": last.date().isoformat()}
    return {"startDate": start.isoformat(timespec="seconds"), "endDate": end.isoformat(timespec="seconds")}


def _status(event: Event, occurrence: Occurrence) -> dict[str, Any]:
    if is_cancelled(event, occurrence):
        return {"eventStatus": SCHEMA + "EventCancelled"}
    if event.status == EventStatus.POSTPONED:
        return {"eventStatus": SCHEMA + "EventPostponed"}
    before = occurrence.original_start.replace(tzinfo=event.tz)
    if occurrence.moved and before != occurrence.starts_at:
        previous = before.date().isoformat() if event.all_day else _iso(before)
        return {"eventStatus": SCHEMA + "EventRescheduled", "previousStartDate": previous}
    return {"eventStatus": SCHEMA + "EventScheduled"}


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _places(event: Event, occurrence: Occurrence) -> dict[str, Any]:
    """Where: a Place, a VirtualLocation or both, and the mode that says so."""
    places: list[dict[str, Any]] = []
    if place := _place(event, occurrence):
        places.append(place)
    if event.online_url:
        places.append({"@type": "VirtualLocation", "url": event.online_url})
    if not places:
        return {}
    if len(places) == 2:
        return {"eventAttendanceMode": SCHEMA + "MixedEventAttendanceMode", "location": places}
    mode = "OnlineEventAttendanceMode" if event.online_url else "OfflineEventAttendanceMode"
    return {"eventAttendanceMode": SCHEMA + mode, "location": places[0]}


def _place(event: Event, occurrence: Occurrence) -> dict[str, Any] | None:
    elsewhere = (occurrence.place_name, occurrence.place_address) != (None, None)
    name = occurrence.place_name if occurrence.place_name is not None else event.place_name
    address = occurrence.place_address if elsewhere else event.place_address
    if not name and not address:
        if event.online_url or not event.neighborhoods:
            return None
        name = ", ".join(area.name for area in event.neighborhoods)
    place: dict[str, Any] = {"@type": "Place", "name": name or address, "address": address or name}
    if event.latitude is not None and event.longitude is not None and not elsewhere:
        place["geo"] = {"@type": "GeoCoordinates", "latitude": event.latitude, "longitude": event.longitude}
    return place


def _offers(event: Event, occurrence: Occurrence, site: Site, url: str) -> dict[str, Any]:
    """A free place, while people are asked to answer."""
    if event.rsvp_policy == RsvpPolicy.NONE or is_cancelled(event, occurrence):
        return {}
    held = occurrence.places_taken + occurrence.places_offered
    full = occurrence.places is not None and held >= occurrence.places
    offer: dict[str, Any] = {
        "@type": "Offer",
        "price": "0",
        "priceCurrency": site.currency,
        "availability": SCHEMA + ("SoldOut" if full else "InStock"),
        "url": url,
    }
    if event.published_at is not None:
        offer["validFrom"] = _iso(event.published_at.astimezone(event.tz))
    return {"offers": offer}
