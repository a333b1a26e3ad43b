"""Whatever people do in whatever order: never more confirmed than places, never out of order, never doubled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, g
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from forum.core.errors import Refusal
from forum.events.models import Answer, Occurrence, Place, Rsvp
from forum.events.operations.events import edit_event
from forum.events.operations.rsvp import answer
from forum.extensions import db
from tests.factories import accounts
from tests.factories import events as make

PEOPLE = 7
APP: list[Flask] = []


class Line(RuleBasedStateMachine):
    """A model that keeps the line as a plain list of (person, party) beside the site's own."""

    def __init__(self) -> None:
        super().__init__()
        self.context = APP[0].app_context()
        self.context.push()
        g.writing = True

    @initialize(capacity=st.integers(1, 6))
    def open(self, capacity: int) -> None:
        self.capacity = capacity
        self.people = [accounts.person() for _ in range(PEOPLE)]
        self.event = make.event(capacity=capacity)
        self.date: Occurrence = self.event.occurrences[0]
        self.confirmed: dict[int, int] = {}
        self.line: list[tuple[int, int]] = []

    @rule(who=st.integers(0, PEOPLE - 1), party=st.integers(1, 7))
    def go(self, who: int, party: int) -> None:
        person = self.people[who]
        possible = self._possible(who, party)
        if not possible:
            with pytest.raises(Refusal):
                answer(actor=person, occurrence=self.date, answer=Answer.GOING, party_size=party)
            return
        answer(actor=person, occurrence=self.date, answer=Answer.GOING, party_size=party)
        self._model_go(who, party)

    @rule(who=st.integers(0, PEOPLE - 1), word=st.sampled_from([Answer.MAYBE, Answer.NOT_GOING]))
    def leave(self, who: int, word: Answer) -> None:
        answer(actor=self.people[who], occurrence=self.date, answer=word)
        self.confirmed.pop(who, None)
        self.line = [turn for turn in self.line if turn[0] != who]
        self._move_up()

    @rule(capacity=st.integers(1, 8))
    def resize(self, capacity: int) -> None:
        if capacity == self.capacity:
            return
        if capacity < sum(self.confirmed.values()):
            with pytest.raises(Refusal):
                edit_event(actor=None, event=self.event, details=make.details(capacity=capacity))
            self.event.capacity = self.capacity  # the request would have been rolled back
            db.session.flush()
            return
        edit_event(actor=None, event=self.event, details=make.details(capacity=capacity))
        self.capacity = capacity
        self._move_up()

    @invariant()
    def the_site_agrees_with_the_model(self) -> None:
        if not hasattr(self, "date"):
            return
        held = list(db.session.scalars(select(Rsvp).where(Rsvp.occurrence_id == self.date.id)))
        index = {person.id: number for number, person in enumerate(self.people)}
        assert {
            index[r.person_id]: r.party_size for r in held if r.place == Place.CONFIRMED
        } == self.confirmed
        waiting = sorted((r for r in held if r.place == Place.WAITING), key=lambda r: r.ticket or 0)
        assert [(index[r.person_id], r.party_size) for r in waiting] == self.line
        assert self.date.places_taken == sum(self.confirmed.values()) <= self.capacity
        assert self.date.waiting == sum(party for _, party in self.line)
        assert len({r.person_id for r in held}) == len(held)
        if head := self._head():
            assert head[1] > self.capacity - self.date.places_taken, "a free place the head could take"

    def teardown(self) -> None:
        db.session.rollback()
        self.context.pop()

    def _possible(self, who: int, party: int) -> bool:
        if party > self.capacity:
            return False
        more = party - self.confirmed.get(who, party)
        return more <= 0 or (not self.line and more <= self.capacity - sum(self.confirmed.values()))

    def _model_go(self, who: int, party: int) -> None:
        if who in self.confirmed:
            self.confirmed[who] = party
        else:
            held = dict(self.line).get(who)
            if held is not None and party <= held:
                self.line = [(person, party if person == who else size) for person, size in self.line]
            else:
                self.line = [*(turn for turn in self.line if turn[0] != who), (who, party)]
        self._move_up()

    def _move_up(self) -> None:
        while (head := self._head()) and head[1] <= self.capacity - sum(self.confirmed.values()):
            self.line.remove(head)
            self.confirmed[head[0]] = head[1]

    def _head(self) -> tuple[int, int] | None:
        """The first in line whose party the room could hold at all."""
        return next((turn for turn in self.line if turn[1] <= self.capacity), None)


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
