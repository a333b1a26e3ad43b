"""Tables (CSV) of events: a header of known names, a row an event. The names are described in docs/import.md."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from datetime import date, datetime, time
from hashlib import sha256

from flask_babel import gettext as _

from forum.events.importing.fields import (
    MAX_BYTES,
    TITLE_LENGTH,
    Refused,
    checked_rule,
    coordinates,
    ends_or_usual,
    is_zone,
    length_of,
    web_address,
    within_years,
)
from forum.events.importing.model import ImportedEvent, ImportResult, RowProblem, Tally, UnreadableFile, When
from forum.events.importing.text import one_line, paragraphs

COLUMNS = {
    "key": ("key", "uid", "id"),
    "title": ("title", "name", "summary", "subject"),
    "starts": ("starts", "start", "date", "start date", "begins"),
    "start_time": ("start time", "time"),
    "ends": ("ends", "end", "end date"),
    "end_time": ("end time",),
    "kind": ("kind", "type", "category"),
    "story": ("story", "description", "details"),
    "place": ("place", "place name", "location", "venue"),
    "address": ("address", "place address", "street"),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "lon", "lng"),
    "neighborhoods": ("neighborhoods", "neighborhood", "areas", "area"),
    "contact": ("contact",),
    "url": ("url", "web", "link"),
    "online_url": ("online url", "online", "online link"),
    "capacity": ("capacity", "places"),
    "status": ("status",),
    "rrule": ("rrule", "rule"),
    "zone": ("zone", "time zone", "timezone"),
}
CASES = {
    "rows in the file": "each is read once",
    "no end": "an hour is assumed, or the one day",
    "no key": "one is made of start, title and place: do not change those between two imports",
    "unknown kind": "filed under other",
}
STATUSES = ("published", "draft", "postponed", "cancelled")
_DATE_FORMS = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y")
_TIME_FORMS = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M%p", "%I %p", "%I%p")


def read(data: bytes, *, zone: str = "America/Chicago", kinds: tuple[str, ...] = ()) -> ImportResult:
    """Events of a table in UTF-8 or Windows-1252, parted by comma, semicolon or tab; times are local in `zone`.

    Raises UnreadableFile for more than 5 MB, a header without title and start, or one with unknown names.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableFile(_("The file is larger than 5 MB."))
    text = _decode(data)
    first = text.split("\n", 1)[0]
    mark = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        names = _header(next(rows, []))
        return _rows(names, enumerate(rows, start=2), zone, kinds)
    except csv.Error as error:
        raise UnreadableFile(_("This is not a table: %(error)s", error=error)) from error


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _header(cells: list[str]) -> list[str]:
    known = {alias: name for name, aliases in COLUMNS.items() for alias in aliases}
    names, strange = [], []
    for cell in cells:
        plain = re.sub(r"[\s_-]+", " ", cell).strip().lower()
        names.append(known.get(plain, ""))
        if plain and plain not in known:
            strange.append(cell.strip())
    if strange:
        raise UnreadableFile(
            _("The header has names that are not known: %(names)s.", names=", ".join(strange)[:200])
        )
    for needed in ("title", "starts"):
        if needed not in names:
            raise UnreadableFile(_("The header has no column “%(name)s”.", name=needed))
    if len({name for name in names if name}) < sum(map(bool, names)):
        raise UnreadableFile(_("The header has the same column twice."))
    return names


def _rows(
    names: list[str], rows: Iterable[tuple[int, list[str]]], zone: str, kinds: tuple[str, ...]
) -> ImportResult:
    tally, problems = Tally(CASES), []
    events: dict[str, ImportedEvent] = {}
    for number, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        tally.note("rows in the file")
        row = {name: cell for name, cell in zip(names, cells, strict=False) if name}
        try:
            if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
                raise Refused(_("It has more cells than the header has names."))
            event = _event(row, number, zone, kinds, tally)
            if event.key in events:
                raise Refused(_("Its key stands already in row %(row)s.", row=events[event.key].row))
            events[event.key] = event
        except Refused as error:
            problems.append(RowProblem(number, one_line(row.get("title"))[:80], str(error)))
    return ImportResult(tuple(events.values()), tuple(problems), tally.table())


def _event(
    row: dict[str, str], number: int, agency_zone: str, kinds: tuple[str, ...], tally: Tally
) -> ImportedEvent:
    title = one_line(row.get("title"))
    if not title:
        raise Refused(_("It has no title."))
    zone = one_line(row.get("zone")) or agency_zone
    starts, ends, rule = _dates(row, zone, tally)
    latitude, longitude = coordinates(row.get("latitude", ""), row.get("longitude", ""))
    return ImportedEvent(
        key=_key(row, starts, title, tally),
        title=title[:TITLE_LENGTH],
        starts=starts,
        ends=ends,
        row=number,
        story=paragraphs(row.get("story")),
        kind=_kind(row, kinds, tally),
        all_day=not isinstance(starts, datetime),
        zone=zone,
        place_name=one_line(row.get("place"))[:300],
        place_address=one_line(row.get("address"))[:300],
        latitude=latitude,
        longitude=longitude,
        url=web_address(row.get("url", "")),
        online_url=web_address(row.get("online_url", "")),
        contact=one_line(row.get("contact"))[:300],
        status=_status(row),
        rrule=rule,
        neighborhoods=tuple(filter(None, map(one_line, re.split(r"[|;]", row.get("neighborhoods", ""))))),
        capacity=_capacity(row),
    )


def _dates(row: dict[str, str], zone: str, tally: Tally) -> tuple[When, When, str]:
    """Start, end and rule; the start is the rule's first date."""
    if not is_zone(zone):
        raise Refused(_("The time zone “%(name)s” is not known.", name=zone[:60]))
    starts = when(row.get("starts", ""), row.get("start_time", ""))
    if starts is None:
        raise Refused(_("It has no start."))
    ends, assumed = ends_or_usual(starts, _end(row, starts))
    if assumed:
        tally.note("no end")
    rule = one_line(row.get("rrule"))
    if not rule:
        return starts, ends, ""
    rule, first = checked_rule(rule, starts, zone)
    return first, first + length_of(starts, ends), rule


def _end(row: dict[str, str], starts: When) -> When | None:
    """The end; an hour without a day is on the first day; a last day of an all-day event is inclusive."""
    day, clock = row.get("ends", ""), row.get("end_time", "")
    if not day.strip() and clock.strip():
        day = f"{starts:%Y-%m-%d}"
    ends = when(day, clock)
    if ends is None:
        return None
    if ends < starts if isinstance(ends, datetime) == isinstance(starts, datetime) else False:
        raise Refused(_("It ends before it starts."))
    if not isinstance(ends, datetime) and not isinstance(starts, datetime):
        return date.fromordinal(ends.toordinal() + 1)
    return ends


def when(day: str, clock: str = "") -> When | None:
    """A date or a naive date-time from `day` (ISO, or US month/day/year, with or without an hour) and `clock`."""
    day, clock = one_line(day), one_line(clock)
    if not day:
        return None
    if not clock and (parts := re.fullmatch(r"(\S+?)(?:T|\s+)(\d.*)", day)):
        day, clock = parts[1], parts[2]
    found = _parsed(day, _DATE_FORMS)
    if found is None:
        raise Refused(_("“%(text)s” is not a date. Write 2026-11-20 or 11/20/2026.", text=day[:40]))
    within_years(found.date())
    if not clock:
        return found.date()
    hour = _parsed(clock.upper().replace(".", ""), _TIME_FORMS)
    if hour is None:
        raise Refused(_("“%(text)s” is not a time of day. Write 18:30 or 6:30 PM.", text=clock[:40]))
    return datetime.combine(found.date(), time(hour.hour, hour.minute))


def _parsed(text: str, forms: tuple[str, ...]) -> datetime | None:
    for form in forms:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007  (local times: the zone is a column)
        except ValueError:
            continue
    return None


def _key(row: dict[str, str], starts: When, title: str, tally: Tally) -> str:
    key = one_line(row.get("key"))
    if key:
        return key[:255]
    tally.note("no key")
    return (
        "csv-"
        + sha256(
            f"{starts.isoformat()}|{title}|{one_line(row.get('place'))}".casefold().encode()
        ).hexdigest()[:20]
    )


def _kind(row: dict[str, str], kinds: tuple[str, ...], tally: Tally) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", row.get("kind", "").strip().lower()).strip("-")
    if slug and slug not in kinds:
        tally.note("unknown kind")
    return slug if slug in kinds else "other"


def _status(row: dict[str, str]) -> str:
    status = one_line(row.get("status")).lower() or "published"
    if status not in STATUSES:
        raise Refused(
            _("The status “%(text)s” is none of %(known)s.", text=status[:30], known=", ".join(STATUSES))
        )
    return status


def _capacity(row: dict[str, str]) -> int | None:
    text = one_line(row.get("capacity"))
    if not text:
        return None
    if not re.fullmatch("[0-9]{1,6}", text) or not 1 <= int(text) <= 100_000:
        raise Refused(_("The capacity “%(text)s” is not a number of people.", text=text[:20]))
    return int(text)
