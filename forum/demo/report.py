"""What was decided about the rows of the calendar, as a page of text."""

from __future__ import annotations

from collections.abc import Iterable

from forum.demo.calendar import Calendar, rows
from forum.events.importing import chicago
from forum.events.importing.model import Case, ImportedEvent


def report(calendar: Calendar) -> str:
    """Each kind of dirt with its count and what was done, where events lie, and how many meetings are in series."""
    beats = [event for event in calendar.events if event.kind == "beat-meeting"]
    total = sum(event.kind == "beat-meeting" for event in chicago.from_rows(rows()).events)
    joined = total - sum(not event.rrule for event in beats)
    series = [event for event in beats if event.rrule]
    lines = [
        f"The city's calendar of 2016 and 2017, {calendar.weeks} weeks later.",
        "",
        "What was met in its rows:",
        *_table(calendar.cases),
        "",
        "Rows that were left out:",
        *(f"  row {problem.row}: {problem.what}: {problem.why}" for problem in calendar.problems),
        "",
        "Where its events lie:",
        *_table(calendar.placement),
        "",
        f"Beat meetings: {total:,}, of which {joined:,} ({joined / total:.0%}) in {len(series):,} series.",
        f"{_ordinal(series):,} of these fall on an ordinal weekday, the others on one of seven days of the month.",
    ]
    return "\n".join(lines) + "\n"


def _ordinal(series: Iterable[ImportedEvent]) -> int:
    return sum("BYMONTHDAY" not in event.rrule for event in series)


def _table(cases: Iterable[Case]) -> list[str]:
    met = [case for case in cases if case.count]
    width = max(len(case.name) for case in met)
    return [f"  {case.count:>6,}  {case.name:<{width}}  {case.done}" for case in met]
