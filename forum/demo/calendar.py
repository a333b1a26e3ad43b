"""The town's calendar: the public rows brought to today, joined into series, and tied to neighborhoods."""

from __future__ import annotations

import csv
import gzip
import json
import lzma
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from forum.demo.grid import DATA, areas, inside, locate
from forum.events.importing import chicago
from forum.events.importing.model import Case, ImportedEvent, RowProblem, Tally
from forum.events.importing.places import split_place
from forum.events.importing.series import into_series

AHEAD = 0.25
"""The share of the rows, the last ones, that lies ahead of today."""

PLACEMENT = {
    "refined to one neighborhood": "its address lies there by the numbering of the streets",
    "address outside its district": "the district's neighborhoods are kept: one of the two is a slip",
    "address not resolved": "the district's neighborhoods",
    "no address": "the district's neighborhoods",
    "city-wide": "its district is not in the table",
}


@dataclass(frozen=True)
class Calendar:
    """What the town is loaded with; `weeks` is by how much the rows were shifted."""

    events: tuple[ImportedEvent, ...]
    weeks: int
    problems: tuple[RowProblem, ...]
    cases: tuple[Case, ...]
    placement: tuple[Case, ...]


def rows() -> list[dict[str, Any]]:
    """The rows of the calendar as they are kept in `data/`."""
    found: list[dict[str, Any]] = json.loads(lzma.decompress((DATA / "chicago_events.json.xz").read_bytes()))
    return found


def boundaries() -> bytes:
    """The GeoJSON of the neighborhoods."""
    return gzip.decompress((DATA / "chicago_neighborhoods.geojson.gz").read_bytes())


def districts() -> dict[int, tuple[str, ...]]:
    """The neighborhoods that each police district covers for the most part."""
    with (DATA / "districts.csv").open(newline="", encoding="utf-8") as file:
        return {int(row["district"]): tuple(row["neighborhoods"].split("|")) for row in csv.DictReader(file)}


def district_names() -> dict[int, str]:
    """What the districts of today are called: "12th District"."""
    endings = {1: "st", 2: "nd", 3: "rd"}
    with (DATA / "districts.csv").open(newline="", encoding="utf-8") as file:
        numbers = [int(row["district"]) for row in csv.DictReader(file) if "closed" not in row["name"]]
    return {n: f"{n}{'th' if 10 < n < 20 else endings.get(n % 10, 'th')} District" for n in numbers}


def calendar_for(today: date, weeks: int | None = None) -> Calendar:
    """The calendar as it stands on `today`, the last quarter of its rows after it; or shifted by so many `weeks`."""
    result = chicago.from_rows(rows())
    weeks = weeks_to(result.events, today) if weeks is None else weeks
    joined = into_series((shifted(event, weeks) for event in result.events), chicago.same_meeting)
    tally = Tally(PLACEMENT)
    events = _placed(joined, tally)
    return Calendar(tuple(events), weeks, result.problems, result.report, tally.table())


def weeks_to(events: Iterable[ImportedEvent], today: date) -> int:
    """The fewest whole weeks that bring the first of the last quarter of `events` after `today`."""
    days = sorted(_day(event) for event in events)
    first = days[int(len(days) * (1 - AHEAD))]
    return -((first - today).days - 1) // 7


def weeks_since(source_key: str, starts: datetime) -> int | None:
    """By how many weeks the row of that key was shifted to start when it does; None when it is no row of ours."""
    for event in chicago.from_rows(rows()).events:
        if event.key == source_key:
            return (starts.date() - _day(event)).days // 7
    return None


def _day(event: ImportedEvent) -> date:
    return event.starts.date() if isinstance(event.starts, datetime) else event.starts


def shifted(event: ImportedEvent, weeks: int) -> ImportedEvent:
    """A single `event` so many weeks later, at the same hour of the same day of the week."""
    by = timedelta(weeks=weeks)
    return replace(event, starts=event.starts + by, ends=event.ends + by)


def _placed(events: Iterable[ImportedEvent], tally: Tally) -> list[ImportedEvent]:
    table, shapes = districts(), areas(boundaries())
    found: dict[str, tuple[str, ...]] = {}
    placed = []
    for event in events:
        own = table.get(event.district or 0, ())
        key = split_place(event.place_address).key
        point = locate(key) if key else None
        if not own:
            tally.note("city-wide")
        elif point is None:
            tally.note("address not resolved" if key else "no address")
        else:
            if key not in found:
                found[key] = tuple(name for name, shape in shapes.items() if inside(point, shape))
            here = tuple(name for name in found[key] if name in own)
            tally.note("refined to one neighborhood" if here else "address outside its district")
            if here:
                own = here
                event = replace(event, longitude=round(point[0], 5), latitude=round(point[1], 5))
        placed.append(replace(event, neighborhoods=own))
    return placed
