"""Fills the letters of ``letters/*.eml``: each is what one program sends, with the facts of the event left open."""

from __future__ import annotations

import base64
import quopri
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from forum.core import clock
from forum.events.invitee import address_for
from forum.events.models import Rsvp

FOLDER = Path(__file__).parent / "letters"
CALENDAR = re.compile(r"%%calendar:(\w+)%%\n(.*?)%%end%%\n", re.S)
# What each program sends when somebody presses Accept, Tentative or Decline.
PROGRAMS = (
    "google", "outlook", "outlook_quoted_printable", "outlook_spanish", "outlook_com", "apple", "iphone",
    "thunderbird", "proton", "android", "nextcloud", "zimbra_all_attendees", "broken_folding",
    "old_exchange_blanks", "alias", "garbage_dates",
)  # fmt: skip


def letter(name: str, rsvp: Rsvp, partstat: str = "ACCEPTED", **facts: object) -> bytes:
    """The letter *name* as the owner of *rsvp* would send it now; *facts* replace what it says."""
    return filled(name, {**_facts(rsvp), "partstat": partstat, **facts})


def filled(name: str, known: Mapping[str, object]) -> bytes:
    """The letter *name* with these facts."""
    text = (FOLDER / f"{name}.eml").read_text()
    text = re.sub(r"\{(\w+)\}", lambda match: str(known[match[1]]), text)
    pieces, at = [], 0
    for match in CALENDAR.finditer(text):
        pieces += [_crlf(text[at : match.start()]), _encoded(match[1], match[2])]
        at = match.end()
    return b"".join([*pieces, _crlf(text[at:])])


def _facts(rsvp: Rsvp) -> dict[str, object]:
    occurrence, event = rsvp.occurrence, rsvp.occurrence.event
    start = occurrence.starts_at.astimezone(event.tz)
    end = occurrence.ends_at.astimezone(event.tz)
    now = clock.now()
    original = f"{occurrence.original_start:%Y%m%dT%H%M%S}"
    return {
        "to": address_for(rsvp.id),
        "from": rsvp.person.email if rsvp.person else rsvp.email,
        "uid": event.uid,
        "sequence": event.sequence + occurrence.sequence,
        "date": format_datetime(now),
        "stamp": _utc(now),
        "start_utc": _utc(start),
        "end_utc": _utc(end),
        "start_utc_naive": _utc(start)[:-1],
        "end_utc_naive": _utc(end)[:-1],
        "start_local": f"{start:%Y%m%dT%H%M%S}",
        "end_local": f"{end:%Y%m%dT%H%M%S}",
        "recurrence_outlook": f"RECURRENCE-ID;TZID=Central Standard Time:{original}\n"
        if event.is_series
        else "",
        "recurrence_iana": f"RECURRENCE-ID;TZID=America/Chicago:{original}\n" if event.is_series else "",
    }


def stamped(ago: timedelta) -> dict[str, object]:
    """Facts of a letter that was written *ago*."""
    then = clock.now() - ago
    return {"stamp": _utc(then), "date": format_datetime(then)}


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _crlf(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


def _encoded(how: str, calendar: str) -> bytes:
    lines = calendar.splitlines()
    if how == "wrapped":
        return (
            b"\r\n".join(line[at : at + 60].encode() for line in lines for at in range(0, len(line), 60))
            + b"\r\n"
        )
    data = b"".join(_folded(line.encode("latin-1" if how == "latin" else "utf-8")) for line in lines)
    if how == "base64":
        return base64.encodebytes(data).replace(b"\n", b"\r\n")
    return quopri.encodestring(data.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n") if how == "qp" else data


def _folded(line: bytes) -> bytes:
    """RFC 5545 3.1, octets counted, as careless as most programs about where a character ends."""
    pieces = [line[:75], *(line[at : at + 74] for at in range(75, len(line), 74))]
    return b"\r\n ".join(pieces) + b"\r\n"
