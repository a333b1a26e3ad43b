"""The community calendar of Chicago's police, 2016 to 2017, as its API gave it: a JSON list of dirty rows.

Every kind of dirt is a case with a decision; the table of `CASES` is what the command prints, with counts. No
row is corrected by guessing what its author may have meant about the day: a start is taken as it stands.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any

from forum.events.importing.model import ImportedEvent, ImportResult, RowProblem, Tally, UnreadableFile
from forum.events.importing.places import (
    Place,
    canonical,
    is_run_together,
    misplaced_contact,
    misplaced_story,
    says_nothing,
    several_addresses,
    split_place,
)
from forum.events.importing.text import (
    as_markdown,
    has_breaks,
    is_shouted,
    mend_lost_quotes,
    one_line,
    paragraphs,
)
from forum.events.importing.titles import (
    beats_of,
    clean_title,
    is_beat_meeting,
    is_misspelled,
    kind_of,
    says_cancelled,
)

ZONE = "America/Chicago"
USUAL_LENGTH = timedelta(hours=1)
"""What three in four of the rows that have an end last."""
LONGEST = timedelta(hours=16)

CASES = {
    "rows in the file": "each is read once",
    "no end": "an hour is assumed, as three in four of the others last",
    "ends when it starts": "an hour is assumed",
    "ends before it starts": "its end's time of day is taken on the first day, where that is later; else an hour",
    "lasts longer than 16 hours": "likewise: every one that was met is a slip of the date",
    "from midnight to midnight": "made an all-day event",
    "seconds in the start": "dropped",
    "starts between midnight and six": "kept as it stands; a person should look at it",
    "no place": "left without a place",
    "place to be announced": "left without a place: TBA, various, none",
    "a contact in the place": "moved to the contact",
    "a story in the place": "moved to the story",
    "several places in one": "kept as one text, in order",
    "name and house number run together": "parted into name and address",
    "an address without a name": "named after the commonest name at that address, where there is one",
    "a place without an address": "given the address that other rows give that name in that district",
    "tabs or line breaks in the text": "made spaces in titles, places and contacts; kept as paragraphs in stories",
    "white space around or within": "trimmed",
    "lost quotes and apostrophes": "put back where a question mark stands for one",
    "title in capitals": "written in title case; acronyms stay",
    "title misspelled": "corrected by a table of mistakes that were met",
    "title names beats": "written in one form: Beat meeting 1711/1712",
    "called off in its words": "published as cancelled, so that calendars show it",
    "a test entry": "left out",
    "same district, start and title, and all else": "one kept, the repetition left out",
    "same district, start and title, else different": "kept: two places or two groups at once",
    "same but for spaces, and all else": "one kept, the repetition left out",
    "same but for spaces, else different": "kept: two places or two groups at once",
    "web address without http": "http:// is put before it",
}


def read(data: bytes) -> ImportResult:
    """Events from the JSON bytes of the calendar; `starts` and `ends` are naive local times in America/Chicago.

    Raises UnreadableFile where it is not a JSON list of objects.
    """
    try:
        rows = json.loads(data)
    except ValueError as error:
        raise UnreadableFile(f"This is not JSON: {error}") from error
    if not isinstance(rows, list):
        raise UnreadableFile("This is JSON, but not a list of events.")
    return from_rows(rows)


def from_rows(rows: Iterable[Mapping[str, Any]]) -> ImportResult:
    """Events from rows with calendarId, start, end, title, eventDetails, eventUrl, contactDetails, location."""
    tally, problems, events = Tally(CASES), [], []
    seen = _Seen(tally)
    for number, row in enumerate(rows, start=1):
        tally.note("rows in the file")
        try:
            event = _event(row, number, tally)
        except (KeyError, TypeError, ValueError) as error:
            why = f"No start, title or district could be read: {error}"
            problems.append(RowProblem(number, str(row)[:80], why))
            continue
        if _is_test(event):
            tally.note("a test entry")
            problems.append(RowProblem(number, event.title, "It says of itself that it is a test."))
        elif (fresh := seen.told_apart(event, str(row["title"]))) is None:
            problems.append(RowProblem(number, event.title, "The same row stands in the file twice."))
        else:
            events.append(fresh)
    return ImportResult(tuple(_share_places(events, tally)), tuple(problems), tally.table())


class _Seen:
    """The rows so far, to tell repetitions from events that share district, start and title."""

    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        self.events: dict[str, list[ImportedEvent]] = {}
        self.titles: set[tuple[str, str]] = set()

    def told_apart(self, event: ImportedEvent, raw_title: str) -> ImportedEvent | None:
        """`event`, under a key of its own; None when the very same was there before."""
        base, same = event.key, replace(event, row=0)
        exact = (base, raw_title) in self.titles
        group = "same district, start and title" if exact else "same but for spaces"
        if same in self.events.get(base, ()):
            self.tally.note(f"{group}, and all else")
            return None
        if base in self.events:
            self.tally.note(f"{group}, else different")
            event = replace(event, key=f"{base}-{len(self.events[base]) + 1}")
        self.titles.add((base, raw_title))
        self.events.setdefault(base, []).append(same)
        return event


def _event(row: Mapping[str, Any], number: int, tally: Tally) -> ImportedEvent:
    district, raw_title = int(row["calendarId"]), str(row["title"])
    starts, ends = _times(str(row["start"]), row.get("end"), tally)
    story, raw_place, contact = row.get("eventDetails"), row.get("location"), row.get("contactDetails")
    _note_white_space((raw_title, story, raw_place, contact), tally)
    cancelled = says_cancelled(raw_title, story, raw_place)
    if cancelled:
        tally.note("called off in its words")
    place, extra_contact, extra_story = _place(raw_place, tally)
    identity = f"{district}|{row['start']}|{one_line(raw_title)}".casefold()
    return ImportedEvent(
        key=f"chicago-{sha256(identity.encode()).hexdigest()[:20]}",
        title=_title(raw_title, district, tally),
        starts=starts,
        ends=ends,
        row=number,
        story=_story(story or extra_story, tally),
        kind=kind_of(raw_title, district),
        all_day=not isinstance(starts, datetime),
        zone=ZONE,
        place_name=place.name,
        place_address=place.address,
        url=_url(row.get("eventUrl"), tally),
        contact=one_line(", ".join(filter(None, map(one_line, (contact or extra_contact).splitlines())))),
        status="cancelled" if cancelled else "published",
        reason="The calendar said that it was called off." if cancelled else "",
        district=district,
        beats=beats_of(raw_title, district),
    )


def _note_white_space(texts: Iterable[str | None], tally: Tally) -> None:
    given = [text for text in texts if text]
    if any(text != text.strip() or "  " in text for text in given):
        tally.note("white space around or within")
    if any(has_breaks(text) for text in given):
        tally.note("tabs or line breaks in the text")


def _story(raw: str, tally: Tally) -> str:
    words = paragraphs(mend_lost_quotes(raw))
    if words != paragraphs(raw):
        tally.note("lost quotes and apostrophes")
    return as_markdown(words)


def _times(raw_start: str, raw_end: str | None, tally: Tally) -> tuple[datetime | date, datetime | date]:
    starts = datetime.fromisoformat(raw_start)
    if starts.tzinfo is not None:
        raise ValueError("the start names a zone; this calendar is in local time")
    ends = datetime.fromisoformat(raw_end) if raw_end else None
    if starts.time() == time(0) and ends and ends.time() in (time(0), time(23, 59)) and ends >= starts:
        tally.note("from midnight to midnight")
        if ends == starts:
            tally.note("ends when it starts")
        return starts.date(), max(ends.date(), starts.date()) + timedelta(
            days=ends.time() != time(0) or ends == starts
        )
    if starts.second:
        tally.note("seconds in the start")
        starts = starts.replace(second=0)
        ends = ends and ends.replace(second=0)
    if starts.hour < 6:
        tally.note("starts between midnight and six")
    return starts, _end(starts, ends, tally)


def _end(starts: datetime, ends: datetime | None, tally: Tally) -> datetime:
    if ends is None:
        tally.note("no end")
        return starts + USUAL_LENGTH
    if ends == starts:
        tally.note("ends when it starts")
        return starts + USUAL_LENGTH
    if ends > starts and ends - starts <= LONGEST:
        return ends
    tally.note("ends before it starts" if ends < starts else "lasts longer than 16 hours")
    same_day = datetime.combine(starts.date(), ends.time())
    return same_day if same_day > starts else starts + USUAL_LENGTH


def _title(raw: str, district: int, tally: Tally) -> str:
    if is_shouted(raw):
        tally.note("title in capitals")
    if is_misspelled(raw):
        tally.note("title misspelled")
    beats = beats_of(raw, district)
    if not beats or not is_beat_meeting(raw, district):
        return clean_title(raw)
    tally.note("title names beats")
    # One beat is so long that each half meets on its own.
    half = re.search(r"1513 ?([NS])\b", raw, re.I)
    suffix = {"N": " north", "S": " south"}[half[1].upper()] if half else ""
    return f"Beat meeting {'/'.join(beat.lstrip('0') for beat in beats)}{suffix}"


def _place(raw: str | None, tally: Tally) -> tuple[Place, str, str]:
    """The place, and what turned out to be a contact or a story."""
    if not one_line(raw):
        tally.note("no place")
        return Place(), "", ""
    if misplaced_contact(raw):
        tally.note("a contact in the place")
        return Place(), raw or "", ""
    if misplaced_story(raw):
        tally.note("a story in the place")
        return Place(), "", raw or ""
    if says_nothing(raw):
        tally.note("place to be announced")
        return Place(), "", ""
    if several_addresses(raw):
        tally.note("several places in one")
    elif is_run_together(raw):
        tally.note("name and house number run together")
    return split_place(raw), "", ""


def _url(raw: str | None, tally: Tally) -> str:
    text = one_line(raw)
    if text and "://" not in text:
        tally.note("web address without http")
        text = f"http://{text}"
    return text if text.startswith(("http://", "https://")) and " " not in text else ""


def _is_test(event: ImportedEvent) -> bool:
    return event.title.lower().startswith("test ") and "this is a test" in event.story.lower()


def _share_places(events: list[ImportedEvent], tally: Tally) -> list[ImportedEvent]:
    """Each place in its canonical spelling, with what other rows of the same place know about it."""
    places = [
        Place(event.place_name, event.place_address, split_place(event.place_address).key) for event in events
    ]
    spelling = canonical(places)
    by_name: dict[tuple[int | None, str], Counter[str]] = {}
    for event, place in zip(events, places, strict=True):
        if place.key and place.name:
            for name in _names(event.district, place.name):
                by_name.setdefault((event.district, name), Counter())[place.key] += 1
    shared = []
    for event, place in zip(events, places, strict=True):
        key = place.key
        if (
            not key
            and place.name
            and (known := by_name.get((event.district, _names(event.district, place.name)[-1])))
        ):
            key = known.most_common(1)[0][0]
            tally.note("a place without an address")
        if not key:
            shared.append(event)
            continue
        best = spelling[key]
        if not place.name and best.name:
            tally.note("an address without a name")
        shared.append(replace(event, place_name=best.name, place_address=best.address))
    return shared


def _names(district: int | None, name: str) -> list[str]:
    """What a place's name is looked up by; every room and lot of the district's own station is the station."""
    names = [name.casefold()]
    if re.match(rf"0*{district}(?:st|nd|rd|th)? dist", name, re.I):
        names.append("the station")
    return names


def same_meeting(event: ImportedEvent) -> Hashable:
    """What an event must share with another to be the same regular meeting (for `series.into_series`)."""
    return event.district, event.title.casefold()
