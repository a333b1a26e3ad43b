"""Figures of the public log, from rows. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from forum.moderation.models import Measure, Verdict


@dataclass(frozen=True)
class RuleCount:
    """How often one rule was decided under, by outcome."""

    number: int
    by_measure: dict[Measure, int]

    @property
    def total(self) -> int:
        return sum(self.by_measure.values())


def counts(rows: Iterable[tuple[int, Measure, int]]) -> list[RuleCount]:
    """One line a rule, by number."""
    found: dict[int, dict[Measure, int]] = {}
    for number, measure, count in rows:
        found.setdefault(number, {})[measure] = count
    return [RuleCount(number, found[number]) for number in sorted(found)]


def median_hours(rows: Iterable[tuple[datetime, datetime]]) -> int | None:
    """Half of all cases were decided within so many whole hours, counted day and night; None without any."""
    spent = [(decided - opened).total_seconds() / 3600 for opened, decided in rows]
    return max(1, round(median(spent))) if spent else None


def overturned(rows: Iterable[tuple[Verdict | None, int]]) -> tuple[int, int]:
    """How many appeals were decided, and how many of them overturned the decision."""
    by_verdict = {verdict: count for verdict, count in rows}  # noqa: C416 - rows of a result are no pairs to dict()
    won = by_verdict.get(Verdict.OVERTURNED, 0)
    return won + by_verdict.get(Verdict.UPHELD, 0), won


def percent(part: int, whole: int) -> int | None:
    """*part* of *whole* in whole percent; None of nothing."""
    return round(100 * part / whole) if whole else None
