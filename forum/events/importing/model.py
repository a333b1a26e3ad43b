"""The neutral shape of an imported event, and what a reader hands back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime

When = datetime | date
"""A naive local date-time in the event's zone, or a date for an all-day event."""


@dataclass(frozen=True)
class Override:
    """One occurrence that differs from its series: moved, elsewhere, or cancelled.

    `original` is the start that the rule gives (the occurrence's identity); the rest is None where the series'
    own value holds.
    """

    original: When
    starts: When | None = None
    ends: When | None = None
    cancelled: bool = False
    reason: str = ""
    place_name: str | None = None
    place_address: str | None = None


@dataclass(frozen=True)
class ImportedEvent:
    """One event or series, in local time and a named zone, whatever file it came from.

    `key` is stable between runs and unique in a file. `ends` is exclusive for all-day events (RFC 5545 3.6.1).
    `rrule` is the value of an RRULE without its name; `extra_dates` and `skipped_dates` are starts (RDATE, EXDATE).
    `status` is one of published, postponed, cancelled, draft. `row` is the line, record or component number in
    the source, counted from 1.
    """

    key: str
    title: str
    starts: When
    ends: When
    row: int
    story: str = ""
    kind: str = "other"
    all_day: bool = False
    zone: str = "America/Chicago"
    place_name: str = ""
    place_address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    online_url: str = ""
    url: str = ""
    contact: str = ""
    status: str = "published"
    reason: str = ""
    rrule: str = ""
    extra_dates: tuple[When, ...] = ()
    skipped_dates: tuple[When, ...] = ()
    overrides: tuple[Override, ...] = ()
    neighborhoods: tuple[str, ...] = ()
    capacity: int | None = None
    district: int | None = None
    beats: tuple[str, ...] = ()


@dataclass(frozen=True)
class RowProblem:
    """A row that cannot go in: its number in the source, what it is, and why, in plain words."""

    row: int
    what: str
    why: str


@dataclass(frozen=True)
class Case:
    """One line of the report: a kind of dirt, how often it was met, and what was done about it."""

    name: str
    count: int
    done: str


@dataclass
class Tally:
    """Counts the cases while a reader works; `done` texts are fixed per case, so a table can be compared."""

    cases: dict[str, str]
    counts: Counter[str] = field(default_factory=Counter)

    def note(self, case: str, times: int = 1) -> None:
        """Count `case`; an unknown one is a programming error and raises KeyError."""
        if case not in self.cases:
            raise KeyError(case)
        self.counts[case] += times

    def table(self) -> tuple[Case, ...]:
        """Every case in the order of its definition, also those that were never met."""
        return tuple(Case(name, self.counts[name], done) for name, done in self.cases.items())


@dataclass(frozen=True)
class ImportResult:
    """What a reader hands back: what can go in, what cannot, and the decisions on the way."""

    events: tuple[ImportedEvent, ...]
    problems: tuple[RowProblem, ...] = ()
    report: tuple[Case, ...] = ()


class UnreadableFile(ValueError):
    """The file as a whole cannot be read; the message says why in plain words."""
