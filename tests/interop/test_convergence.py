"""Whatever the desk does to a series, a subscribed calendar ends up showing what is true, and no ghost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from dateutil.rrule import rrulestr
from flask import Flask, g
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from forum.core import clock
from forum.events.feeds import Site, store_bytes
from forum.events.feeds.collect import public_calendar
from forum.events.models import EventStatus, Occurrence
from forum.events.operations.details import EventDetails
from forum.events.operations.events import (
    cancel_event,
    create_event,
    edit_event,
    postpone_event,
    publish_event,
    withdraw_event,
)
from forum.events.operations.occurrences import cancel_occurrence, move_occurrence, reinstate_occurrence
from forum.events.queries.filters import EventFilters
from forum.extensions import db
from tests.factories import accounts, events
from tests.interop.subscriber import Entry, Merging, Replacing

APP: list[Flask] = []
BEGIN = datetime(2026, 9, 1, 12, tzinfo=UTC)  # both clock changes of Chicago lie ahead
SEEN = timedelta(days=240)  # how far ahead the calendars are compared
RULES = (
    None,
    "FREQ=WEEKLY",
    "FREQ=WEEKLY;INTERVAL=2",
    "FREQ=DAILY;INTERVAL=5",
    "FREQ=MONTHLY;BYMONTHDAY=8",
    "FREQ=WEEKLY;COUNT=9",
    "FREQ=WEEKLY;UNTIL=20261201",
)
TITLES = ("Coffee", "Beat meeting", "Town hall; with, signs")


@dataclass
class Truth:
    """The series as the desk means it, kept without the site's code."""

    title: str
    start: datetime
    minutes: int
    rrule: str | None
    all_day: bool
    extra: set[datetime] = field(default_factory=set)
    skipped: set[datetime] = field(default_factory=set)
    moved: dict[date, tuple[datetime, int]] = field(default_factory=dict)
    cancelled: set[date] = field(default_factory=set)
    status: str = "CONFIRMED"
    public: bool = True

    def starts(self) -> list[datetime]:
        dates = {self.start, *self.extra}
        if self.rrule:
            # All rules here end with a whole local day, so the naive end is that day's.
            text = self.rrule + ("T235959" if "UNTIL" in self.rrule else "")
            dates |= set(
                rrulestr(text, dtstart=self.start).between(
                    self.start, self.start + timedelta(days=700), inc=True
                )
            )
        return sorted(dates - self.skipped)

    def shows(self, first: date, last: date) -> list[Entry]:
        entries = [self._entry(start) for start in self.starts()] if self.public else []
        return sorted(entry for entry in entries if first.isoformat() <= entry[0][:10] < last.isoformat())

    def _entry(self, original: datetime) -> Entry:
        start, minutes = self.moved.get(original.date(), (original, self.minutes))
        end = start + timedelta(minutes=minutes)
        status = "CANCELLED" if original.date() in self.cancelled else self.status
        prefix = {"CANCELLED": "Cancelled: ", "TENTATIVE": "Postponed: ", "CONFIRMED": ""}[status]
        form = "%Y-%m-%d" if self.all_day else "%Y-%m-%d %H:%M"
        return start.strftime(form), end.strftime(form), status, prefix + self.title

    def forget_vanished(self) -> None:
        days = {start.date() for start in self.starts()}
        self.moved = {day: value for day, value in self.moved.items() if day in days}
        self.cancelled &= days


class Desk(RuleBasedStateMachine):
    """An officer at the desk, and two calendars that fetch now and then."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.travel: Any = self.stack.enter_context(time_machine.travel(BEGIN, tick=False))
        self.stack.enter_context(APP[0].app_context())
        g.writing = True
        self.replacing, self.merging = Replacing(), Merging()

    @initialize(
        days=st.integers(1, 12),
        hour=st.sampled_from((4, 12, 18, 23)),
        rrule=st.sampled_from(RULES),
        all_day=st.booleans(),
    )
    def announce(self, days: int, hour: int, rrule: str | None, all_day: bool) -> None:
        self.actor = accounts.person()
        start = datetime.combine(clock.today() + timedelta(days=days), datetime.min.time())
        if rrule and "BYMONTHDAY" in rrule:
            start = start.replace(day=8)
        start = start if all_day else start.replace(hour=hour, minute=30)
        self.truth = Truth("Coffee", start, 1440 if all_day else 90, rrule, all_day)
        self.event = create_event(actor=self.actor, details=self._details())
        publish_event(actor=self.actor, event=self.event)

    # ---- Single dates ----

    @precondition(lambda self: self.event.is_series)
    @rule(
        number=st.integers(0, 8),
        days=st.integers(-3, 40),
        hours=st.integers(0, 5),
        longer=st.sampled_from((0, 30)),
    )
    def move(self, number: int, days: int, hours: int, longer: int) -> None:
        one = self._date(number)
        if one is None or one.cancelled:
            return
        shift = timedelta(days=days) if self.truth.all_day else timedelta(days=days, hours=hours)
        minutes = self.truth.minutes if self.truth.all_day else self.truth.minutes + longer
        start = one.original_start + shift
        self._move(one, start, minutes)

    @precondition(lambda self: self.event.is_series)
    @rule(number=st.integers(0, 8))
    def move_back(self, number: int) -> None:
        one = self._date(number)
        if one is not None and not one.cancelled:
            self._move(one, one.original_start, self.truth.minutes)

    @precondition(lambda self: self.event.is_series)
    @rule(number=st.integers(0, 8))
    def cancel_date(self, number: int) -> None:
        if (one := self._date(number)) is not None:
            cancel_occurrence(actor=self.actor, occurrence=one, reason="Snow.")
            self.truth.cancelled.add(one.original_date)

    @rule(number=st.integers(0, 8))
    def reinstate_date(self, number: int) -> None:
        if (one := self._date(number)) is not None:
            reinstate_occurrence(actor=self.actor, occurrence=one)
            self.truth.cancelled.discard(one.original_date)

    # ---- The whole event ----

    @rule(title=st.sampled_from(TITLES))
    def rename(self, title: str) -> None:
        self.truth.title = title
        self._edit()

    @precondition(lambda self: not self.truth.all_day)
    @rule(minutes=st.sampled_from((15, 60, 200)))
    def change_length(self, minutes: int) -> None:
        self.truth.minutes = minutes
        self._edit()

    @precondition(lambda self: not self.truth.all_day)
    @rule(hour=st.sampled_from((5, 9, 17, 22)))
    def change_hour(self, hour: int) -> None:
        """Another time of day for the whole series: its extra and skipped dates go with it."""
        shift = timedelta(hours=hour - self.truth.start.hour)
        self.truth.start += shift
        self.truth.extra = {moment + shift for moment in self.truth.extra}
        self.truth.skipped = {moment + shift for moment in self.truth.skipped}
        self._edit()

    @rule(rrule=st.sampled_from(RULES))
    def change_rule(self, rrule: str | None) -> None:
        if rrule and "BYMONTHDAY" in rrule and self.truth.start.day != 8:
            return
        self.truth.rrule, self.truth.extra, self.truth.skipped = rrule, set(), set()
        self._edit()

    @precondition(lambda self: self.truth.rrule is not None)
    @rule(number=st.integers(1, 6))
    def skip(self, number: int) -> None:
        starts = self.truth.starts()
        if len(starts) > number + 2:
            self.truth.skipped.add(starts[number])
            self._edit()

    @rule(days=st.integers(1, 90))
    def add_date(self, days: int) -> None:
        extra = self.truth.start + timedelta(days=days)
        if (
            extra.date() not in {start.date() for start in self.truth.starts()}
            and extra not in self.truth.skipped
        ):
            self.truth.extra.add(extra)
            self._edit()

    @rule(word=st.sampled_from(("cancel", "postpone", "publish", "withdraw")))
    def change_status(self, word: str) -> None:
        if self.event.status == EventStatus.DRAFT and word in ("cancel", "postpone"):
            return
        if word == "cancel":
            cancel_event(actor=self.actor, event=self.event, reason="No room.")
        elif word == "postpone":
            postpone_event(actor=self.actor, event=self.event, reason="Snow.")
        elif word == "publish":
            publish_event(actor=self.actor, event=self.event)
        else:
            withdraw_event(actor=self.actor, event=self.event)
        self.truth.status = {"cancel": "CANCELLED", "postpone": "TENTATIVE"}.get(word, "CONFIRMED")
        self.truth.public = word != "withdraw"

    # ---- The subscribers ----

    @rule(minutes=st.integers(1, 3000))
    def time_passes(self, minutes: int) -> None:
        self.travel.shift(timedelta(minutes=minutes))

    @rule()
    def replacing_calendar_fetches(self) -> None:
        self.replacing.fetch(self._feed())
        assert self.replacing.shows(*self._span()) == self.truth.shows(*self._span())

    @rule()
    def merging_calendar_fetches(self) -> None:
        self.merging.fetch(self._feed())
        assert self.merging.shows(*self._span()) == self.truth.shows(*self._span())

    @invariant()
    def what_is_stored_is_what_would_be_made_now(self) -> None:
        if hasattr(self, "event"):
            assert store_bytes(self.event) == (self.event.vevents, self.event.vevents_made)

    def teardown(self) -> None:
        try:
            if hasattr(self, "event"):
                self.replacing_calendar_fetches()
                self.merging_calendar_fetches()
                assert self._feed() == self._feed()
        finally:
            db.session.rollback()
            self.stack.close()

    def _move(self, one: Occurrence, start: datetime, minutes: int) -> None:
        end = start + timedelta(minutes=minutes)
        move_occurrence(
            actor=self.actor, occurrence=one, starts_local=start, ends_local=end, reason="Closed."
        )
        if (start, minutes) == (one.original_start, self.truth.minutes):
            self.truth.moved.pop(one.original_date, None)  # on the rule again, and with it from now on
        else:
            self.truth.moved[one.original_date] = (start, minutes)
        self._tick()

    def _edit(self) -> None:
        self.truth.forget_vanished()
        edit_event(actor=self.actor, event=self.event, details=self._details())
        self._tick()

    def _details(self) -> EventDetails:
        truth = self.truth
        start = truth.start
        return replace(
            events.details(starts_local=start, ends_local=start + timedelta(minutes=truth.minutes), kind="coffee"),
            title=truth.title, rrule=truth.rrule, all_day=truth.all_day,
            extra_starts=tuple(sorted(truth.extra)), skipped_starts=tuple(sorted(truth.skipped)),
        )  # fmt: skip

    def _date(self, number: int) -> Occurrence | None:
        return self.event.occurrences[number] if number < len(self.event.occurrences) else None

    def _feed(self) -> bytes:
        site = Site.current()
        return public_calendar(EventFilters(), site, name="Events", source=site.base_url + "/events.ics").body

    def _span(self) -> tuple[date, date]:
        return BEGIN.date(), BEGIN.date() + SEEN

    def _tick(self) -> None:
        self.travel.shift(timedelta(seconds=1))


@pytest.fixture(autouse=True)
def application(app: Flask) -> Iterator[None]:
    APP.append(app)
    yield
    APP.clear()


def converges(examples: int, steps: int) -> None:
    """Let *examples* officers do *steps* things each."""
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_subscribed_calendars_converge() -> None:
    converges(examples=12, steps=18)


@pytest.mark.soak
def test_subscribed_calendars_converge_for_long() -> None:
    converges(examples=1000, steps=40)


def test_sequence_rises_even_where_a_date_leaves_its_series_and_comes_back() -> None:
    """Or a program that goes by SEQUENCE would take the old move for the newer one."""
    desk = Desk()
    try:
        desk.announce(days=3, hour=12, rrule="FREQ=WEEKLY", all_day=False)
        for day in range(1, 6):
            desk.move(number=1, days=day, hours=0, longer=0)
        desk.merging_calendar_fetches()
        for rrule in ("FREQ=WEEKLY;INTERVAL=2", None, "FREQ=WEEKLY"):
            desk.change_rule(rrule=rrule)
            desk.merging_calendar_fetches()
        desk.move(number=1, days=2, hours=0, longer=0)
        desk.merging_calendar_fetches()
    finally:
        desk.teardown()


def test_sequence_rises_when_a_single_event_becomes_a_series() -> None:
    desk = Desk()
    try:
        desk.announce(days=3, hour=12, rrule=None, all_day=False)
        for _ in range(3):
            cancel_occurrence(actor=desk.actor, occurrence=desk.event.occurrences[0], reason="Snow.")
            reinstate_occurrence(actor=desk.actor, occurrence=desk.event.occurrences[0])
        for rrule in ("FREQ=WEEKLY", None, "FREQ=WEEKLY"):
            desk.merging_calendar_fetches()
            desk.change_rule(rrule=rrule)
    finally:
        desk.teardown()
