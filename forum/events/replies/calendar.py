"""A calendar part of a letter as replies (iTIP, RFC 5546 3.2.3), whatever program wrote it.

Lenient where a mistake changes nothing (folding that a mail server broke, a zone's Windows name, a garbage date in a
property that is not needed), strict about the four things that count: method, UID, PARTSTAT, RECURRENCE-ID.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from forum.core.mail_receive import CalendarPart
from forum.events.importing.fields import Refused, is_zone, stamp
from forum.events.importing.ics_lines import Block, Line, blocks_of, lines_of
from forum.events.importing.model import UnreadableFile

MOST = 10  # dates answered in one letter
_NEW_LINE = re.compile(r"[A-Za-z0-9-]+[;:]")
_BEGIN = re.compile(r"BEGIN\s*:\s*VCALENDAR", re.I)
_ADDRESS = re.compile(r"\s*(?:mailto:)?\s*<?([^\s<>]+@[^\s<>]+?)>?\s*", re.I)


class Said(StrEnum):
    """What a letter asks for: PARTSTAT (RFC 5545 3.2.12) of a REPLY, or another method."""

    ACCEPTED = "accepted"
    COUNTER = "counter"  # another time is proposed (RFC 5546 3.2.7)
    DECLINED = "declined"
    DELEGATED = "delegated"
    NOTHING = "nothing"  # NEEDS-ACTION, or a method that asks nothing of us
    REFRESH = "refresh"  # the newest version is wanted (RFC 5546 3.2.6)
    TENTATIVE = "tentative"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One answer to one date. Local times are naive; *zone* is the IANA name they were written in, "" for none."""

    said: Said
    uid: str
    organizer: str = ""  # the address the invitation carried, lower case
    attendee: str = ""
    sequence: int = 0
    recurrence: datetime | date | None = None
    recurrence_zone: str = ""
    starts: datetime | date | None = None
    starts_zone: str = ""
    stamped_at: datetime | None = None  # DTSTAMP, UTC


class UnreadableReply(ValueError):
    """The calendar is no answer that could be counted; ``word`` is ``broken`` or ``foreign`` (not an answer at all)."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


def read(part: CalendarPart, ours: str = "") -> tuple[Reply, ...]:
    """The replies in *part*. *ours* is the address that was invited: its ATTENDEE counts where there are several.

    Raises UnreadableReply when nothing in it can be taken for an answer.
    """
    try:
        calendar, blocks = blocks_of(list(lines_of(_mended(part.text).encode("utf-8", "replace"))))
    except UnreadableFile as error:
        raise UnreadableReply("broken") from error
    method = next((line.value.strip().upper() for line in calendar if line.name == "METHOD"), part.method)
    if method not in ("REPLY", "COUNTER", "REFRESH"):
        raise UnreadableReply("foreign")
    if not blocks:
        raise UnreadableReply("broken")
    return tuple(_reply(block, method, ours) for block in blocks[:MOST])


def _mended(text: str) -> str:
    """*text* from BEGIN:VCALENDAR on, its folding (RFC 5545 3.1) made whole.

    Mail servers and hurried programs wrap long lines without the blank that marks a continuation. A line that cannot
    begin a property, or that follows one without a value yet, is a continuation.
    """
    found = _BEGIN.search(text)
    if found is None:
        raise UnreadableReply("broken")
    lines = re.split(r"\r\n|\r|\n", "BEGIN:VCALENDAR" + text[found.end() :])
    return "\r\n".join(_refolded(lines))


def _refolded(lines: list[str]) -> Iterator[str]:
    logical = ""
    for line in lines:
        if not line.strip():
            continue
        if line[0] in " \t":
            logical += line[1:]
        elif logical and (not _NEW_LINE.match(line) or not _has_value(logical)):
            logical += line
        else:
            if logical:
                yield logical
            logical = line
    if logical:
        yield logical


def _has_value(line: str) -> bool:
    """Whether there is a colon outside quotes."""
    return ":" in re.sub(r'"[^"]*"?', "", line)


def _reply(block: Block, method: str, ours: str) -> Reply:
    uid = block.text("UID").strip()
    if not uid:
        raise UnreadableReply("broken")
    attendee, said = _attendee(block, ours)
    if method != "REPLY":
        said = Said.COUNTER if method == "COUNTER" else Said.REFRESH
    elif said is None:
        raise UnreadableReply("broken")
    recurrence, recurrence_zone = _moment(block, "RECURRENCE-ID", needed=True)
    starts, starts_zone = _moment(block, "DTSTART")
    return Reply(
        said=said or Said.NOTHING,
        uid=uid,
        organizer=_address(block.all("ORGANIZER")[0].value) if block.all("ORGANIZER") else "",
        attendee=attendee,
        sequence=_number(block.text("SEQUENCE")),
        recurrence=recurrence,
        recurrence_zone=recurrence_zone,
        starts=starts,
        starts_zone=starts_zone,
        stamped_at=_stamped(block),
    )


_SAID = {
    "ACCEPTED": Said.ACCEPTED,
    "DECLINED": Said.DECLINED,
    "DELEGATED": Said.DELEGATED,
    "NEEDS-ACTION": Said.NOTHING,
    "TENTATIVE": Said.TENTATIVE,
}


def _attendee(block: Block, ours: str) -> tuple[str, Said | None]:
    """Who answers, and what. RFC 5546 3.2.3 wants exactly one ATTENDEE; where there are more, ours or nobody."""
    lines = block.all("ATTENDEE")
    if len(lines) > 1:
        lines = [line for line in lines if _address(line.value) == ours.lower()][:1]
    if not lines:
        return "", None
    # Without PARTSTAT it is NEEDS-ACTION (RFC 5545 3.2.12): that is no answer, and not broken.
    word = lines[0].parameters.get("PARTSTAT", "NEEDS-ACTION").strip().upper()
    return _address(lines[0].value), _SAID.get(word)


def _address(value: str) -> str:
    match = _ADDRESS.fullmatch(value)
    return match[1].lower() if match else ""


def _number(text: str) -> int:
    text = text.strip()
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else 0


def _moment(block: Block, name: str, *, needed: bool = False) -> tuple[datetime | date | None, str]:
    """A property's date or moment (aware when it is UTC) and its zone; None where there is none or, unless *needed*,
    where it is no date at all."""
    lines = block.all(name)
    if not lines:
        return None, ""
    try:
        when, utc = stamp(lines[0].value)
    except Refused as error:
        if needed:
            raise UnreadableReply("broken") from error
        return None, ""
    if isinstance(when, datetime) and utc:
        return when.replace(tzinfo=UTC), "UTC"
    return when, _zone(lines[0])


def _zone(line: Line) -> str:
    """The IANA name of a TZID, also where it is a Windows name or carries a vendor's prefix; "" for any other."""
    name = line.parameters.get("TZID", "").strip().lstrip("/")
    candidates = (name, WINDOWS_TO_OLSON.get(name, ""), *("/".join(name.split("/")[-n:]) for n in (2, 3)))
    return next((candidate for candidate in candidates if candidate and is_zone(candidate)), "")


def _stamped(block: Block) -> datetime | None:
    moment, _zone_name = _moment(block, "DTSTAMP")
    return moment if isinstance(moment, datetime) and moment.tzinfo is not None else None


def at_wall_clock(moment: datetime | date | None, written_in: str, zone: ZoneInfo) -> datetime | date | None:
    """*moment* on the wall clock of *zone*: naive. A local time without a known zone is taken to be one of *zone*."""
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None and not written_in:
        return moment
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=ZoneInfo(written_in))
    try:
        return aware.astimezone(zone).replace(tzinfo=None)
    except OverflowError:
        return None
