"""Reading mail that comes back: from bytes a stranger sent to the few things that decide what to do with it.

Nothing of a letter's text is kept. Everything is bounded (bytes, parts, depth, length of a calendar), and no input
makes this raise anything but :class:`UnreadableLetter`. Headers are read as raw strings: the standard library's
structured ones raise errors of many families on hostile input.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import getaddresses, parsedate_to_datetime

MAX_BYTES = 5 * 1024 * 1024  # a letter; a reply with somebody's large signature has far less
MAX_CALENDAR = 256 * 1024  # bytes of one calendar part, decoded
MAX_PARTS = 100
MAX_NESTED = 50  # multiparts; the parser passes each line through every level it stands in
MAX_CALENDARS = 4  # the same answer comes as an alternative and as a file
# Where a mail server writes whom a letter was for, the surest first.
_RECIPIENT_HEADERS = ("X-Original-To", "Delivered-To", "Envelope-To", "To", "Cc")
_CALENDAR_TYPES = ("text/calendar", "application/ics", "text/x-vcalendar")
_LOOSE_TYPES = ("application/octet-stream", "text/plain")
# Charsets of mail; not every codec there is, some of which take a stranger's text for a program of sorts.
_CHARSETS = re.compile(
    r"utf-?(8|16)|(us-)?ascii|iso-8859-\d+|(windows-|cp)\d+|koi8-\w|gb\w+|big5|euc-\w+|shift_jis", re.I
)
_AUTOMATIC_HEADERS = (
    "X-Autoreply",
    "X-Autorespond",
    "X-Auto-Response-Suppress",
    "List-Id",
    "List-Unsubscribe",
)


class UnreadableLetter(ValueError):
    """The letter cannot be taken; ``word`` says why: ``too_large`` or ``broken``."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


@dataclass(frozen=True)
class CalendarPart:
    """One calendar in a letter: its ``method`` parameter (capitals, may be empty) and its text."""

    method: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What is known of a letter. *recipients* are lower-case addresses of its headers, the surest first."""

    recipients: tuple[str, ...] = ()
    sent_at: datetime | None = None  # its Date, in UTC; None when there is none that can be read
    automatic: bool = False  # a machine's answer, a bounce or a list's: never to be answered (RFC 3834 2)
    calendars: tuple[CalendarPart, ...] = ()  # marked as one first, then what only looks like one
    calendar_too_long: bool = False
    tnef: bool = False  # a winmail.dat, which only Outlook reads


def read(data: bytes) -> Letter:
    """The letter in *data* (RFC 5322, MIME). UnreadableLetter when it is too large or cannot be taken apart."""
    if len(data) > MAX_BYTES:
        raise UnreadableLetter("too_large")
    if data.lower().count(b"boundary=") > MAX_NESTED:
        raise UnreadableLetter("broken")
    try:
        message = BytesParser(policy=compat32).parsebytes(_without_envelope(data))
        parts = list(_leaves(message))
        calendars = [_calendar(part) for part in _calendar_parts(parts)]
        return Letter(
            recipients=_recipients(message),
            sent_at=_date(message),
            automatic=_is_automatic(message),
            calendars=tuple(found for found in calendars if found is not None)[:MAX_CALENDARS],
            calendar_too_long=None in calendars,
            tnef=any(_is_tnef(part) for part in parts),
        )
    except UnreadableLetter:
        raise
    except Exception as error:  # the parser's errors on hostile input are of many families
        raise UnreadableLetter("broken") from error


def _without_envelope(data: bytes) -> bytes:
    """*data* without the ``From `` line that some mail servers put before a letter they pipe."""
    return data.partition(b"\n")[2] if data.startswith(b"From ") else data


def _leaves(message: Message) -> Iterator[Message]:
    """Its parts that hold something themselves; not those of a forwarded letter, which the sender did not write."""
    waiting, seen = [message], 0
    while waiting:
        part = waiting.pop(0)
        seen += 1
        if seen > MAX_PARTS:
            raise UnreadableLetter("broken")
        if part.get_content_maintype() == "message":
            continue
        payload = part.get_payload()
        if part.is_multipart() and isinstance(payload, list):
            waiting.extend(item for item in payload if isinstance(item, Message))
        else:
            yield part


def _calendar_parts(parts: list[Message]) -> list[Message]:
    """Those that are marked as a calendar before those that only look like one."""
    marked = [part for part in parts if part.get_content_type() in _CALENDAR_TYPES]
    return marked + [part for part in parts if part not in marked and _is_loose_calendar(part)]


def _calendar(part: Message) -> CalendarPart | None:
    """The calendar; None when it is longer than that of an answer can be."""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes) or len(payload) > MAX_CALENDAR:
        return None
    return CalendarPart(_parameter(part, "method").upper(), _decoded(payload, _parameter(part, "charset")))


def _is_loose_calendar(part: Message) -> bool:
    return part.get_content_type() in _LOOSE_TYPES and _filename(part).lower().endswith((".ics", ".vcs"))


def _is_tnef(part: Message) -> bool:
    kind = part.get_content_type()
    return (
        kind in ("application/ms-tnef", "application/vnd.ms-tnef") or _filename(part).lower() == "winmail.dat"
    )


def _decoded(payload: bytes, named: str) -> str:
    for charset in (named if _CHARSETS.fullmatch(named) else "utf-8", "utf-8", "cp1252"):
        try:
            return payload.decode(charset)
        except (LookupError, ValueError):  # a charset that is none, or bytes that are not its own
            continue
    return payload.decode("latin-1")


def _parameter(part: Message, name: str) -> str:
    value = part.get_param(name)
    if isinstance(value, tuple):  # RFC 2231: charset, language, value
        value = value[2]
    return str(value or "").strip().strip('"')


def _filename(part: Message) -> str:
    try:
        return part.get_filename() or ""
    except (LookupError, ValueError, TypeError, AttributeError):
        return ""


def _recipients(message: Message) -> tuple[str, ...]:
    lines = [str(line)[:2000] for name in _RECIPIENT_HEADERS for line in message.get_all(name, [])[:10]]
    addresses = (address.strip().lower() for _name, address in getaddresses(lines))
    return tuple(dict.fromkeys(address for address in addresses if "@" in address))


def _date(message: Message) -> datetime | None:
    try:
        moment = parsedate_to_datetime(str(message.get("Date", "")))
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError, AttributeError):
        return None


def _is_automatic(message: Message) -> bool:
    """RFC 3834 2 and what mail programs did before it."""
    submitted = str(message.get("Auto-Submitted", "no")).partition(";")[0].strip().lower()
    precedence = str(message.get("Precedence", "")).strip().lower()
    bounced = message.get_content_type() in ("multipart/report", "message/delivery-status")
    nobody = re.fullmatch(r"\s*<\s*>\s*", str(message.get("Return-Path", "x"))) is not None
    marked = any(message.get(name) is not None for name in _AUTOMATIC_HEADERS)
    return (
        submitted != "no"
        or precedence in ("bulk", "junk", "list", "auto_reply")
        or bounced
        or nobody
        or marked
    )
