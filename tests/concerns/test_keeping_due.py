"""What is due next stands beside each concern, and is what its thread says after any sequence of acts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import time_machine
from flask import Flask, g
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from forum.accounts.models import Person, Role
from forum.concerns import states
from forum.concerns.clock_words import next_clock
from forum.concerns.clocks import pending
from forum.concerns.models import Closing, Concern, Mode, Status, Waiting
from forum.concerns.operations.speaking import make_stricter, write_again
from forum.concerns.operations.submitting import Contact
from forum.concerns.operations.timing import keep_all_due
from forum.concerns.operations.working import answer_concern, assign_concern, change_status, close_concern
from forum.concerns.policy import STRICTER
from forum.concerns.queries.clocks import calendar_now, runs_of
from forum.core import clock
from forum.extensions import db
from tests.factories import accounts, concerns

APP: list[Flask] = []
BEGIN = datetime(2026, 3, 5, 15, tzinfo=UTC)
FEW = st.integers(0, 7)


class Desk(RuleBasedStateMachine):
    """One concern, another one to merge it into, an officer, and whatever may happen."""

    def __init__(self) -> None:
        super().__init__()
        self.context = APP[0].app_context()
        self.context.push()
        g.writing = True
        self.now = time_machine.travel(BEGIN, tick=False)
        self.watch = self.now.start()

    @initialize(mode=st.sampled_from(sorted(Mode)))
    def arrive(self, mode: Mode) -> None:
        self.officer: Person = accounts.person(Role.SUPERVISOR)
        self.concern: Concern = concerns.concern(mode)
        self.other: Concern = concerns.concern(Mode.PRIVATE)

    @rule(hours=st.integers(1, 200))
    def time_passes(self, hours: int) -> None:
        self.watch.shift(timedelta(hours=hours))

    @rule()
    def answer(self) -> None:
        answer_concern(actor=self.officer, concern=self.concern, text="We looked at it.")

    @rule()
    def person_writes(self) -> None:
        write_again(concern=self.concern, text="It goes on.")

    @rule(which=FEW, silent=st.booleans())
    def step(self, which: int, silent: bool) -> None:
        """Acknowledge, wait, resume, answer, reopen: whatever the table of states allows."""
        choices = sorted(states.NEXT[self.concern.status] - {Status.CLOSED})
        if not choices:
            return
        status = choices[which % len(choices)]
        waits = Waiting.PARTNER if status is Status.WAITING else None
        change_status(
            actor=self.officer,
            concern=self.concern,
            status=status,
            waits_for=waits,
            text="" if silent else "So it is.",
        )

    @rule(closed_as=st.sampled_from(sorted(Closing)))
    def close(self, closed_as: Closing) -> None:
        if Status.CLOSED in states.NEXT[self.concern.status]:
            close_concern(
                actor=self.officer,
                concern=self.concern,
                closed_as=closed_as,
                text="It is done.",
                evidence="Seen on Monday.",
            )

    @rule(mine=st.booleans())
    def hand_over(self, mine: bool) -> None:
        assign_concern(
            actor=accounts.person(Role.SUPERVISOR), concern=self.concern, to=self.officer if mine else None
        )

    @rule()
    def stricter(self) -> None:
        if STRICTER[self.concern.mode]:
            make_stricter(concern=self.concern, mode=STRICTER[self.concern.mode][-1])

    @rule(apart=st.booleans())
    def merge(self, apart: bool) -> None:
        self.concern.merged_into_id = None if apart else self.other.id
        db.session.flush()

    @invariant()
    def what_is_kept_is_what_the_thread_says(self) -> None:
        if not hasattr(self, "concern"):
            return
        db.session.refresh(self.concern)
        left = pending(runs_of(self.concern, calendar_now()), closed_as=self.concern.closed_as)
        found = (left[0].kind, left[0].due_at) if left else (None, None)
        assert (self.concern.due_clock, self.concern.due_at) == found

    def teardown(self) -> None:
        self.now.stop()
        db.session.rollback()
        self.context.pop()


def test_what_is_kept_is_what_the_thread_says_after_any_acts(app: Flask) -> None:
    APP[:] = [app]
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Desk,
        settings=settings(
            max_examples=25,
            stateful_step_count=15,
            deadline=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_new_concern_waits_for_its_first_answer_until_the_agency_opens(work: Flask) -> None:
    with time_machine.travel(
        datetime(2026, 3, 5, 4, tzinfo=UTC), tick=False
    ):  # Wednesday, ten in the evening
        made = concerns.concern()
        found = next_clock(made, clock.now())
    assert found is not None
    assert found.words == "First answer"
    assert found.due_at == datetime(2026, 3, 9, 14, tzinfo=UTC)  # Saturday evening becomes Monday morning
    assert not found.late


def test_an_anonymous_concern_is_due_by_its_day_alone(work: Flask) -> None:
    due = set()
    for hour in (7, 15, 23):
        with time_machine.travel(datetime(2026, 3, 3, hour, 17, tzinfo=UTC), tick=False):
            due.add(concerns.concern(Mode.ANONYMOUS, contact=Contact(name="Nobody")).due_at)
    assert len(due) == 1


@time_machine.travel(datetime(2026, 3, 3, 15, tzinfo=UTC), tick=False)  # a Tuesday: no weekend levels the two
def test_a_new_promise_is_kept_from_now_on(work: Flask) -> None:
    made = concerns.concern()
    before = made.due_at
    assert before is not None
    made.category.answer_hours = 24
    keep_all_due(made.category_id)
    db.session.refresh(made)
    assert made.due_at is not None
    assert made.due_at < before
