"""A file whose kind nobody told: told by what is in it."""

from __future__ import annotations

from dataclasses import replace

from flask_babel import gettext as _

from forum.events.importing import csv, ics
from forum.events.importing.model import ImportResult, UnreadableFile

MOST_EVENTS = 500
"""At once through the site: somebody waits for the answer. The command takes any number."""
_PACKED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b")  # xlsx, xls, pdf, gzip


def read_upload(data: bytes, *, zone: str, kinds: tuple[str, ...]) -> tuple[str, ImportResult]:
    """("ics" or "csv", what is in it). UnreadableFile for what is neither, empty, or more than MOST_EVENTS events."""
    start = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        raise UnreadableFile(_("The file is empty."))
    if start[:15].upper() == b"BEGIN:VCALENDAR":
        if (
            data.upper().count(b"BEGIN:VEVENT") > 2 * MOST_EVENTS
        ):  # with changed dates, which have one of their own
            raise _too_many()
        result = ics.read(data, zone=zone, kinds=kinds)
        return "ics", _few(result)
    if start.startswith(_PACKED) or (b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff"))):
        raise UnreadableFile(
            _("This is neither a calendar (.ics) nor a table (.csv). A spreadsheet can be saved as CSV.")
        )
    if data.count(b"\n") > 100 * MOST_EVENTS:
        raise _too_many()
    return "csv", _few(csv.read(data, zone=zone, kinds=kinds))


def in_area(result: ImportResult, slug: str) -> ImportResult:
    """The same, with those events that name no neighborhood in the one called *slug*."""
    placed = (
        event if event.neighborhoods else replace(event, neighborhoods=(slug,)) for event in result.events
    )
    return replace(result, events=tuple(placed))


def _few(result: ImportResult) -> ImportResult:
    if len(result.events) > MOST_EVENTS:
        raise _too_many()
    return result


def _too_many() -> UnreadableFile:
    return UnreadableFile(
        _(
            "The file has more than %(most)s events. Split it, or ask whoever runs the site to import it whole.",
            most=MOST_EVENTS,
        )
    )
