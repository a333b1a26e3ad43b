"""One person's invitation to one date: the calendar part of a mail (iTIP, RFC 5546 3.2.2 and 3.2.5; iMIP, RFC 6047).

What a date is called, when it is and how often it changed are what the feeds say (docs/decisions/0009-invitations.md).
Nobody else who was invited is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from forum.events.feeds.calendar import PRODID
from forum.events.feeds.site import Site
from forum.events.feeds.text import content_line, one_line
from forum.events.feeds.vevent import occurrence_vevent
from forum.events.feeds.vtimezone import is_utc, vtimezone
from forum.events.models import Answer, Occurrence, Place, Rsvp

BASES = 64  # how many are kept of what is the same for all who are told of one change
_PERSONAL = re.compile(rb"^(?:DTSTAMP|ORGANIZER)[;:](?:.|\r\n[ \t])*\r\n", re.M)
_STATUS = re.compile(rb"^STATUS:[A-Z-]+", re.M)
_END = b"END:VEVENT\r\n"


class Method(StrEnum):
    """What the calendar is asked to do."""

    CANCEL = "CANCEL"
    REQUEST = "REQUEST"


@dataclass(frozen=True, kw_only=True)
class Invited:
    """Between whom the invitation is. Addresses are bare; *answers* is whether replies to *organizer* are read."""

    organizer: str
    address: str
    name: str = ""
    answers: bool = False


def invitation(rsvp: Rsvp, method: Method, invited: Invited, *, stamped_at: datetime, language: str) -> bytes:
    """The VCALENDAR that invites the owner of *rsvp*, tells them of a change, or takes the date out again.

    *stamped_at* (aware) is when what is said became true: of two with the same SEQUENCE the later one counts.
    """
    occurrence, site = rsvp.occurrence, Site.current(language)
    stamp = max(stamped_at, occurrence.event.updated_at, occurrence.updated_at).astimezone(UTC)
    lines = (
        _base(rsvp, method, site),
        content_line("DTSTAMP", f"{stamp:%Y%m%dT%H%M%SZ}"),
        content_line(f"ORGANIZER{_cn(site.agency)}", f"mailto:{invited.organizer}"),
        content_line(f"ATTENDEE{_attendee(rsvp, method, invited)}", f"mailto:{invited.address}"),
        _END,
        b"END:VCALENDAR\r\n",
    )
    return b"".join(lines)


_bases: dict[tuple[object, ...], bytes] = {}


def _base(rsvp: Rsvp, method: Method, site: Site) -> bytes:
    """All before the lines about the two people; made once for the thousands it goes to."""
    occurrence, event = rsvp.occurrence, rsvp.occurrence.event
    versions = (event.sequence + occurrence.sequence, event.updated_at, occurrence.updated_at)
    key = (site, event.uid, occurrence.id, *versions, rsvp.place, method)
    found = _bases.get(key)
    if found is None:
        if len(_bases) >= BASES:
            _bases.clear()
        found = _bases[key] = b"".join(_lines(occurrence, rsvp, method, site))
    return found


def _lines(occurrence: Occurrence, rsvp: Rsvp, method: Method, site: Site) -> Iterator[bytes]:
    event = occurrence.event
    yield b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
    yield content_line("PRODID", PRODID)
    yield content_line("CALSCALE", "GREGORIAN")
    yield content_line("METHOD", method)
    if not is_utc(event.zone) and not event.all_day:
        yield vtimezone(event.zone, occurrence.starts_at.year)
    cancels = method is Method.CANCEL
    vevent = occurrence_vevent(event, occurrence, site, None if cancels else rsvp, first_name=True)
    vevent = _PERSONAL.sub(b"", vevent).removesuffix(_END)
    yield _STATUS.sub(b"STATUS:CANCELLED", vevent) if cancels else vevent


_PARTSTAT = {Place.CONFIRMED: "ACCEPTED", Place.OFFERED: "NEEDS-ACTION", Place.WAITING: "NEEDS-ACTION"}


def _attendee(rsvp: Rsvp, method: Method, invited: Invited) -> str:
    declined = rsvp.answer == Answer.NOT_GOING
    said = _PARTSTAT.get(rsvp.place, "DECLINED" if declined else "TENTATIVE")
    asks = "TRUE" if method is Method.REQUEST and invited.answers else "FALSE"
    return f";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={said};RSVP={asks}{_cn(invited.name)}"


def _cn(name: str) -> str:
    """The parameter that names somebody; a quote cannot stand in one (RFC 5545 3.2)."""
    clean = one_line(name).replace('"', "")
    return f';CN="{clean}"' if clean else ""
