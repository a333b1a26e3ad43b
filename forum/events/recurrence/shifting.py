"""Parts of a series and the same series at other times: what a split and a move of many dates need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from forum.events.recurrence.rules import (
    WEEKDAYS,
    Parts,
    Problem,
    RecurrenceError,
    ends,
    iteration,
    parts_of,
    weekdays,
    with_end,
)
from forum.events.recurrence.words import presets_for

MOST = 2000  # dates of a rule that are looked at
PERIOD = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 28, "YEARLY": 330}  # days; two dates of one turn lie closer


@dataclass(frozen=True)
class Pattern:
    """A rule and what it counts from: naive local *start*, checked *rrule* (None: that start alone)."""

    start: datetime
    rrule: str | None
    zone: ZoneInfo
    all_day: bool
    minutes: int = 0

    def starts(self) -> Iterator[datetime]:
        """Every start of the rule in order, MOST of them at most; extra and skipped dates are not its business."""
        if self.rrule is None:
            return iter((self.start,))
        return islice(iteration(self.rrule, self.start, self.zone), MOST)

    def before(self, day: date) -> Pattern:
        """The part that lies before the local *day*, its end told as the last of its dates. *start* lies before it."""
        if self.rrule is None:
            return self
        last = max(start.date() for start in _until(self.starts(), day))
        return replace(self, rrule=self._ended(self.rrule, self.start, last=last))

    def since(self, day: date) -> Pattern | None:
        """The part from the local *day* on, with what COUNT leaves for it; None when the rule has ended by then."""
        if self.rrule is None:
            return self if self.start.date() >= day else None
        gone = len(list(_until(self.starts(), day)))
        first = next(islice(self.starts(), gone, None), None)
        if first is None:
            return None
        last, count = ends(self.rrule, self.zone)
        return replace(
            self, start=first, rrule=self._ended(self.rrule, first, last=last, count=count and count - gone)
        )

    def moved(self, old: datetime, new: datetime) -> Pattern:
        """The same series, as many dates, with the one that starts at *old* starting at *new* and the rest accordingly.

        "The second Tuesday" moved to a Wednesday is "the second Wednesday". RecurrenceError (START) when the rule has
        no such counterpart.
        """
        if self.rrule is None:
            return replace(self, start=self.start + (new - old))
        plain = _like(self._ended(self.rrule, self.start), old, new, self)
        first = _first(plain, self.start, old, new, self.zone)
        last, count = ends(self.rrule, self.zone)
        if last is not None:
            endless = replace(self, start=first, rrule=plain)
            last = list(islice(endless.starts(), len(list(self.starts()))))[-1].date()
        return replace(self, start=first, rrule=self._ended(plain, first, last=last, count=count))

    def _ended(
        self, rule: str, start: datetime, *, last: date | None = None, count: int | None = None
    ) -> str:
        return with_end(rule, start, zone=self.zone, last=last, count=count, all_day=self.all_day)


def turns(before: Pattern, after: Pattern) -> dict[date, datetime]:
    """Which start of *after* stands for which local date of *before*: the n-th for the n-th.

    Empty when the two do not repeat alike (a monthly series that was weekly is another series), without those that
    would go further than to the next turn.
    """
    if before.rrule is None or after.rrule is None:
        return {}
    if _cadence(before.rrule) != _cadence(after.rrule):
        return {}
    parts = parts_of(before.rrule)
    reach = PERIOD[parts["FREQ"]] * int(parts.get("INTERVAL", 1))
    both = zip(before.starts(), after.starts(), strict=False)
    return {old.date(): new for old, new in both if abs((new.date() - old.date()).days) < reach}


def _until(starts: Iterator[datetime], day: date) -> Iterator[datetime]:
    for start in starts:
        if start.date() >= day:
            return
        yield start


def _cadence(rrule: str) -> tuple[str, ...]:
    """How often a rule comes back, without on which days."""
    parts = parts_of(rrule)
    days = parts.get("BYSETPOS") or parts.get("BYMONTHDAY") or parts.get("BYDAY", "")
    every = any(not ordinal for ordinal, _day in weekdays(parts["BYDAY"])) if "BYDAY" in parts else False
    varies = parts["FREQ"] in ("MONTHLY", "YEARLY") and every and "BYSETPOS" not in parts
    months = str(parts.get("BYMONTH", "").count(","))
    return parts["FREQ"], parts.get("INTERVAL", "1"), str(days.count(",")), months, str(varies)


def _like(rule: str, old: datetime, new: datetime, series: Pattern) -> str:
    """*rule*, which has no end and makes *old*, as it must be to make *new*."""
    if old.date() == new.date():
        return rule
    parts = parts_of(rule)
    if parts["FREQ"] == "DAILY" and set(parts) <= {"FREQ", "INTERVAL"}:
        return rule
    for code, preset in presets_for(old):
        if parts_of(preset) == _spelled(parts, old) and code in (found := dict(presets_for(new))):
            return found[code]
    if parts["FREQ"] == "WEEKLY":
        return _on_other_weekdays(parts, (new.date() - old.date()).days)
    raise RecurrenceError(Problem.START, f"{rule} at {new:%Y-%m-%d} in {series.zone.key}")


def _spelled(parts: Parts, start: datetime) -> Parts:
    """Every week says on which day, as presets do, and a week begins where nobody asks where it does."""
    spelled = {name: value for name, value in parts.items() if name != "WKST"}
    if parts["FREQ"] == "WEEKLY":
        spelled.setdefault("BYDAY", WEEKDAYS[start.weekday()])
    if parts["FREQ"] == "MONTHLY" and not {"BYDAY", "BYMONTHDAY"} & set(parts):
        spelled["BYMONTHDAY"] = str(start.day)
    return spelled


def _on_other_weekdays(parts: Parts, days: int) -> str:
    if "BYDAY" in parts:
        moved = sorted((day + days) % 7 for _ordinal, day in weekdays(parts["BYDAY"]))
        parts = parts | {"BYDAY": ",".join(WEEKDAYS[day] for day in moved)}
    return ";".join(f"{name}={value}" for name, value in parts.items())


def _first(rule: str, start: datetime, old: datetime, new: datetime, zone: ZoneInfo) -> datetime:
    """Where the series begins that began at *start*, when *old* becomes *new*."""
    if old == start:
        return new
    if parts_of(rule)["FREQ"] in ("DAILY", "WEEKLY"):
        return start + (new - old)
    months = (new.year - old.year + start.year) * 12 + new.month - old.month + start.month - 1
    month = datetime.combine(date(months // 12, months % 12 + 1, 1), new.time())
    first = next(iter(iteration(rule, month, zone)), None)
    if first is None or first - month >= timedelta(days=31):
        raise RecurrenceError(Problem.START)
    return first
