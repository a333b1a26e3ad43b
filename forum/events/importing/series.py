"""Finding the rule in a list of dates: which meetings are one series, and by what RRULE (RFC 5545 3.3.10).

People announce "second Tuesday, monthly" and then skip December, move one for a holiday and add one. So a rule is
accepted only if the list is mostly the rule: at least three dates, and all that differs (a date skipped, moved or
added, another hour, another place, a cancellation) at most a third of them. What is left stays single events.

Rules are monthly, every one to four months: a weekday's ordinal ("2TU", "-1TH"), or, where that does not fit, the
one such weekday in seven days of the month ("the Tuesday from the 11th to the 17th": BYDAY=TU;BYMONTHDAY=11,...,17),
which a calendar shifted by whole weeks needs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import lru_cache
from typing import TypeVar

from forum.events.importing.model import ImportedEvent, Override

T = TypeVar("T", bound=Hashable)
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LAST = -1
FEWEST = 3


@dataclass(frozen=True)
class Rule:
    """Monthly on `weekday` (0 is Monday) of the seven days from `window`, or the last one (`LAST`)."""

    weekday: int
    window: int
    interval: int

    @property
    def is_ordinal(self) -> bool:
        """Whether it is "the second", "the last": what people say and every calendar program shows."""
        return self.window == LAST or self.window % 7 == 1

    def text(self, count: int) -> str:
        """The RRULE value for `count` slots."""
        day = DAYS[self.weekday]
        if self.is_ordinal:
            by = f"BYDAY={-1 if self.window == LAST else self.window // 7 + 1}{day}"
        else:
            by = f"BYDAY={day};BYMONTHDAY={','.join(str(self.window + n) for n in range(7))}"
        every = f"INTERVAL={self.interval};" if self.interval > 1 else ""
        return f"FREQ=MONTHLY;{every}{by};COUNT={count}"

    def slot(self, month: int) -> date:
        """The rule's date in `month` (months since year 0)."""
        return _slot(self.weekday, self.window, month)


@lru_cache(maxsize=65536)
def _slot(weekday: int, window: int, month: int) -> date:
    year, index = divmod(month, 12)
    if window == LAST:
        following = date(year + (index == 11), (index + 1) % 12 + 1, 1)
        last = date.fromordinal(following.toordinal() - 1)
        return date.fromordinal(last.toordinal() - (last.weekday() - weekday) % 7)
    first = date(year, index + 1, window)
    return date.fromordinal(first.toordinal() + (weekday - first.weekday()) % 7)


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


@dataclass(frozen=True)
class Fit:
    """A rule laid over dates: `kept` maps each slot to the date it stands for (equal, or moved within its month)."""

    rule: Rule
    kept: dict[date, date]
    skipped: tuple[date, ...]
    extra: tuple[date, ...]

    @property
    def dates(self) -> list[date]:
        """Every date of the source that this fit accounts for, in order."""
        return sorted([*self.kept.values(), *self.extra])

    @property
    def moved(self) -> int:
        """How many slots stand for another day."""
        return sum(slot != day for slot, day in self.kept.items())

    @property
    def exceptions(self) -> int:
        """How many of its dates are not simply the rule's."""
        return self.moved + len(self.skipped) + len(self.extra)


def lay(rule: Rule, dates: Sequence[date]) -> Fit:
    """`rule` over ascending, distinct `dates`; the first and the last slot are those dates' months."""
    kept: dict[date, date] = {}
    rest: list[date] = []
    months = range(_month(dates[0]), _month(dates[-1]) + 1, rule.interval)
    slots = {month: rule.slot(month) for month in months}
    present = set(dates)
    for day in dates:
        slot = slots.get(_month(day))
        if slot == day or (slot is not None and slot not in present and slot not in kept):
            kept[slot] = day
        else:
            rest.append(day)
    skipped = tuple(slot for slot in slots.values() if slot not in kept)
    room = max(0, (len(kept) - 3 * (sum(slot != day for slot, day in kept.items()) + len(skipped))) // 2)
    return Fit(rule, kept, skipped, tuple(rest[:room]))


def best_fit(dates: Sequence[date]) -> Fit | None:
    """The rule that explains most of `dates` from the first on, within the limits of this module; or None."""
    best: Fit | None = None
    first = dates[0]
    windows = [LAST, *range(max(1, first.day - 6), min(22, first.day) + 1)]
    for interval in (1, 2, 3, 4):
        for window in windows:
            rule = Rule(first.weekday(), window, interval)
            if rule.slot(_month(first)) != first or 9 * _hits(rule, dates) < 4 * len(dates):
                continue
            fit = lay(rule, dates)
            few, unruly = len(fit.dates) < FEWEST, 3 * fit.exceptions > len(fit.dates)
            # Every third date of a monthly meeting is a rule too, but not one that anybody would recognise.
            if few or unruly or 3 * (len(dates) - len(fit.dates)) > len(dates):
                continue
            if best is None or _merit(fit) > _merit(best):
                best = fit
    return best


def _hits(rule: Rule, dates: Sequence[date]) -> int:
    """How many of `dates` are the rule's own, by a cheap look. What passes the limits has four in nine at least."""
    start = _month(dates[0])
    return sum(
        day.weekday() == rule.weekday
        and (_month(day) - start) % rule.interval == 0
        and (rule.slot(_month(day)) == day if rule.window == LAST else 0 <= day.day - rule.window < 7)
        for day in dates
    )


def _merit(fit: Fit) -> tuple[float, bool]:
    return len(fit.dates) - 1.5 * fit.exceptions + 0.75 * fit.rule.is_ordinal, fit.rule.is_ordinal


def fits(dates: Iterable[date]) -> list[Fit]:
    """Rules for `dates`, the longest runs first found from the left; a date is used once, some not at all."""
    left, found = sorted(set(dates)), []
    start = 0
    while start <= len(left) - FEWEST:
        for end in range(len(left), start + FEWEST - 1, -1):
            fit = best_fit(left[start:end])
            if fit is not None and fit.dates[-1] == left[end - 1]:
                break
        else:
            start += 1
            continue
        found.append(fit)
        used = set(fit.dates)
        left = [day for day in left if day not in used]
    return found


def into_series(
    events: Iterable[ImportedEvent], group: Callable[[ImportedEvent], Hashable | None]
) -> list[ImportedEvent]:
    """`events` with those of one `group` joined into series where a rule is found; None groups nothing.

    Only single timed events are joined. The expansion of the result has exactly the starts that went in.
    """
    groups: dict[Hashable, list[ImportedEvent]] = {}
    result: list[ImportedEvent] = []
    for event in events:
        name = group(event)
        if name is None or event.all_day or event.rrule:
            result.append(event)
        else:
            groups.setdefault(name, []).append(event)
    for members in groups.values():
        result.extend(_join(members))
    return sorted(result, key=lambda event: event.row)


def _join(members: list[ImportedEvent]) -> list[ImportedEvent]:
    """Series first from all members; what they leave is tried again by hour and place, each on its own."""
    joined, single = _series_of(members)
    apart: dict[Hashable, list[ImportedEvent]] = {}
    for event in single:
        apart.setdefault((_moment(event.starts).time(), event.place_name, event.place_address), []).append(
            event
        )
    for alike in apart.values():
        more, rest = _series_of(alike)
        joined += [*more, *rest]
    return joined


def _series_of(members: list[ImportedEvent]) -> tuple[list[ImportedEvent], list[ImportedEvent]]:
    """The series found among `members`, and those that are in none."""
    by_date: dict[date, ImportedEvent] = {}
    single: list[ImportedEvent] = []
    for event in sorted(members, key=lambda event: (event.starts, event.row)):
        if by_date.setdefault(_moment(event.starts).date(), event) is not event:
            single.append(event)
    joined: list[ImportedEvent] = []
    for fit in fits(by_date):
        series = _series(fit, by_date)
        if series is not None:
            joined.append(series)
            for day in fit.dates:
                del by_date[day]
    return joined, [*single, *by_date.values()]


def _moment(value: datetime | date) -> datetime:
    return value if isinstance(value, datetime) else datetime.combine(value, time())


def _series(fit: Fit, by_date: dict[date, ImportedEvent]) -> ImportedEvent | None:
    """The series that `fit` describes, its common values the commonest; None if too much differs from them."""
    members = [by_date[day] for day in fit.dates]
    clock = _commonest(_moment(event.starts).time() for event in members)
    length = _commonest(_moment(event.ends) - _moment(event.starts) for event in members)
    place = _commonest((event.place_name, event.place_address) for event in members)
    common = replace(members[0], place_name=place[0], place_address=place[1])
    pairs = [(datetime.combine(slot, clock), by_date[day]) for slot, day in fit.kept.items()]
    pairs += [(datetime.combine(day, clock), by_date[day]) for day in fit.extra]
    pairs.sort(key=lambda pair: pair[0])
    overrides = tuple(filter(None, (_override(slot, event, length, common) for slot, event in pairs)))
    if 3 * (len(overrides) + len(fit.skipped) + len(fit.extra)) > len(members):
        return None
    starts = datetime.combine(min([*fit.kept, *fit.skipped]), clock)
    newest = max(members, key=lambda event: _moment(event.starts))
    return replace(
        common,
        title=_commonest(event.title for event in members),
        story=_commonest([event.story for event in members if event.story] or [""]),
        contact=newest.contact or _commonest(event.contact for event in members),
        starts=starts,
        ends=starts + length,
        status="published",
        reason="",
        rrule=fit.rule.text(len(fit.kept) + len(fit.skipped)),
        extra_dates=tuple(datetime.combine(day, clock) for day in fit.extra),
        skipped_dates=tuple(datetime.combine(day, clock) for day in fit.skipped),
        overrides=overrides,
    )


def _override(slot: datetime, event: ImportedEvent, length: object, common: ImportedEvent) -> Override | None:
    """What makes `event` differ from its `slot` in the series; None where nothing does."""
    moved = event.starts != slot or _moment(event.ends) - _moment(event.starts) != length
    elsewhere = (event.place_name, event.place_address) != (common.place_name, common.place_address) and bool(
        event.place_name or event.place_address
    )
    cancelled = event.status == "cancelled"
    if not (moved or elsewhere or cancelled):
        return None
    return Override(
        original=slot,
        starts=event.starts if moved else None,
        ends=event.ends if moved else None,
        cancelled=cancelled,
        reason=event.reason,
        place_name=event.place_name if elsewhere else None,
        place_address=event.place_address if elsewhere else None,
    )


def _commonest(values: Iterable[T]) -> T:
    counted = Counter(values)
    return max(counted, key=lambda value: counted[value])
