"""VEVENTs (RFC 5545 3.6.1) of an event: the master and one for each date that differs from it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import icalendar
from flask_babel import gettext as _

from forum.core import markdown
from forum.events.feeds.site import Site
from forum.events.feeds.text import clean, one_line
from forum.events.feeds.vtimezone import is_utc
from forum.events.models import Event, EventStatus, Occurrence, Place, Rsvp, RsvpPolicy

STORY_LENGTH = 400  # characters: a feed of a thousand events stays under 1 MB, and the page has the rest
_EMAIL = re.compile(r"[^\s@:;,\"<>\\]+@[A-Za-z0-9.-]+")


def store_bytes(event: Event) -> tuple[bytes, str]:
    """What to keep in ``event.vevents`` and ``event.vevents_made``, after every change that calendars should see."""
    site = Site.current()
    return vevents(event, site), site.made


def vevents(event: Event, site: Site) -> bytes:
    """The folded VEVENTs of *event*, each line ended by CRLF; nothing for a draft.

    A date that ever was an exception keeps its own VEVENT, even once it is back to normal: a client that merges by UID
    and RECURRENCE-ID would otherwise hold the old exception for ever.
    """
    if not event.is_public:
        return b""
    with site.words():
        if not event.is_series:
            return _component(event, _single(event), site)
        exceptions = [o for o in event.occurrences if o.is_exception or o.sequence > 0]
        return b"".join([_component(event, None, site), *(_component(event, o, site) for o in exceptions)])


def occurrence_vevent(
    event: Event, occurrence: Occurrence, site: Site, rsvp: Rsvp | None = None, *, first_name: bool = False
) -> bytes:
    """One date alone: the series' UID with RECURRENCE-ID and no master (INTEROP 19), or the single event.

    With *rsvp*, the title and STATUS say when its owner waits in line, has an offer, or only may come. *first_name*:
    under the UID and RECURRENCE-ID that it had first, for what is not fetched again as a whole (mails, single files).
    """
    with site.words():
        return _component(event, occurrence, site, rsvp, first_name=first_name)


def _single(event: Event) -> Occurrence | None:
    return event.occurrences[0] if event.occurrences else None


def _component(
    event: Event,
    occurrence: Occurrence | None,
    site: Site,
    rsvp: Rsvp | None = None,
    *,
    first_name: bool = False,
) -> bytes:
    """The VEVENT of *occurrence*, or the master of the series when it is None."""
    entry = icalendar.Event()
    entry.add("uid", occurrence.first_uid if occurrence is not None and first_name else event.uid)
    if occurrence is not None and (event.is_series or (first_name and occurrence.known_start)):
        start = occurrence.first_start if first_name else occurrence.original_start
        _add_time(entry, "recurrence-id", event, start)
    _add_times(entry, event, occurrence)
    if occurrence is None:
        _add_recurrence(entry, event)
    if event.follows_uid:
        entry.add("related-to", event.follows_uid, parameters={"RELTYPE": "SIBLING"})  # 3.8.4.5
    _add_revision(entry, event, occurrence)
    _add_words(entry, event, occurrence, site, rsvp)
    _add_place(entry, event, occurrence)
    return bytes(entry.to_ical())


def _add_times(entry: icalendar.Event, event: Event, occurrence: Occurrence | None) -> None:
    if occurrence is None or (not occurrence.moved and event.is_series):
        start = event.starts_local if occurrence is None else occurrence.original_start
        end = start + timedelta(minutes=event.minutes)
    else:
        start = occurrence.starts_at.astimezone(event.tz).replace(tzinfo=None)
        end = occurrence.ends_at.astimezone(event.tz).replace(tzinfo=None)
    if event.all_day:
        end = max(_next_midnight(end), datetime.combine(start, time()) + timedelta(days=1))
    _add_time(entry, "dtstart", event, start)
    # A start in the hour that comes twice can lie behind its end on the wall clock (3.8.2.2 wants it later).
    _add_time(entry, "dtend", event, max(end, start + timedelta(minutes=1)))


def _next_midnight(moment: datetime) -> datetime:
    """*moment* when it is a midnight, else the one after: DTEND of all-day events is exclusive (3.6.1)."""
    midnight = datetime.combine(moment, time())
    return midnight if midnight == moment else midnight + timedelta(days=1)


def _add_time(entry: icalendar.Event, name: str, event: Event, local: datetime) -> None:
    """A naive local time in the form that all times of this event have: DATE, UTC, or local with TZID."""
    value: date | datetime
    if event.all_day:
        value = local.date()
    elif is_utc(event.zone):
        value = local.replace(tzinfo=UTC)
    else:
        value = local.replace(tzinfo=event.tz)
    entry.add(name, value)


def _add_recurrence(entry: icalendar.Event, event: Event) -> None:
    if event.rrule:
        entry.add("rrule", icalendar.vRecur.from_ical(event.rrule))
    # A property for each date: some clients read only the first value of a list.
    for name, starts in (("rdate", event.extra_starts), ("exdate", event.skipped_starts)):
        for text in sorted(starts):
            _add_time(entry, name, event, datetime.fromisoformat(text))


def _add_revision(entry: icalendar.Event, event: Event, occurrence: Occurrence | None) -> None:
    changed = event.updated_at if occurrence is None else max(event.updated_at, occurrence.updated_at)
    entry.add("dtstamp", changed.astimezone(UTC))
    entry.add("last-modified", changed.astimezone(UTC))
    entry.add("created", event.created_at.astimezone(UTC))
    entry.add("sequence", event.sequence + (0 if occurrence is None else occurrence.sequence))


def _add_words(
    entry: icalendar.Event, event: Event, occurrence: Occurrence | None, site: Site, rsvp: Rsvp | None
) -> None:
    status = _status(event, occurrence, rsvp)
    entry.add("status", status)
    entry.add("summary", one_line(_title(event, occurrence, rsvp)))
    day = occurrence.original_date if occurrence is not None and event.is_series else None
    url = site.event_url(event.id, event.slug, day)
    entry.add("description", clean(_description(event, occurrence, url)))
    entry.add("url", url)
    entry.add("categories", [one_line(event.kind.name(site.language))])
    entry.add("class", "PUBLIC")
    if is_email(event.contact_email):
        organizer = icalendar.vCalAddress(f"mailto:{event.contact_email}")
        organizer.params["CN"] = one_line(site.agency).replace('"', "")
        entry.add("organizer", organizer)
    if online := _link(event.online_url):
        entry.add("conference", online, parameters={"VALUE": "URI"})


def is_email(text: str) -> bool:
    """Whether *text* is one address that may stand in a calendar as it is."""
    return _EMAIL.fullmatch(text) is not None


def _add_place(entry: icalendar.Event, event: Event, occurrence: Occurrence | None) -> None:
    if place := place_words(event, occurrence):
        entry.add("location", place)
    elsewhere = occurrence is not None and (occurrence.place_name, occurrence.place_address) != (None, None)
    if event.latitude is not None and event.longitude is not None and not elsewhere:
        entry.add("geo", (event.latitude, event.longitude))


def place_words(event: Event, occurrence: Occurrence | None) -> str:
    """Name and address on one line; the online address when there is neither."""
    name, address = event.place_name, event.place_address
    if occurrence is not None and occurrence.place_name is not None:
        name, address = occurrence.place_name, occurrence.place_address or ""
    elif occurrence is not None and occurrence.place_address is not None:
        address = occurrence.place_address
    words = [part for part in (one_line(name), one_line(address)) if part]
    return ", ".join(words) or _link(event.online_url)


def is_cancelled(event: Event, occurrence: Occurrence | None) -> bool:
    """Whether the event, or this date of it, is cancelled."""
    return event.status == EventStatus.CANCELLED or (occurrence is not None and occurrence.cancelled)


def _status(event: Event, occurrence: Occurrence | None, rsvp: Rsvp | None) -> str:
    if is_cancelled(event, occurrence):
        return "CANCELLED"
    tentative = event.status == EventStatus.POSTPONED or (rsvp is not None and rsvp.place != Place.CONFIRMED)
    return "TENTATIVE" if tentative else "CONFIRMED"


def _title(event: Event, occurrence: Occurrence | None, rsvp: Rsvp | None) -> str:
    if is_cancelled(event, occurrence):
        return _("Cancelled: %(title)s", title=event.title)
    if event.status == EventStatus.POSTPONED:
        return _("Postponed: %(title)s", title=event.title)
    if rsvp is not None and rsvp.place == Place.WAITING:
        return _("Waitlist: %(title)s", title=event.title)
    if rsvp is not None and rsvp.place == Place.OFFERED:
        return _("Place offered: %(title)s", title=event.title)
    return event.title


def _description(event: Event, occurrence: Occurrence | None, url: str) -> str:
    reasons = [
        event.status_reason if event.status != EventStatus.PUBLISHED else "",
        occurrence.reason if occurrence else "",
    ]
    story = _plain(event.story)
    parts: Sequence[Any] = [*reasons, story, _access(event)]
    if online := _link(event.online_url):
        parts = [*parts, _("Online: %(url)s", url=online)]
    answers = event.rsvp_policy != RsvpPolicy.NONE
    parts = [*parts, _("Details and RSVP: %(url)s", url=url) if answers else _("Details: %(url)s", url=url)]
    return "\n\n".join(str(part) for part in parts if part)


@lru_cache(maxsize=64)
def _plain(story: str) -> str:
    """The story without its marks, cut at a word. Kept for the exceptions of a series and for create, then publish."""
    plain = markdown.plain(story)
    return plain if len(plain) <= STORY_LENGTH else plain[:STORY_LENGTH].rsplit(" ", 1)[0] + " …"


def _access(event: Event) -> str:
    lines = [
        _("Step-free") if event.step_free else "",
        _("Interpreter: %(languages)s", languages=event.interpreter) if event.interpreter else "",
        _("Childcare") if event.childcare else "",
        _("Quiet space") if event.quiet_space else "",
        _("Transit: %(directions)s", directions=event.transit) if event.transit else "",
    ]
    return "\n".join(line for line in lines if line)


def _link(url: str) -> str:
    """*url* when it is a web address that may stand in a URI property as it is, else ""."""
    usable = url == clean(url) and not re.search(r'[\s"<>\\^`{|}]', url) and url.isascii()
    return url if usable and urlsplit(url).scheme in ("http", "https") else ""
