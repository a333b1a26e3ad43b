"""VCALENDAR (RFC 5545 3.4, RFC 7986 5): joins what events keep."""

from __future__ import annotations

from collections.abc import Iterable

from forum.events.feeds.text import content_line, text_line
from forum.events.feeds.vtimezone import is_utc, vtimezone

PRODID = "-//Common Ground//Events//EN"
REFRESH = "PT1H"


def calendar(
    name: str,
    vevents: Iterable[bytes],
    zones: Iterable[str],
    *,
    year: int,
    zone: str,
    source: str | None = None,
) -> bytes:
    """The calendar object around folded *vevents* whose TZIDs are *zones*; *zone* is the agency's, *year* the present.

    No METHOD: a feed is not a message, and PUBLISH would demand an ORGANIZER of every event (RFC 5546 3.2.1).
    *source* is the feed's own public address; a private one does not name itself.
    """
    needed = sorted({key for key in zones if not is_utc(key)})
    return b"".join(
        (_head(name, zone, source), *(vtimezone(key, year) for key in needed), *vevents, b"END:VCALENDAR\r\n")
    )


def _head(name: str, zone: str, source: str | None) -> bytes:
    lines = [
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n",
        content_line("PRODID", PRODID),
        content_line("CALSCALE", "GREGORIAN"),
        text_line("NAME", name),
        text_line("X-WR-CALNAME", name),
        text_line("X-WR-TIMEZONE", zone),
        content_line("REFRESH-INTERVAL;VALUE=DURATION", REFRESH),
        content_line("X-PUBLISHED-TTL", REFRESH),
    ]
    if source is not None:
        lines.append(content_line("SOURCE;VALUE=URI", source))
    return b"".join(lines)
