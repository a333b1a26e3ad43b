"""iCalendar files (RFC 5545): each VEVENT on its own, so that a broken one does not keep the others out.

Dates are read here, strictly, and not by the calendar library, which accepts days that do not exist. Everything is
brought to local time in a named zone. ORGANIZER and ATTENDEE are not read: they are people's private addresses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import gettext as _
from icalendar import vDuration
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from forum.events.importing.fields import (
    TITLE_LENGTH,
    Refused,
    anchor,
    checked_rule,
    coordinates,
    ends_or_usual,
    is_zone,
    length_of,
    occurrences,
    stamp,
    to_local,
    to_utc,
    web_address,
)
from forum.events.importing.ics_lines import ESCAPE, Block, Line, blocks_of, lines_of
from forum.events.importing.model import (
    ImportedEvent,
    ImportResult,
    Override,
    RowProblem,
    Tally,
    UnreadableFile,
    When,
)
from forum.events.importing.text import as_markdown, one_line, paragraphs

CASES = {
    "events in the file": "each VEVENT is read once",
    "no end": "an hour is assumed, or the one day",
    "floating time": "taken in the calendar's zone, or else the agency's",
    "time in UTC": "brought to the calendar's zone, or else the agency's",
    "start is not a date of its rule": "the rule's first date is the start; the other is kept as an extra date",
    "skipped date that the rule never makes": "ignored",
    "change to an occurrence of no series here": "taken as an event of its own",
    "private or confidential": "left out",
    "an older version of the same event": "left out",
}


def read(data: bytes, *, zone: str = "America/Chicago", kinds: tuple[str, ...] = ()) -> ImportResult:
    """Events of the calendar in `data`. `zone` is the agency's; `kinds` are the slugs a CATEGORIES may name.

    Raises UnreadableFile for more than 5 MB, for what is no calendar, and for an invitation or a cancellation
    (METHOD other than PUBLISH, RFC 5546).
    """
    lines = list(lines_of(data))
    calendar, blocks = blocks_of(lines)
    method = next((line.value.upper() for line in calendar if line.name == "METHOD"), "PUBLISH")
    if method != "PUBLISH":
        raise UnreadableFile(
            _(
                "This is a message (%(method)s), not a calendar. Export the calendar itself.",
                method=method[:40],
            )
        )
    named = next((line.text.strip() for line in calendar if line.name == "X-WR-TIMEZONE"), "")
    reader = _Reader(named if is_zone(named) else zone, kinds, Tally(CASES))
    problems: list[RowProblem] = []
    singles: dict[str, tuple[int, ImportedEvent]] = {}
    changes: list[tuple[str, Override, ImportedEvent]] = []
    for block in blocks:
        try:
            _sort_in(reader, block, singles, changes)
        except Refused as error:
            problems.append(RowProblem(block.number, block.what, str(error)))
    events = {uid: event for uid, (_, event) in singles.items()}
    for uid, override, alone in changes:
        _apply_change(reader, events, uid, override, alone, problems)
    problems.sort(key=lambda problem: problem.row)
    return ImportResult(tuple(events.values()), tuple(problems), reader.tally.table())


@dataclass
class _Reader:
    zone: str
    kinds: tuple[str, ...]
    tally: Tally

    def zone_of(self, line: Line) -> str:
        """The IANA name of a line's TZID; '' where it has none; Refused where nobody knows it."""
        name = line.parameters.get("TZID", "").lstrip("/")
        if not name or is_zone(name):
            return name
        olson = WINDOWS_TO_OLSON.get(name) or next(
            (
                "/".join(parts)
                for parts in (name.split("/")[-2:], name.split("/")[-3:])
                if is_zone("/".join(parts))
            ),
            "",
        )
        if not olson:
            raise Refused(_("The time zone “%(name)s” is not known.", name=name[:60]))
        return olson

    def moment(self, line: Line, zone: str) -> When:
        """A line's single value in local time of `zone`."""
        return self.moments(line, zone)[0]

    def moments(self, line: Line, zone: str) -> list[When]:
        """A line's values, naive and in local time of `zone`."""
        if line.parameters.get("VALUE", "").upper() == "PERIOD":
            raise Refused(_("It lists periods (RDATE;VALUE=PERIOD), which calendars read differently."))
        own = self.zone_of(line)
        found: list[When] = []
        for value in line.value.split(","):
            when, utc = stamp(value)
            if isinstance(when, datetime) and utc:
                when = to_local(when, zone)
            elif isinstance(when, datetime) and own and own != zone:
                raise Refused(_("It mixes the zones %(one)s and %(other)s.", one=own, other=zone))
            found.append(when)
        return found

    def event(self, block: Block) -> ImportedEvent:
        """The block as an event of its own, its series' exceptions not yet applied."""
        self._require_whole(block)
        starts, zone = self._starts(block)
        ends = self._ends(block, starts, zone)
        rule, first = (
            checked_rule(block.all("RRULE")[0].value, starts, zone) if block.all("RRULE") else ("", starts)
        )
        geo = block.text("GEO").split(";") if block.text("GEO") else ["", ""]
        latitude, longitude = coordinates(geo[0], geo[-1])
        event = ImportedEvent(
            key=one_line(block.text("UID")),
            title=one_line(block.text("SUMMARY"))[:TITLE_LENGTH],
            starts=first,
            ends=first + length_of(starts, ends),
            row=block.number,
            story=as_markdown(paragraphs(block.text("DESCRIPTION"))),
            kind=self._kind(block),
            all_day=not isinstance(starts, datetime),
            zone=zone,
            place_name=one_line(block.text("LOCATION"))[:300],
            latitude=latitude,
            longitude=longitude,
            url=web_address(block.text("URL")),
            online_url=web_address(block.text("CONFERENCE")),
            contact=one_line(block.text("CONTACT"))[:300],
            status="cancelled" if block.text("STATUS").strip().upper() == "CANCELLED" else "published",
            rrule=rule,
        )
        return self._with_dates(event, block, starts)

    def _require_whole(self, block: Block) -> None:
        if block.broken:
            raise Refused(block.broken)
        if not 0 < len(one_line(block.text("UID"))) <= 255:
            raise Refused(_("It has no UID (or one that is too long), so it could not be found again."))
        if not one_line(block.text("SUMMARY")):
            raise Refused(_("It has no title."))
        if one_line(block.text("CLASS")).upper() in {"PRIVATE", "CONFIDENTIAL"}:
            self.tally.note("private or confidential")
            raise Refused(_("It is marked private."))
        if len(block.all("RRULE")) > 1 or block.all("EXRULE"):
            raise Refused(_("It has more than one rule."))

    def _with_dates(self, event: ImportedEvent, block: Block, starts: When) -> ImportedEvent:
        """`event` with its extra dates, and without those that are skipped; `starts` is what DTSTART says."""
        extra = {when for line in block.all("RDATE") for when in self.moments(line, event.zone)} - {
            event.starts
        }
        if event.starts != starts:
            self.tally.note("start is not a date of its rule")
            extra.add(starts)
        if any(isinstance(when, datetime) == event.all_day for when in extra):
            raise Refused(_("Some of its dates have an hour and some have none."))
        event = replace(event, extra_dates=tuple(sorted(extra)))
        return self._without(
            event, [when for line in block.all("EXDATE") for when in self.moments(line, event.zone)]
        )

    def _starts(self, block: Block) -> tuple[When, str]:
        lines = block.all("DTSTART")
        if not lines:
            raise Refused(_("It has no start."))
        zone = self.zone_of(lines[0]) or self.zone
        starts = self.moment(lines[0], zone)
        if isinstance(starts, datetime) and lines[0].value.strip().endswith("Z"):
            self.tally.note("time in UTC")
        elif isinstance(starts, datetime) and not self.zone_of(lines[0]):
            self.tally.note("floating time")
        return starts, zone

    def _ends(self, block: Block, starts: When, zone: str) -> When:
        ends: When | None = None
        for line in block.all("DTEND")[:1]:
            ends = self._end_line(line, zone)
        for line in block.all("DURATION")[:1]:
            try:
                ends = starts + vDuration.from_ical(line.value.strip())
            except (ValueError, OverflowError) as error:
                raise Refused(_("The duration “%(text)s” cannot be read.", text=line.value[:40])) from error
        ends, assumed = ends_or_usual(starts, ends)
        if assumed:
            self.tally.note("no end")
        return ends

    def _end_line(self, line: Line, zone: str) -> When:
        """DTEND, which alone may stand in another zone than DTSTART (a flight)."""
        own = self.zone_of(line)
        if own and own != zone:
            when, utc = stamp(line.value)
            if isinstance(when, datetime) and not utc:
                return to_local(to_utc(when, own), zone)
        return self.moment(line, zone)

    def _without(self, event: ImportedEvent, skipped: list[When]) -> ImportedEvent:
        """`event` without the `skipped` dates that its series makes; a bare date skips that day."""
        made = _dates(event)
        kept: set[When] = set()
        for when in skipped:
            bare = not isinstance(when, datetime)
            hits = {day for day in made if day == when or (bare and anchor(day).date() == when)}
            kept |= hits
            if not hits:
                self.tally.note("skipped date that the rule never makes")
        if kept and kept == made:
            raise Refused(_("Every date of it is skipped."))
        return replace(event, skipped_dates=tuple(sorted(kept)))

    def _kind(self, block: Block) -> str:
        for line in block.all("CATEGORIES"):
            for word in re.split(r"(?<!\\),", line.value):
                slug = re.sub(r"[^a-z0-9]+", "-", ESCAPE.sub(r"\1", word).strip().lower()).strip("-")
                if slug in self.kinds:
                    return slug
        return "other"


def _dates(event: ImportedEvent) -> set[When]:
    """Every start that the event's rule and extra dates make, in the form of its start."""
    if not event.rrule and not event.extra_dates:
        return {event.starts}
    found = occurrences(event.rrule, event.starts, event.zone, event.extra_dates)
    return {when if isinstance(event.starts, datetime) else when.date() for when in found}


def _sort_in(
    reader: _Reader,
    block: Block,
    singles: dict[str, tuple[int, ImportedEvent]],
    changes: list[tuple[str, Override, ImportedEvent]],
) -> None:
    event = reader.event(block)
    sequence = int(block.text("SEQUENCE")) if re.fullmatch("[0-9]{1,9}", block.text("SEQUENCE")) else 0
    for line in block.all("RECURRENCE-ID")[:1]:
        if line.parameters.get("RANGE"):
            raise Refused(
                _("It changes this and all later occurrences at once, which no two calendars read alike.")
            )
        original = reader.moment(line, event.zone)
        override = Override(
            original=original,
            starts=event.starts if event.starts != original else None,
            ends=event.ends,
            cancelled=event.status == "cancelled",
            place_name=event.place_name or None,
        )
        changes.append((event.key, override, event))
        return
    if event.key in singles:
        reader.tally.note("an older version of the same event")
        if singles[event.key][0] > sequence:
            return
    singles[event.key] = (sequence, event)


def _apply_change(
    reader: _Reader,
    events: dict[str, ImportedEvent],
    uid: str,
    override: Override,
    alone: ImportedEvent,
    problems: list[RowProblem],
) -> None:
    series = events.get(uid)
    if series is None or not (series.rrule or series.extra_dates):
        reader.tally.note("change to an occurrence of no series here")
        key = f"{uid}#{override.original:%Y%m%dT%H%M}"
        events[key] = replace(alone, key=key, rrule="", extra_dates=(), skipped_dates=())
        return
    if override.original not in _dates(series):
        problems.append(
            RowProblem(alone.row, alone.title, _("It changes a date that its series never makes."))
        )
        return
    length = length_of(series.starts, series.ends)
    usual = override.starts is None and override.ends == override.original + length
    same_place = override.place_name in (None, series.place_name)
    override = replace(
        override,
        starts=None if usual else alone.starts,
        ends=None if usual else alone.ends,
        place_name=None if same_place else override.place_name,
        place_address=None if same_place else "",
    )
    rest = tuple(o for o in series.overrides if o.original != override.original)
    events[uid] = replace(series, overrides=tuple(sorted((*rest, override), key=lambda o: o.original)))


__all__ = ["CASES", "read"]
