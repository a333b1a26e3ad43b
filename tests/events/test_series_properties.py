"""Whatever an officer does to a series, calendars and mails end up saying what is true, and nobody's answer is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest
import time_machine
from flask import Flask, g
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from forum.core import clock
from forum.core.errors import Refusal
from forum.events.acts import EventNotice
from forum.events.feeds import Site
from forum.events.feeds.collect import event_calendar, public_calendar
from forum.events.feeds.vevent import occurrence_vevent
from forum.events.models import Answer, Occurrence, Rsvp
from forum.events.operations.details import EventDetails, details_of, details_since, moved_series
from forum.events.operations.occurrences import cancel_occurrence, move_occurrence, reinstate_occurrence
from forum.events.operations.rsvp import answer
from forum.events.operations.series import change_series, plan_series
from forum.events.queries.filters import EventFilters
from forum.extensions import db
from forum.notifications.models import Notification
from tests.factories import accounts, events
from tests.interop.subscriber import Entry, Merging, Replacing, shown

APP: list[Flask] = []
BEGIN = datetime(2026, 9, 1, 12, tzinfo=UTC)  # both clock changes of Chicago lie ahead
SEEN = timedelta(days=200)
RULES = (
    "FREQ=WEEKLY",
    "FREQ=WEEKLY;COUNT=12",
    "FREQ=WEEKLY;INTERVAL=2",
    "FREQ=MONTHLY;BYDAY=2TU",
    "FREQ=DAILY;INTERVAL=3",
)
RHYTHMS = (
    "FREQ=WEEKLY;COUNT=9",
    "FREQ=WEEKLY;INTERVAL=3",
    "FREQ=WEEKLY;UNTIL=20261201",
    "FREQ=DAILY;COUNT=10000",
)
NUMBERS = st.integers(0, 9)


class Officer(RuleBasedStateMachine):
    """An officer at the desk, two subscribed calendars, and people whose calendars live by mail."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.travel: Any = self.stack.enter_context(time_machine.travel(BEGIN, tick=False))
        self.stack.enter_context(APP[0].app_context())
        g.writing = True
        self.replacing, self.merging = Replacing(), Merging()
        self.mailed: dict[int, dict[tuple[str, str], tuple[int, str, str]]] = {}
        self.answers: dict[int, int] = {}
        self.read = 0

    @initialize(days=st.integers(1, 12), hour=st.sampled_from((4, 18, 23)), rrule=st.sampled_from(RULES))
    def announce(self, days: int, hour: int, rrule: str) -> None:
        start = datetime.combine(clock.today() + timedelta(days=days), datetime.min.time())
        start = datetime(2026, 9, 8) if "TU" in rrule else start  # the second Tuesday
        self.first = events.event(starts_local=start.replace(hour=hour, minute=30), rrule=rrule)

    # ---- Single dates ----

    @rule(number=NUMBERS, days=st.integers(-2, 20), hours=st.integers(0, 5))
    def move(self, number: int, days: int, hours: int) -> None:
        date = self._date(number)
        start = date.original_start + timedelta(days=days, hours=hours)
        self._try(
            lambda: move_occurrence(
                actor=None, occurrence=date, starts_local=start, ends_local=start + timedelta(minutes=90)
            )
        )

    @rule(number=NUMBERS)
    def cancel(self, number: int) -> None:
        self._try(lambda: cancel_occurrence(actor=None, occurrence=self._date(number), reason="Snow."))

    @rule(number=NUMBERS)
    def reinstate(self, number: int) -> None:
        self._try(lambda: reinstate_occurrence(actor=None, occurrence=self._date(number)))

    @rule(number=NUMBERS)
    def come(self, number: int) -> None:
        date, person = self._date(number), accounts.person()
        if self._try(lambda: answer(actor=person, occurrence=date, answer=Answer.GOING)):
            self.answers[person.id] = date.id
            self.mailed[person.id] = {}
            self._mail(person.id, date)

    # ---- Many dates ----

    @rule(number=NUMBERS, days=st.integers(-3, 3), hours=st.integers(-2, 2), following=st.booleans())
    def shift(self, number: int, days: int, hours: int, following: bool) -> None:
        date = self._date(number)
        start = date.original_start + timedelta(days=days, hours=hours)

        def details() -> EventDetails:
            whole = details_since(date.event, date.original_date) if following else details_of(date.event)
            return moved_series(whole, date.original_start, start, start + timedelta(minutes=60))

        self._change(date, details, following)

    @rule(number=NUMBERS, rrule=st.sampled_from(RHYTHMS), following=st.booleans())
    def another_rhythm(self, number: int, rrule: str, following: bool) -> None:
        date = self._date(number)

        def details() -> EventDetails:
            whole = details_since(date.event, date.original_date) if following else details_of(date.event)
            return replace(whole, rrule=rrule)

        self._change(date, details, following)

    @rule(number=NUMBERS)
    def rename_from_here_on(self, number: int) -> None:
        date = self._date(number)
        self._change(
            date, lambda: replace(details_since(date.event, date.original_date), title="Coffee"), True
        )

    @rule(hours=st.integers(1, 400))
    def time_passes(self, hours: int) -> None:
        self.travel.shift(timedelta(hours=hours))

    # ---- Those who look ----

    @rule()
    def replacing_calendar_fetches(self) -> None:
        self.replacing.fetch(self._feed())
        assert self.replacing.shows(*span()) == self._truth()

    @rule()
    def merging_calendar_fetches(self) -> None:
        self.merging.fetch(self._feed())
        assert self.merging.shows(*span()) == self._truth()

    @rule()
    def the_file_of_the_first_series_has_all_that_came_of_it(self) -> None:
        body = event_calendar(self.first, Site.current()).body
        assert shown(icalendar.Calendar.from_ical(body), *span()) == self._truth()

    @invariant()
    def mails_said_what_is_true_and_no_answer_is_lost(self) -> None:
        self._read_mail()
        kept = {rsvp.person_id: rsvp.occurrence_id for rsvp in db.session.scalars(select(Rsvp))}
        assert kept == self.answers
        for person, occurrence_id in self.answers.items():
            date = db.session.get_one(Occurrence, occurrence_id)
            assert len(self.mailed[person]) == 1, "one date, one entry: the rest are ghosts"
            ((_sequence, start, status),) = self.mailed[person].values()
            if date.ends_at > clock.now():
                assert (start, status) == (local(date.starts_at, date), status_of(date))

    @invariant()
    def addresses_are_of_one_date_each(self) -> None:
        rows = db.session.execute(select(Occurrence.event_id, Occurrence.original_date)).all()
        assert len(rows) == len(set(rows))

    def teardown(self) -> None:
        try:
            if hasattr(self, "first"):
                self.replacing_calendar_fetches()
                self.merging_calendar_fetches()
                self.the_file_of_the_first_series_has_all_that_came_of_it()
        finally:
            db.session.rollback()
            self.stack.close()

    def _change(self, date: Occurrence, details: Callable[[], EventDetails], following: bool) -> None:
        """Change the series as planned, and see that it became what the plan had said."""
        event, since = date.event, date.original_date if following else None

        def run() -> None:
            wanted = details()
            plan = plan_series(event, wanted, since)
            stays = {one.id: start for one, start in plan.stays}
            others = {one.id for one in event.occurrences} - set(stays)
            gone = {one.id for one in plan.gone}
            changed = change_series(actor=None, event=event, details=wanted, since=since)
            now = {one.id: one for one in changed.occurrences}
            assert {id_: now[id_].original_start for id_ in stays} == stays
            assert {one.id for one in plan.kept} <= set(now)
            assert len(now) == len(stays) + len(plan.kept) + len(plan.new)
            left = set(db.session.scalars(select(Occurrence.id).where(Occurrence.id.in_(others))))
            assert left == others - gone

        self._try(run)

    def _try(self, act: Callable[[], object]) -> bool:
        """Do it unless it is refused; what is refused leaves nothing behind."""
        self.travel.shift(timedelta(seconds=1))
        before = self._truth()
        try:
            with db.session.begin_nested():
                act()
        except Refusal:
            db.session.expire_all()
            assert self._truth() == before
            return False
        return True

    def _date(self, number: int) -> Occurrence:
        ahead = select(Occurrence).where(Occurrence.starts_at > clock.now() - timedelta(days=20))
        found = list(db.session.scalars(ahead.order_by(Occurrence.starts_at, Occurrence.id).limit(10)))
        found = found or list(db.session.scalars(select(Occurrence).order_by(Occurrence.id.desc()).limit(1)))
        return found[number % len(found)]

    def _truth(self) -> list[Entry]:
        first, last = span()
        dates = db.session.scalars(select(Occurrence).join(Occurrence.event))
        entries = [(local(d.starts_at, d), local(d.ends_at, d), status_of(d), title_of(d)) for d in dates]
        return sorted(entry for entry in entries if first.isoformat() <= entry[0][:10] < last.isoformat())

    def _feed(self) -> bytes:
        site = Site.current()
        return public_calendar(EventFilters(), site, name="Events", source=site.base_url + "/events.ics").body

    def _read_mail(self) -> None:
        news = select(Notification).where(Notification.id > self.read).order_by(Notification.id)
        for letter in db.session.scalars(news):
            self.read = letter.id
            if letter.kind in (EventNotice.OCCURRENCE_MOVED, EventNotice.OCCURRENCE_CANCELLED):
                assert letter.recipient_id is not None
                self._mail(letter.recipient_id, db.session.get_one(Occurrence, letter.subject_id))

    def _mail(self, person: int, date: Occurrence) -> None:
        """A letter with the date in it: the calendar puts it in the place of what has the same name."""
        body = occurrence_vevent(date.event, date, Site.current(), first_name=True)
        entry: Any = icalendar.Event.from_ical(body)
        name = str(entry["UID"]), entry["RECURRENCE-ID"].dt.isoformat() if "RECURRENCE-ID" in entry else ""
        before = self.mailed[person].get(name, (0, "", ""))
        assert entry["SEQUENCE"] >= before[0], "an older letter is not believed"
        start = entry["DTSTART"].dt.strftime("%Y-%m-%d %H:%M")
        self.mailed[person][name] = (entry["SEQUENCE"], start, str(entry["STATUS"]))


def span() -> tuple[date, date]:
    return BEGIN.date(), BEGIN.date() + SEEN


def local(moment: datetime, of: Occurrence) -> str:
    return moment.astimezone(of.event.tz).strftime("%Y-%m-%d %H:%M")


def status_of(one: Occurrence) -> str:
    return "CANCELLED" if one.cancelled else "CONFIRMED"


def title_of(one: Occurrence) -> str:
    return f"Cancelled: {one.event.title}" if one.cancelled else one.event.title


@pytest.fixture(autouse=True)
def application(app: Flask) -> Iterator[None]:
    APP.append(app)
    yield
    APP.clear()


def converges(examples: int, steps: int) -> None:
    """Let *examples* officers do *steps* things each."""
    run_state_machine_as_test(
        Officer,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_series_that_is_split_and_changed_converges() -> None:
    converges(examples=6, steps=10)


@pytest.mark.soak
def test_a_series_that_is_split_and_changed_converges_for_long() -> None:
    converges(examples=600, steps=40)
