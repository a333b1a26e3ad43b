"""No sequence of acts makes a clock look better than the truth (tests/concerns/truth.py lives through every hour)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.concerns import states
from forum.concerns.calendar import Calendar
from forum.concerns.clocks import WARNED_WITHIN, Run, Step, Targets, pending, reckon
from forum.concerns.models import Author, ClockKind, Closing, Status
from forum.core.clock import to_utc
from tests.concerns.truth import HOUR, Act, Promise, walk

pytestmark = pytest.mark.once

CHICAGO = ZoneInfo("America/Chicago")
OFFICE = Calendar(CHICAGO, {day: ((time(9), time(17)),) for day in range(5)}, frozenset({date(2026, 3, 10)}))
BEGIN = datetime(2026, 3, 5, 14, tzinfo=UTC)  # the clocks go forward on the 8th
PROMISE = Promise(answer_hours=30, update_days=3, closing_days=7)
TARGETS = Targets(answer_hours=30, update_days=3, closing_days=7)


@st.composite
def stories(draw: st.DrawFn) -> list[Act]:
    """What happens to a concern, one act after another, each allowed by the table of states."""
    now, status = BEGIN + draw(st.integers(0, 23)) * HOUR, Status.RECEIVED
    acts = [Act(now, Author.PERSON, status=Status.RECEIVED)]
    for _ in range(draw(st.integers(0, 9))):
        now += draw(st.integers(0, 70)) * HOUR
        act = draw(_acts(now, status))
        status = act.status or status
        acts.append(act)
    return acts


def _acts(now: datetime, status: Status) -> st.SearchStrategy[Act]:
    """Words of staff; words of the person, by which some go on; a step of the status, closing and reopening among
    them. Handing over, merging and a stricter mode leave no entry and so are no acts here; see test_keeping_due."""
    goes_on = Status.IN_PROGRESS if status in (Status.ANSWERED, Status.WAITING) else None
    found: list[st.SearchStrategy[Act]] = [
        st.just(Act(now, Author.STAFF, words=True)),
        st.just(Act(now, Author.PERSON, words=True, status=goes_on)),
    ]
    for after in sorted(states.NEXT[status]):
        if after is Status.CLOSED:
            author = st.sampled_from([Author.STAFF, Author.PERSON])
            closings = st.sampled_from([Closing.DONE, Closing.DUPLICATE, Closing.WITHDRAWN])
            found.append(st.builds(Act, st.just(now), author, st.booleans(), st.just(after), closings))
        elif after is Status.REOPENED:
            found.append(
                st.builds(
                    Act,
                    st.just(now),
                    st.just(Author.STAFF),
                    st.booleans(),
                    st.just(after),
                    st.none(),
                    st.booleans(),
                )
            )
        else:
            found.append(st.builds(Act, st.just(now), st.just(Author.STAFF), st.booleans(), st.just(after)))
    return st.one_of(found)


def steps(acts: Sequence[Act], *, anonymous: bool = False) -> list[Step]:
    """*acts* as they are stored: an anonymous person's own only by their day."""
    return [
        Step(
            number=number,
            at=midnight(act.at) if anonymous and act.author is Author.PERSON else act.at,
            author=act.author,
            words=act.words,
            status=act.status,
            closed_as=act.closed_as,
            overturned=act.overturned,
        )
        for number, act in enumerate(acts, 1)
    ]


def midnight(moment: datetime) -> datetime:
    return to_utc(datetime.combine(moment.astimezone(CHICAGO).date(), time()), CHICAGO)


def of_kind(runs: list[Run], kind: ClockKind) -> list[Run]:
    return [run for run in runs if run.kind is kind]


@given(stories(), st.integers(0, 300), st.booleans())
@settings(max_examples=120)
def test_no_sequence_of_acts_makes_a_clock_look_better_than_the_truth(
    acts: list[Act], later: int, anonymous: bool
) -> None:
    until = acts[-1].at + later * HOUR
    truth = walk(acts[0].at, acts, PROMISE, OFFICE, until)
    stored = steps(acts, anonymous=anonymous)
    runs = reckon(stored[0].at, stored, TARGETS, OFFICE, whole_days=anonymous)
    for kind in (ClockKind.ANSWER, ClockKind.UPDATE, ClockKind.CLOSING):
        broken = any(run.breached(until) for run in of_kind(runs, kind))
        assert broken or getattr(truth, kind) is None, (kind, runs)


@given(stories(), st.integers(0, 300))
@settings(max_examples=80)
def test_the_clocks_of_a_concern_with_a_name_are_the_truth_to_the_hour(acts: list[Act], later: int) -> None:
    until = acts[-1].at + later * HOUR
    truth = walk(acts[0].at, acts, PROMISE, OFFICE, until)
    runs = reckon(acts[0].at, steps(acts), TARGETS, OFFICE)
    for kind in (ClockKind.UPDATE, ClockKind.CLOSING):
        broken = any(run.breached(until) for run in of_kind(runs, kind))
        assert broken == (getattr(truth, kind) is not None), (kind, runs)


@given(stories())
def test_an_anonymous_concern_is_due_at_the_beginning_of_a_day_or_of_the_agencys(acts: list[Act]) -> None:
    stored = steps(acts, anonymous=True)
    for run in reckon(stored[0].at, stored, TARGETS, OFFICE, whole_days=True):
        moments = [run.started_at, *(p.start for p in run.pauses), *(p.end for p in run.pauses if p.end)]
        assert all(moment == midnight(moment) for moment in moments)
        if run.due_at is not None and run.kind in (ClockKind.UPDATE, ClockKind.CLOSING):
            assert run.due_at == midnight(run.due_at)


@given(stories(), st.booleans())
def test_a_warning_comes_before_the_breach(acts: list[Act], anonymous: bool) -> None:
    stored = steps(acts, anonymous=anonymous)
    for run in reckon(stored[0].at, stored, TARGETS, OFFICE, whole_days=anonymous):
        at = run.warn_at(OFFICE, whole_days=anonymous)
        assert (at is None) == (run.due_at is None)
        if at is not None and run.due_at is not None:
            assert at < run.due_at
            assert run.due_at - at <= (WARNED_WITHIN if anonymous else timedelta(hours=12))


def run_of(kind: ClockKind, *told: Act, targets: Targets = TARGETS) -> Run:
    runs = reckon(BEGIN, steps([Act(BEGIN, Author.PERSON, status=Status.RECEIVED), *told]), targets, OFFICE)
    return of_kind(runs, kind)[-1]


def staff(hours: int, status: Status | None = None, **more: object) -> Act:
    return Act(BEGIN + hours * HOUR, Author.STAFF, status=status, **{"words": True, **more})  # type: ignore[arg-type]


def test_saying_that_it_arrived_is_no_answer() -> None:
    told = (staff(1, Status.ACKNOWLEDGED),)
    targets = Targets(30, 3, 7, acknowledge_hours=24)
    assert run_of(ClockKind.ACKNOWLEDGEMENT, *told, targets=targets).met_at == BEGIN + HOUR
    assert run_of(ClockKind.ANSWER, *told, targets=targets).met_at is None
    assert run_of(ClockKind.ANSWER, *told, staff(2)).met_at == BEGIN + 2 * HOUR


def test_waiting_does_not_stop_the_clock_of_the_first_answer() -> None:
    asked = staff(2, Status.WAITING, words=False)
    assert run_of(ClockKind.ANSWER, asked) == run_of(ClockKind.ANSWER)
    assert run_of(ClockKind.CLOSING, asked).due_at is None


def test_waiting_gives_back_the_time_it_took_and_no_more() -> None:
    due = run_of(ClockKind.CLOSING).due_at
    assert due is not None
    waited = (staff(2, Status.WAITING), staff(12, Status.IN_PROGRESS))
    assert run_of(ClockKind.CLOSING, *waited).due_at == due + 10 * HOUR


def test_a_pause_that_begins_when_it_is_late_mends_nothing() -> None:
    late = staff(200, Status.WAITING)
    assert run_of(ClockKind.CLOSING, late).due_at == run_of(ClockKind.CLOSING).due_at
    assert run_of(ClockKind.CLOSING, late).breached(BEGIN + 500 * HOUR)


def test_what_was_closed_wrongly_was_never_closed() -> None:
    closed = staff(10, Status.CLOSED, closed_as=Closing.DONE)
    due = run_of(ClockKind.CLOSING).due_at
    assert due is not None
    assert run_of(ClockKind.CLOSING, closed, staff(60, Status.REOPENED)).due_at == due
    mended = staff(60, Status.REOPENED, overturned=False)
    assert run_of(ClockKind.CLOSING, closed, mended).due_at == due + 50 * HOUR


def test_a_duplicates_clocks_go_on_until_its_own_person_is_answered() -> None:
    closed = staff(2, Status.CLOSED, closed_as=Closing.DUPLICATE)
    story = [Act(BEGIN, Author.PERSON, status=Status.RECEIVED), closed]
    left = pending(reckon(BEGIN, steps(story), TARGETS, OFFICE), closed_as=Closing.DUPLICATE)
    assert [run.kind for run in left] == [ClockKind.ANSWER, ClockKind.CLOSING]
    runs = reckon(BEGIN, steps([*story, staff(9)]), TARGETS, OFFICE)
    assert pending(runs, closed_as=Closing.DUPLICATE) == []
    assert of_kind(runs, ClockKind.CLOSING)[0].met_at == BEGIN + 9 * HOUR


def test_an_update_that_came_late_stays_late() -> None:
    runs = reckon(
        BEGIN,
        steps([Act(BEGIN, Author.PERSON, status=Status.RECEIVED), staff(1), staff(100), staff(101)]),
        TARGETS,
        OFFICE,
    )
    late = [run.breached(BEGIN + 102 * HOUR) for run in of_kind(runs, ClockKind.UPDATE)]
    assert late == [True, False, False]


@pytest.mark.parametrize("hours", [1, 10**6])
def test_a_promised_moment_replaces_the_days_to_closing(hours: int) -> None:
    promised = BEGIN + hours * HOUR
    targets = Targets(30, 3, 7, target_at=promised)
    assert run_of(ClockKind.CLOSING, targets=targets).due_at == promised
