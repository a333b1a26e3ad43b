"""VTIMEZONE (RFC 5545 3.6.5) made from the zone's own rules.

icalendar's generator writes lists of dates, of which ical.js reads the first, Outlook none, and it is an hour off on
the day the clocks go forward. Two observances with a yearly rule are what every client understands.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from forum.events.feeds.text import content_line
from forum.events.zones import Change, changes_of, yearly_rules

BEGINNING = datetime(1970, 1, 1)  # noqa: DTZ001 - wall-clock time of whichever zone
UTC_NAMES = frozenset({"UTC", "Etc/UTC", "Etc/UCT", "Etc/Universal", "Etc/Zulu", "UCT", "Universal", "Zulu"})


def is_utc(key: str) -> bool:
    """Whether times of this zone are written with ``Z``: TZID=UTC is known to no client."""
    return key in UTC_NAMES


@cache
def vtimezone(key: str, year: int) -> bytes:
    """The folded component of the IANA zone *key*, true from the year before *year* on, for ever where rules allow."""
    return b"".join(
        (b"BEGIN:VTIMEZONE\r\n", content_line("TZID", key), *_observances(key, year), b"END:VTIMEZONE\r\n")
    )


def _observances(key: str, year: int) -> list[bytes]:
    rules = yearly_rules(key, year)
    if rules is not None and all(rule.rrule() for rule in rules):
        ordered = sorted(rules, key=lambda rule: rule.change(rule.since).at)
        return [_observance(rule.change(rule.since), rule.rrule()) for rule in ordered]
    zone = ZoneInfo(key)
    # Zones that follow the moon, or a rule no RRULE can say: each change by its date, from a year back to three ahead.
    listed = [change for y in range(year - 1, year + 4) for change in changes_of(zone, y)]
    if not listed:
        return [_observance(_last_change(zone, year), None, still=True)]
    offset = listed[0].offset_from
    before = Change(BEGINNING, offset, offset, _name_before(zone, listed[0]))
    return [_observance(change, None) for change in (before, *listed)]


def _observance(change: Change, rrule: str | None, *, still: bool = False) -> bytes:
    kind = "DAYLIGHT" if change.forward and not still else "STANDARD"
    lines = [
        f"BEGIN:{kind}\r\n".encode(),
        content_line("DTSTART", f"{change.at:%Y%m%dT%H%M%S}"),
        content_line("RRULE", rrule) if rrule else b"",
        content_line("TZOFFSETFROM", _offset(change.offset_from)),
        content_line("TZOFFSETTO", _offset(change.offset_to)),
        content_line("TZNAME", change.name),
        f"END:{kind}\r\n".encode(),
    ]
    return b"".join(lines)


def _last_change(zone: ZoneInfo, year: int) -> Change:
    """The change since which the zone has kept still; a beginning in 1970 when there was none after that."""
    for earlier in range(year, 1969, -1):
        if changes := changes_of(zone, earlier):
            return changes[-1]
    local = datetime(1970, 1, 1, tzinfo=zone)
    offset = local.utcoffset() or timedelta()
    return Change(local.replace(tzinfo=None), offset, offset, local.tzname() or "")


def _name_before(zone: ZoneInfo, change: Change) -> str:
    return (change.at - timedelta(days=1)).replace(tzinfo=zone).tzname() or ""


def _offset(offset: timedelta) -> str:
    sign = "-" if offset < timedelta() else "+"
    minutes, seconds = divmod(abs(offset) // timedelta(seconds=1), 60)
    return f"{sign}{minutes // 60:02}{minutes % 60:02}" + (f"{seconds:02}" if seconds else "")
