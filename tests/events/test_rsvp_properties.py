"""Whatever people do in whatever order, while the clock goes on, jumps, or is put back, and the date itself changes.

Never more held than places, never out of order, nobody doubled, no offer lost, none kept from the next in line.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask, g
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from forum.core import clock
from forum.core.errors import Refusal
from forum.events.models import Answer, Occurrence, Place, Rsvp
from forum.events.operations.events import cancel_event, edit_event, publish_event
from forum.events.operations.occurrences import move_occurrence
from forum.events.operations.offers import end_lapsed, pass_offer, take_offer
from forum.events.operations.rsvp import answer
from forum.extensions import db
from forum.notifications.models import Notification
from tests.factories import accounts
from tests.factories import events as make

PEOPLE = 7
APP: list[Flask] = []
HOUR, DAY = timedelta(hours=1), timedelta(hours=24)
Who = st.integers(0, PEOPLE - 1)


class Refused(Exception):
    """The model says no."""


@dataclass
class Model:
    """The line as plain dictionaries: who holds how many places, until when what is offered, and who waits in order."""

    capacity: int | None
    starts: datetime
    on: bool = True
    turns: int = 0
    lapses: int = 0  # that their owners were told of
    confirmed: dict[int, int] = field(default_factory=dict)
    offers: dict[int, tuple[int, int, datetime]] = field(default_factory=dict)  # who: turn, party, until
    line: dict[int, tuple[int, int]] = field(default_factory=dict)  # who: turn, party
    others: dict[int, tuple[Answer, int]] = field(default_factory=dict)

    @property
    def takes_answers(self) -> bool:
        return self.on and clock.now() < self.starts + HOUR

    @property
    def free(self) -> float:
        held = sum(self.confirmed.values()) + sum(party for _, party, _ in self.offers.values())
        return float("inf") if self.capacity is None else self.capacity - held

    @property
    def until(self) -> datetime | None:
        end = min(clock.now() + DAY, self.starts - 2 * HOUR)
        return end if self.capacity is not None and end - clock.now() >= HOUR / 4 else None

    def head(self) -> int | None:
        """The first in line whose party the room could hold at all."""
        fit = [(turn, who) for who, (turn, party) in self.line.items() if party <= (self.capacity or 99)]
        return min(fit)[1] if fit else None

    def expire(self, but: int | None = None) -> None:
        for who, (_, party, until) in list(self.offers.items()):
            if until <= clock.now() and who != but:
                self.leave(who)
                self.others[who] = Answer.MAYBE, party
                self.lapses += clock.now() < self.starts + HOUR

    def leave(self, who: int) -> None:
        for held in (self.confirmed, self.offers, self.line, self.others):
            held.pop(who, None)  # type: ignore[attr-defined]

    def move_up(self) -> None:
        self.expire()
        while self.takes_answers and (who := self.head()) is not None and self.line[who][1] <= self.free:
            turn, party = self.line.pop(who)
            if self.until is None:
                self.confirmed[who] = party
            else:
                self.offers[who] = turn, party, self.until

    def settle(self, who: int, word: Answer, party: int) -> None:
        if not self.takes_answers or (word == Answer.GOING and party > (self.capacity or 99)):
            raise Refused
        self.expire(but=who)
        if word == Answer.GOING:
            self.go(who, party)
        else:
            self.leave(who)
            self.others[who] = word, party
        self.move_up()

    def go(self, who: int, party: int) -> None:
        has = self.confirmed.get(who) or self.offers.get(who, (0, 0))[1]
        if has:
            if party > has and self.capacity is not None and (self.line or party - has > self.free):
                raise Refused
            self.leave(who)
            self.confirmed[who] = party
        elif who in self.line and party <= self.line[who][1]:
            self.line[who] = self.line[who][0], party
        else:
            self.leave(who)
            if party <= self.free and (not self.line or self.capacity is None):
                self.confirmed[who] = party
            else:
                self.turns += 1
                self.line[who] = self.turns, party

    def take(self, who: int) -> None:
        if who in self.confirmed:
            return
        self.expire(but=who)
        word, party = self.others.get(who, (None, 0))
        if who in self.offers:
            self.settle(who, Answer.GOING, self.offers[who][1])
        elif word == Answer.MAYBE and party <= self.free and (not self.line or self.capacity is None):
            self.settle(who, Answer.GOING, party)
        else:
            raise Refused

    def give_up(self, who: int) -> None:
        if who in self.confirmed or who in self.line:
            raise Refused
        self.settle(who, Answer.NOT_GOING, self.offers[who][1] if who in self.offers else self.others[who][1])

    def resize(self, capacity: int | None) -> None:
        self.expire()
        taken = (
            -(self.free - (self.capacity or 0)) if self.capacity is not None else sum(self.confirmed.values())
        )
        if capacity is not None and capacity < taken and clock.now() < self.starts + HOUR:
            raise Refused
        self.capacity = capacity
        self.review(moved=False)

    def move(self, starts: datetime) -> None:
        moved, self.starts = starts != self.starts, starts
        self.review(moved=moved)

    def review(self, *, moved: bool) -> None:
        if not self.takes_answers:
            self.line |= {who: (turn, party) for who, (turn, party, _) in self.offers.items()}
            self.offers = {}
            return
        self.expire()
        if moved or self.capacity is None:
            for who, (turn, party, _) in list(self.offers.items()):
                if self.until is None:
                    del self.offers[who]
                    self.confirmed[who] = party
                else:
                    self.offers[who] = turn, party, self.until
        self.move_up()


class Line(RuleBasedStateMachine):
    """Does the same to the site and to the model, and compares them after each step."""

    def __init__(self) -> None:
        super().__init__()
        now = datetime.now(UTC).replace(second=0, microsecond=0)
        self.clock: Any = time_machine.travel(now, tick=False)
        self.time = self.clock.start()
        self.context = APP[0].app_context()
        self.context.push()
        g.writing = True

    @initialize(
        capacity=st.integers(1, 4),
        hours=st.sampled_from([20, 100, 400]),
        parties=st.lists(st.integers(1, 2), min_size=PEOPLE, max_size=PEOPLE),
    )
    def open(self, capacity: int, hours: int, parties: list[int]) -> None:
        self.people = [accounts.person() for _ in range(PEOPLE)]
        self.model = Model(capacity, clock.now() + hours * HOUR)
        self.event = make.event(**self._details())
        self.date: Occurrence = self.event.occurrences[0]
        for who, party in enumerate(parties):  # a line from the first step on: it is what this is about
            self.go(who, party)

    @rule(who=Who, party=st.sampled_from([1, 1, 2, 2, 3, 4, 7]))
    def go(self, who: int, party: int) -> None:
        self._both(
            lambda: self._answer(who, Answer.GOING, party),
            lambda: self.model.settle(who, Answer.GOING, party),
        )

    @rule(who=Who, word=st.sampled_from([Answer.MAYBE, Answer.NOT_GOING]))
    def leave(self, who: int, word: Answer) -> None:
        self._both(lambda: self._answer(who, word, 1), lambda: self.model.settle(who, word, 1))

    @precondition(lambda self: len(self.model.line) < 2)
    @rule(party=st.integers(1, 2))
    def everyone_else_asks(self, party: int) -> None:
        for who in range(PEOPLE):
            if who not in self.model.confirmed | self.model.offers | self.model.line:
                self.go(who, party)

    @precondition(lambda self: self.model.confirmed)
    @rule(word=st.sampled_from([Answer.MAYBE, Answer.NOT_GOING]))
    def a_holder_leaves(self, word: Answer) -> None:
        self.leave(min(self.model.confirmed), word)

    @precondition(lambda self: self.model.offers)
    @rule(takes=st.booleans())
    def whose_turn_it_is_answers(self, takes: bool) -> None:
        self.answer_offer(min(self.model.offers), takes)

    @precondition(lambda self: self.model.offers)
    @rule(works=st.booleans())
    def the_time_to_answer_is_over(self, works: bool) -> None:
        first = min(until for _, _, until in self.model.offers.values())
        self.wait(max(0, int((first - clock.now()) / timedelta(minutes=1)) + 1), works)

    @rule(who=Who, takes=st.booleans())
    def answer_offer(self, who: int, takes: bool) -> None:
        mine = select(Rsvp).where(Rsvp.occurrence_id == self.date.id, Rsvp.person_id == self.people[who].id)
        if (rsvp := db.session.scalars(mine).first()) is None:
            return
        if takes:
            self._both(lambda: take_offer(rsvp=rsvp), lambda: self.model.take(who))
        else:
            self._both(lambda: pass_offer(rsvp=rsvp), lambda: self.model.give_up(who))

    @rule(minutes=st.sampled_from([-300, -10, 1, 15, 119, 6 * 60]), works=st.booleans())
    def wait(self, minutes: int, works: bool) -> None:
        self.time.shift(timedelta(minutes=minutes))
        if works:
            self._both(lambda: end_lapsed(self.date.id), self.model.move_up)

    @rule(capacity=st.sampled_from([1, 2, 2, 3, 3, 3, 4, 4, 5, 6, None]))
    def resize(self, capacity: int | None) -> None:
        over = clock.now() >= self.model.starts + HOUR  # then any number may be written down
        if capacity == self.model.capacity or over:
            return
        details = make.details(**(self._details() | {"capacity": capacity}))
        self._both(
            lambda: edit_event(actor=None, event=self.event, details=details),
            lambda: self.model.resize(capacity),
        )

    @rule(hours=st.sampled_from([2, 3, 30, 100, 400]))
    def move(self, hours: int) -> None:
        starts = clock.now() + hours * HOUR
        local = starts.replace(tzinfo=None)
        self._both(
            lambda: move_occurrence(
                actor=None, occurrence=self.date, starts_local=local, ends_local=local + HOUR
            ),
            lambda: self.model.move(starts),
        )

    @rule(minutes=st.sampled_from([0, 10, 24 * 60]), again=st.sampled_from([*[True] * 7, False]))
    def cancel(self, minutes: int, again: bool) -> None:
        """And, perhaps, let it take place after all."""
        self._turn(on=False)
        self.time.shift(timedelta(minutes=minutes, microseconds=1))
        if again:
            self._turn(on=True)

    def _turn(self, *, on: bool) -> None:
        self.model.on = on
        self._both(
            lambda: (
                publish_event(actor=None, event=self.event)
                if on
                else cancel_event(actor=None, event=self.event, reason="Storm")
            ),
            lambda: self.model.review(moved=False),
        )

    @invariant()
    def the_site_agrees_with_the_model(self) -> None:
        if not hasattr(self, "date"):
            return
        db.session.flush()
        held = list(db.session.scalars(select(Rsvp).where(Rsvp.occurrence_id == self.date.id)))
        index = {person.id: number for number, person in enumerate(self.people)}
        by_place = {place: {index[r.person_id]: r for r in held if r.place == place} for place in Place}
        model, date = self.model, self.date
        assert {who: r.party_size for who, r in by_place[Place.CONFIRMED].items()} == model.confirmed
        assert {
            who: (r.ticket, r.party_size, r.offer_ends_at) for who, r in by_place[Place.OFFERED].items()
        } == model.offers
        assert {who: (r.ticket, r.party_size) for who, r in by_place[Place.WAITING].items()} == model.line
        assert {who: (r.answer, r.party_size) for who, r in by_place[Place.NONE].items()} == model.others
        assert date.places_taken == sum(model.confirmed.values())
        assert date.places_offered == sum(party for _, party, _ in model.offers.values())
        assert date.waiting == sum(party for _, party in model.line.values())
        assert len({r.person_id for r in held}) == len(held)
        assert model.capacity is None or date.places_taken + date.places_offered <= model.capacity

    @invariant()
    def nobody_is_forgotten(self) -> None:
        if not hasattr(self, "date"):
            return
        keys = set(db.session.scalars(select(Notification.key)))
        for offered in db.session.scalars(select(Rsvp).where(Rsvp.place == Place.OFFERED)):
            assert any(key.startswith(f"rsvp.offered:{offered.id}:{offered.ticket}:") for key in keys)
        lapsed = select(func.count()).where(Notification.kind == "rsvp.lapsed")
        assert db.session.scalar(lapsed) == self.model.lapses

    def teardown(self) -> None:
        db.session.rollback()
        self.context.pop()
        self.clock.stop()

    def _details(self) -> dict[str, Any]:
        start = self.model.starts.replace(tzinfo=None)
        return {
            "zone": "UTC",
            "starts_local": start,
            "ends_local": start + HOUR,
            "capacity": self.model.capacity,
        }

    def _answer(self, who: int, word: Answer, party: int) -> None:
        answer(actor=self.people[who], occurrence=self.date, answer=word, party_size=party)

    def _both(self, site: Callable[[], Any], model: Callable[[], None]) -> None:
        """Do it on both sides; what is refused is refused by both and leaves nothing behind."""
        before, refused = copy.deepcopy(self.model), False
        try:
            model()
        except Refused:
            self.model, refused = before, True
        try:
            with db.session.begin_nested():
                site()
        except Refusal:
            assert refused, "the site refused what the model took"
        else:
            assert not refused, "the site took what the model refused"


@pytest.fixture
def machine_app(app: Flask) -> Iterator[Flask]:
    APP[:] = [app]
    yield app


def test_the_line_is_fair_whatever_happens(machine_app: Any) -> None:
    run_state_machine_as_test(
        Line,
        settings=settings(
            max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
