"""A closing that is upheld counts, one that is overturned never was: by the same acts that everybody uses."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask, g
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.accounts.models import Person, Role
from forum.concerns.models import Author, ClockKind, Closing, Concern, Mode, Outcome, Status, Waiting
from forum.concerns.operations.deciding import decide_dispute
from forum.concerns.operations.disputing import dispute_concern
from forum.concerns.operations.working import answer_concern, change_status, close_concern
from forum.concerns.policy import can_dispute
from forum.concerns.queries.clocks import calendar_now, runs_of
from forum.concerns.queries.desk import undecided_of
from forum.core import clock
from forum.extensions import db
from tests.concerns.truth import HOUR, Act, Promise, walk
from tests.factories import accounts, concerns

BEGIN = datetime(2026, 3, 5, 14, tzinfo=UTC)
PROMISE = Promise(answer_hours=30, update_days=3, closing_days=7)
WORDS = "So it is."
HAPPENS = st.sampled_from(["answer", "wait", "close", "dispute", "uphold", "overturn", "reopen"])


class Story:
    """One concern that lives through acts, and what truly happened."""

    def __init__(self) -> None:
        self.closer, self.decider = (accounts.person(Role.SUPERVISOR) for _ in range(2))
        kind = concerns.category()
        kind.answer_hours, kind.update_days, kind.closing_days = 30, 3, 7
        self.made: Concern = concerns.concern(Mode.PRIVATE)
        self.acts = [Act(clock.now(), Author.PERSON, status=Status.RECEIVED)]

    def happen(self, what: str) -> None:
        made, closer = self.made, self.closer
        disputed = db.session.scalars(undecided_of(made.id)).first() is not None
        if what == "answer" and made.is_open:
            answer_concern(actor=closer, concern=made, text=WORDS)
            self._then(Author.STAFF)
        elif what == "wait" and made.is_open:
            status, whom = Status.WAITING, Waiting.PARTNER
            change_status(actor=closer, concern=made, status=status, waits_for=whom, text=WORDS)
            self._then(Author.STAFF, Status.WAITING)
        elif what == "close" and made.is_open and not disputed:
            close_concern(actor=closer, concern=made, closed_as=Closing.REFERRED, text=WORDS)
            self._then(Author.STAFF, Status.CLOSED, Closing.REFERRED)
        elif what == "dispute" and can_dispute(made, clock.now()):
            dispute_concern(concern=made, words=WORDS)
            self._then(Author.PERSON, Status.REOPENED)
        elif what == "reopen" and not made.is_open:
            change_status(actor=closer, concern=made, status=Status.REOPENED, text=WORDS)
            self._then(Author.STAFF, Status.REOPENED)
        elif what in ("uphold", "overturn") and disputed:
            self._decide(Outcome.UPHELD if what == "uphold" else Outcome.OVERTURNED)

    def _decide(self, outcome: Outcome) -> None:
        found = db.session.scalars(undecided_of(self.made.id)).one()
        who = self.closer if found.closed_by_id == self.decider.id else self.decider
        decide_dispute(actor=who, concern=self.made, outcome=outcome, text=WORDS)
        if outcome is Outcome.OVERTURNED:
            self._then(Author.STAFF)
            return
        own = max(n for n, act in enumerate(self.acts) if act.author is Author.PERSON)
        before = self.acts[own]
        self.acts[own] = Act(before.at, before.author, before.words, before.status, overturned=False)
        self._then(Author.STAFF, Status.CLOSED, Closing.REFERRED)

    def _then(self, author: Author, status: Status | None = None, closed_as: Closing | None = None) -> None:
        self.acts.append(Act(clock.now(), author, words=True, status=status, closed_as=closed_as))

    def broken(self, kind: ClockKind) -> bool:
        runs = runs_of(self.made, calendar_now())
        return any(run.breached(clock.now()) for run in runs if run.kind is kind)


@given(st.lists(st.tuples(st.integers(0, 70), HAPPENS), max_size=12), st.integers(0, 200))
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
def test_no_dispute_and_no_outcome_makes_a_clock_look_better_than_the_truth(
    work: Flask, happened: list[tuple[int, str]], later: int
) -> None:
    with time_machine.travel(BEGIN, tick=False) as time:
        story = Story()
        for hours, what in happened:
            time.shift(hours * HOUR)
            story.happen(what)
        time.shift(later * HOUR)
        truth = walk(BEGIN, story.acts, PROMISE, calendar_now(), clock.now())
        for kind in (ClockKind.UPDATE, ClockKind.CLOSING):
            assert story.broken(kind) or getattr(truth, kind) is None, (kind, story.acts)
        db.session.rollback()
        g.writing = True


@pytest.mark.parametrize("mode", [Mode.PRIVATE, Mode.ANONYMOUS])
@pytest.mark.parametrize(("outcome", "rests"), [(Outcome.UPHELD, True), (Outcome.OVERTURNED, False)])
def test_the_days_it_lay_closed_count_unless_the_closing_is_upheld(
    work: Flask, mode: Mode, outcome: Outcome, rests: bool
) -> None:
    officer, other = accounts.person(Role.OFFICER), accounts.person(Role.OFFICER)
    with time_machine.travel(BEGIN, tick=False) as time:
        made = concerns.concern(mode)
        close_concern(actor=officer, concern=made, closed_as=Closing.REFERRED, text=WORDS)
        time.shift(5 * 24 * HOUR)
        dispute_concern(concern=made, words=WORDS)
        assert pauses(made) == 0  # undecided, it counts against us
        decide_dispute(actor=other, concern=made, outcome=outcome, text=WORDS)
        assert pauses(made) == int(rests)


def test_each_outcome_belongs_to_its_own_dispute(work: Flask) -> None:
    closer, other = accounts.person(Role.OFFICER), accounts.person(Role.OFFICER)
    with time_machine.travel(BEGIN, tick=False) as time:
        made = concerns.concern(Mode.ANONYMOUS)
        _close_and_dispute(made, closer, time)
        decide_dispute(actor=other, concern=made, outcome=Outcome.UPHELD, text=WORDS)
        _close_and_dispute(made, closer, time)
        assert pauses(made) == 1
        decide_dispute(actor=closer, concern=made, outcome=Outcome.OVERTURNED, text=WORDS)
        assert pauses(made) == 1


def _close_and_dispute(made: Concern, closer: Person, time: time_machine.Coordinates) -> None:
    if made.is_open:
        close_concern(actor=closer, concern=made, closed_as=Closing.REFERRED, text=WORDS)
    time.shift(3 * 24 * HOUR)
    dispute_concern(concern=made, words=WORDS)


def pauses(made: Concern) -> int:
    """How often the clock of its closing rested."""
    found = [run for run in runs_of(made, calendar_now()) if run.kind is ClockKind.CLOSING]
    return len(found[0].pauses)
