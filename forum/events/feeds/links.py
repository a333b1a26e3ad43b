"""Addresses that put one date, or a whole feed, into a calendar. Nothing is asked of anybody until one is clicked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

from forum.events.feeds.site import Site
from forum.events.feeds.vevent import place_words
from forum.events.models import Event, Occurrence


@dataclass(frozen=True)
class AddLinks:
    """Ways to keep one date. ``series`` and ``series_webcal`` follow the whole event, moves included."""

    google: str
    outlook: str
    ics: str
    series: str
    series_webcal: str


@dataclass(frozen=True)
class SubscribeLinks:
    """Ways to follow a feed: the plain address to copy, and what opens an application with it."""

    https: str
    webcal: str
    google: str
    outlook: str


def add_links(event: Event, occurrence: Occurrence, site: Site) -> AddLinks:
    """The links of the page of *occurrence*. Google and Outlook take a copy that does not follow later changes."""
    start, end = (moment.astimezone(event.tz) for moment in (occurrence.starts_at, occurrence.ends_at))
    series = f"{site.base_url}/events/{event.id}.ics"
    day = occurrence.original_date.isoformat()
    return AddLinks(
        google=_google(event, occurrence, start, end, site),
        outlook=_outlook(event, occurrence, start, end, site),
        ics=f"{site.base_url}/events/{event.id}/{day}.ics" if event.is_series else series,
        series=series,
        series_webcal=webcal(series),
    )


def subscribe_links(url: str, name: str) -> SubscribeLinks:
    """The links for the feed at *url* (absolute); *name* is what Outlook shall call it."""
    return SubscribeLinks(
        https=url,
        webcal=webcal(url),
        google="https://calendar.google.com/calendar/r?cid=" + quote(webcal(url), safe=""),
        outlook="https://outlook.live.com/calendar/0/addfromweb?" + urlencode({"url": url, "name": name}),
    )


def webcal(url: str) -> str:
    """*url* under the scheme that calendar programs open; they ask by https or http all the same."""
    return "webcal://" + url.partition("://")[2]


def _google(event: Event, occurrence: Occurrence, start: datetime, end: datetime, site: Site) -> str:
    if event.all_day:
        dates = f"{start:%Y%m%d}/{_last_day(end) + timedelta(days=1):%Y%m%d}"
    else:
        dates = f"{start:%Y%m%dT%H%M%S}/{end:%Y%m%dT%H%M%S}"
    query = {
        "action": "TEMPLATE",
        "text": event.title,
        "dates": dates,
        "ctz": event.zone,
        "location": place_words(event, occurrence),
        "details": _page(event, occurrence, site),
    }
    return "https://calendar.google.com/calendar/render?" + urlencode(query)


def _outlook(event: Event, occurrence: Occurrence, start: datetime, end: datetime, site: Site) -> str:
    query = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": event.title,
        "startdt": start.date().isoformat() if event.all_day else start.isoformat(timespec="seconds"),
        "enddt": _last_day(end).date().isoformat() if event.all_day else end.isoformat(timespec="seconds"),
        "location": place_words(event, occurrence),
        "body": _page(event, occurrence, site),
    }
    if event.all_day:
        query["allday"] = "true"
    return "https://outlook.live.com/calendar/0/deeplink/compose?" + urlencode(query)


def _last_day(end: datetime) -> datetime:
    """The last day of an all-day date whose exclusive end is *end*."""
    return end - timedelta(seconds=1)


def _page(event: Event, occurrence: Occurrence, site: Site) -> str:
    return site.event_url(event.id, event.slug, occurrence.original_date if event.is_series else None)
