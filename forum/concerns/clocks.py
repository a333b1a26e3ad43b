"""The clocks of a concern: how long its person has waited, by what its thread says and by nothing else.

* **Acknowledgement** (complaints): from the arrival, so many hours, then to the next opening. Met by the first entry of
  staff that says "acknowledged" or has words.
* **First answer**: the same, with hours of its own. Met by the first words of staff that do not only acknowledge: words
  with the status "received" or "acknowledged" do not count, and neither do those that close as a duplicate, since
  whoever reads them has heard nothing of what they asked. Nothing pauses these two.
* **Next update**: from each of those words, so many days; met by the next words of staff, or by closing.
* **Closing**: from the arrival, so many days, or the promised moment. Met when it is closed; one closed as a duplicate
  only once its own person has had an answer.

"Waiting" pauses the last two. What is reopened goes on with the time it has used; a closing that was overturned counts
as never made, so the time it lay closed is used too; one that was disputed and upheld was a rest. A pause that begins
when a clock has run out mends nothing.

An anonymous or confidential concern knows days: its clocks start at the beginning of a day, run whole days, and rest
only for days on which they rested from midnight to midnight. Each of these roundings makes the clock stricter, never
kinder; a promise of less than a day counts as one day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import zip_longest
from zoneinfo import ZoneInfo

from forum.concerns.calendar import Calendar, next_opening
from forum.concerns.models import Author, ClockKind, Closing, Status
from forum.core.clock import to_utc

WARN_AFTER = 0.75  # of its time, when that is later than
WARN_BEFORE = timedelta(hours=12)
WARN_AT = time(7)  # on the day before, where whole days count
WARNED_WITHIN = timedelta(days=2)  # before it runs out, at the earliest: the day before and that of it


@dataclass(frozen=True)
class Targets:
    """What is promised. *acknowledge_hours* is None where nothing is; *target_at* replaces the days to closing."""

    answer_hours: int
    update_days: int
    closing_days: int
    acknowledge_hours: int | None = None
    target_at: datetime | None = None


@dataclass(frozen=True)
class Step:
    """One entry of the thread. *overturned*: it reopens what should not have been closed."""

    number: int
    at: datetime
    author: Author
    words: bool = False
    status: Status | None = None
    closed_as: Closing | None = None
    overturned: bool = True


@dataclass(frozen=True)
class Pause:
    """From when until when a clock rested; *end* is None while it rests."""

    start: datetime
    end: datetime | None


@dataclass(frozen=True)
class Run:
    """One clock, running once: of "next update" there is one after each answer. *round* is the entry it began with.

    *due_at* is None while it rests in time: nobody knows yet when it will be due.
    """

    kind: ClockKind
    round: int
    started_at: datetime
    due_at: datetime | None
    met_at: datetime | None
    pauses: tuple[Pause, ...] = ()

    def breached(self, now: datetime) -> bool:
        """Whether it ran out before it was met."""
        return self.due_at is not None and self.due_at < (self.met_at or now)

    def warn_at(self, calendar: Calendar, *, whole_days: bool) -> datetime | None:
        """When somebody has to hear that it runs out: before it does."""
        if self.due_at is None:
            return None
        if whole_days:
            day = self.due_at.astimezone(calendar.zone).date() - timedelta(days=1)
            return to_utc(datetime.combine(day, WARN_AT), calendar.zone)
        return max(self.started_at + (self.due_at - self.started_at) * WARN_AFTER, self.due_at - WARN_BEFORE)


class _Kind(StrEnum):
    CLOSED = "closed"
    WAITING = "waiting"


def reckon(
    arrived: datetime,
    steps: Sequence[Step],
    targets: Targets,
    calendar: Calendar,
    *,
    whole_days: bool = False,
) -> list[Run]:
    """Every clock that *steps* (in order) started. *whole_days*: the concern keeps days alone."""
    return _Reckoning(arrived, _in_order(arrived, steps), targets, calendar, whole_days).runs()


def pending(runs: Iterable[Run], *, closed_as: Closing | None) -> list[Run]:
    """The clocks that run against somebody now, the earliest first. Of what is closed none does, except while one that
    was closed as a duplicate leaves its person without an answer."""
    if closed_as is not None and closed_as is not Closing.DUPLICATE:
        return []
    left = [(run.due_at, str(run.kind), run) for run in runs if run.met_at is None and run.due_at is not None]
    return [run for _due, _kind, run in sorted(left, key=lambda found: found[:2])]


def _in_order(arrived: datetime, steps: Sequence[Step]) -> list[Step]:
    """No step lies before the one it follows: some people's are known by their day's beginning."""
    moved, last = [], arrived
    for step in steps:
        last = max(last, step.at)
        moved.append(replace(step, at=last))
    return moved


@dataclass(frozen=True)
class _Reckoning:
    arrived: datetime
    steps: list[Step]
    targets: Targets
    calendar: Calendar
    whole_days: bool

    @property
    def zone(self) -> ZoneInfo:
        return self.calendar.zone

    def runs(self) -> list[Run]:
        found = []
        if self.targets.acknowledge_hours is not None:
            met = next((step.at for step in self.steps if _acknowledges(step)), None)
            found.append(self._by_hours(ClockKind.ACKNOWLEDGEMENT, self.targets.acknowledge_hours, met))
        answered = next((step.at for step in self.steps if _answers(step)), None)
        found.append(self._by_hours(ClockKind.ANSWER, self.targets.answer_hours, answered))
        found += self._updates()
        found.append(self._closing(answered))
        return found

    def _by_hours(self, kind: ClockKind, hours: int, met: datetime | None) -> Run:
        start = self._start(self.arrived)
        if self.whole_days:
            due = self._days_later(start, max(1, hours // 24))
        else:
            due = start + timedelta(hours=hours)
        return Run(kind, 1, start, next_opening(due, self.calendar), met)

    def _updates(self) -> Iterator[Run]:
        """One run from each answer to the next words, or to the closing. Reopening goes on where it was."""
        says = [step for step in self.steps if step.author is Author.STAFF and step.words]
        says = says[next((at for at, step in enumerate(says) if _answers(step)), len(says)) :]
        for step, following in zip_longest(says, says[1:]):
            ends = [following.at] if following is not None else []
            if self._is_closed:
                ends.append(
                    max(step.at, *(self._met(each) for each in self.steps if each.status is Status.CLOSED))
                )
            met = min(ends, default=None)
            pauses = tuple(p for p in self._pauses(step.at) if met is None or p.start < met)
            due = self._after(step.at, self.targets.update_days, pauses)
            yield self._run(ClockKind.UPDATE, step.number, step.at, due, met, pauses)

    def _closing(self, answered: datetime | None) -> Run:
        closed = next((step for step in reversed(self.steps) if step.status is Status.CLOSED), None)
        met = self._met(closed) if closed is not None and self._is_closed else None
        if met is not None and closed is not None and closed.closed_as is Closing.DUPLICATE:
            met = None if answered is None else max(met, answered)
        pauses = self._pauses(self.arrived)
        due = self._after(self.arrived, self.targets.closing_days, pauses, self.targets.target_at)
        return self._run(ClockKind.CLOSING, 1, self.arrived, due, met, pauses)

    def _met(self, closing: Step) -> datetime:
        """When *closing* counts: where only days are known, a person's own, so it counts from the end of that."""
        own = self.whole_days and closing.author is Author.PERSON
        return self._midnight(closing.at, 1) if own else closing.at

    def _run(
        self, kind: ClockKind, round_: int, start: datetime, due: datetime | None, met: datetime | None,
        pauses: tuple[Pause, ...],
    ) -> Run:  # fmt: skip
        return Run(kind, round_, self._start(start), due, met, pauses)

    @property
    def _is_closed(self) -> bool:
        return next((s.status for s in reversed(self.steps) if s.status is not None), None) is Status.CLOSED

    def _after(
        self, start: datetime, days: int, pauses: Iterable[Pause], promised: datetime | None = None
    ) -> datetime | None:
        """*days* of running time after *start*, or *promised* and the pauses until then; None inside a pause."""
        due = promised or self._days_later(self._start(start), days)
        for pause in pauses:
            if pause.start >= due:
                break
            if pause.end is None:
                return None
            due = self._longer(due, pause.start, pause.end)
        return due

    def _longer(self, due: datetime, start: datetime, end: datetime) -> datetime:
        if not self.whole_days:
            return due + (end - start)
        return self._days_later(due, (self._day(end) - self._day(start)).days)

    def _pauses(self, since: datetime) -> tuple[Pause, ...]:
        """When the clocks of days rested after *since*."""
        found: list[Pause] = []
        start, why = None, None
        for step in self.steps:
            state = _rest(step)
            if step.status is None or state is why:
                continue
            if start is not None and why is not None and not (why is _Kind.CLOSED and step.overturned):
                found.append(Pause(start, step.at))
            start, why = (step.at, state) if state is not None else (None, None)
        if start is not None and why is _Kind.WAITING:
            found.append(Pause(start, None))
        return tuple(self._rested(found, since))

    def _rested(self, found: Iterable[Pause], since: datetime) -> Iterator[Pause]:
        for pause in found:
            start, end = max(pause.start, since), pause.end
            if self.whole_days:
                start, end = self._next_midnight(start), None if end is None else self._start(end)
            if end is None or start < end:
                yield Pause(start, end)

    def _start(self, moment: datetime) -> datetime:
        """*moment*, or the beginning of its day where whole days count."""
        return self._midnight(moment, 0) if self.whole_days else moment

    def _next_midnight(self, moment: datetime) -> datetime:
        today = self._midnight(moment, 0)
        return moment if moment == today else self._midnight(moment, 1)

    def _midnight(self, moment: datetime, days: int) -> datetime:
        return to_utc(datetime.combine(self._day(moment) + timedelta(days=days), time()), self.zone)

    def _days_later(self, moment: datetime, days: int) -> datetime:
        """The same time on the wall clock, *days* later."""
        return to_utc(moment.astimezone(self.zone).replace(tzinfo=None) + timedelta(days=days), self.zone)

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()


def _rest(step: Step) -> _Kind | None:
    if step.status is Status.WAITING:
        return _Kind.WAITING
    return _Kind.CLOSED if step.status is Status.CLOSED else None


def _acknowledges(step: Step) -> bool:
    if step.author is not Author.STAFF or step.status is Status.RECEIVED:
        return False
    return step.words or step.status is Status.ACKNOWLEDGED


def _answers(step: Step) -> bool:
    only_receives = step.status in (Status.RECEIVED, Status.ACKNOWLEDGED)
    return (
        step.author is Author.STAFF
        and step.words
        and not only_receives
        and step.closed_as is not Closing.DUPLICATE
    )
