"""Volunteer shifts: never more helpers than places, however they come; hours that leave the site as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask, g
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from forum.accounts.models import Person
from forum.accounts.operations.erasing import erase
from forum.core import clock
from forum.core.errors import Refusal
from forum.core.transactions import unit_of_work
from forum.events.models import Occurrence, Shift, ShiftSignup
from forum.events.operations.events import cancel_event
from forum.events.operations.occurrences import move_occurrence
from forum.events.operations.shifts import (
    ShiftDetails,
    add_helper,
    change_shift,
    count_hours,
    leave_shift,
    remove_helper,
    remove_shift,
    take_shift,
)
from forum.events.queries.shifts import minutes_worked
from forum.extensions import db
from forum.notifications.models import Notification
from tests.factories import accounts, after
from tests.factories import events as make
from tests.pages import Client

Saved = Callable[[Callable[[], Any]], Any]
PEOPLE = 5
APP: list[Flask] = []


class Helping(RuleBasedStateMachine):
    """A model that keeps each shift as a plain set of names beside the site's own."""

    def __init__(self) -> None:
        super().__init__()
        self.context = APP[0].app_context()
        self.context.push()
        g.writing = True

    @initialize(sizes=st.tuples(st.integers(1, 3), st.integers(1, 3)))
    def open(self, sizes: tuple[int, int]) -> None:
        self.officer = after.officer()
        self.people = [accounts.person() for _ in range(PEOPLE)]
        self.date = make.occurrence()
        self.shifts = [after.shift(self.date, capacity=size, actor=self.officer) for size in sizes]
        self.capacity = list(sizes)
        self.held: list[set[str]] = [set(), set()]
        self.named = 0

    @rule(who=st.integers(0, PEOPLE - 1), which=st.integers(0, 1))
    def take(self, who: int, which: int) -> None:
        held = self.held[which]
        if str(who) not in held and len(held) >= self.capacity[which]:
            with pytest.raises(Refusal):
                take_shift(actor=self.people[who], shift_id=self.shifts[which].id)
            return
        take_shift(actor=self.people[who], shift_id=self.shifts[which].id)
        held.add(str(who))

    @rule(who=st.integers(0, PEOPLE - 1), which=st.integers(0, 1))
    def leave(self, who: int, which: int) -> None:
        leave_shift(actor=self.people[who], shift_id=self.shifts[which].id)
        self.held[which].discard(str(who))

    @rule(which=st.integers(0, 1))
    def write_down(self, which: int) -> None:
        if len(self.held[which]) >= self.capacity[which]:
            with pytest.raises(Refusal):
                add_helper(actor=self.officer, shift=self.shifts[which], name="Sam")
            return
        self.named += 1
        made = add_helper(actor=self.officer, shift=self.shifts[which], name=f"Sam {self.named}")
        self.held[which].add(made.name)

    @rule(which=st.integers(0, 1), data=st.data())
    def take_off(self, which: int, data: Any) -> None:
        signups = db.session.query(ShiftSignup).filter_by(shift_id=self.shifts[which].id).all()
        if signups:
            gone = data.draw(st.sampled_from(sorted(signups, key=lambda signup: signup.id)))
            self.held[which].discard(self._name(gone))
            remove_helper(actor=self.officer, signup=gone)

    @rule(which=st.integers(0, 1), capacity=st.integers(1, 4))
    def resize(self, which: int, capacity: int) -> None:
        shift = self.shifts[which]
        details = ShiftDetails(
            "Rake", after.local(shift.starts_at, shift.occurrence.event.tz),
            after.local(shift.ends_at, shift.occurrence.event.tz), capacity,
        )  # fmt: skip
        if capacity < len(self.held[which]):
            with pytest.raises(Refusal):
                change_shift(actor=self.officer, shift=shift, details=details)
            return
        change_shift(actor=self.officer, shift=shift, details=details)
        self.capacity[which] = capacity

    @invariant()
    def the_site_agrees_with_the_model(self) -> None:
        if not hasattr(self, "named"):
            return
        for shift, held, capacity in zip(self.shifts, self.held, self.capacity, strict=True):
            signups = db.session.query(ShiftSignup).filter_by(shift_id=shift.id).all()
            assert {self._name(signup) for signup in signups} == held
            assert shift.taken == len(signups) == len(held) <= shift.capacity == capacity

    def teardown(self) -> None:
        db.session.rollback()
        self.context.pop()

    def _name(self, signup: ShiftSignup) -> str:
        if signup.person_id is None:
            return signup.name
        return str([person.id for person in self.people].index(signup.person_id))


@pytest.fixture
def machine_app(app: Flask) -> Iterator[Flask]:
    APP[:] = [app]
    yield app


def test_a_shift_never_holds_more_than_its_places_whatever_happens(machine_app: Any) -> None:
    run_state_machine_as_test(
        Helping,
        settings=settings(
            max_examples=30, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def test_twelve_at_once_for_three_places_make_three_helpers(app: Flask, saved: Saved) -> None:
    shift_id = saved(lambda: after.shift(make.occurrence(), capacity=3).id)
    people = saved(lambda: [accounts.person().id for _ in range(12)])

    def take(person_id: int) -> bool:
        with app.app_context():
            try:
                with unit_of_work():
                    take_shift(actor=db.session.get_one(Person, person_id), shift_id=shift_id)
            except Refusal:
                return False
            return True

    with ThreadPoolExecutor(6) as threads:
        taken = list(threads.map(take, [*people, *people]))  # each presses twice
    with app.app_context():
        shift = db.session.get_one(Shift, shift_id)
        holders = [signup.person_id for signup in shift.signups]
    assert shift.taken == len(holders) == len(set(holders)) == 3
    assert {person for person, won in zip([*people, *people], taken, strict=True) if won} == set(holders)


def test_a_cancelled_date_closes_its_shifts_and_tells_who_took_one(work: Flask) -> None:
    shift = after.shift(make.occurrence())
    helper, late = accounts.person(), accounts.person()
    take_shift(actor=helper, shift_id=shift.id)
    cancel_event(actor=None, event=shift.occurrence.event, reason="Storm")
    with pytest.raises(Refusal, match="closed"):
        take_shift(actor=late, shift_id=shift.id)
    told = db.session.scalars(
        sa.select(Notification.recipient_id).where(Notification.kind == "occurrence.cancelled")
    )
    assert list(told) == [helper.id]


def test_a_shift_moves_with_its_date_and_lies_on_its_day(work: Flask) -> None:
    date = make.occurrence(starts_local=make.evening(7, 10))
    begins = make.evening(7, 8)
    shift = after.shift(date, starts=begins, ends=begins + timedelta(hours=2))
    assert shift.offset == -120
    move_occurrence(
        actor=None, occurrence=date, starts_local=make.evening(9, 14), ends_local=make.evening(9, 15)
    )
    assert shift.starts_at == date.starts_at - timedelta(hours=2)
    with pytest.raises(Refusal, match="day of its date"):
        after.shift(date, starts=make.evening(12, 8), ends=make.evening(12, 9))


def test_a_shift_that_somebody_has_is_not_taken_away(work: Flask) -> None:
    shift = after.shift(make.occurrence())
    signup = add_helper(actor=after.officer(), shift=shift, name="Sam")
    with pytest.raises(Refusal):
        remove_shift(actor=after.officer(), shift=shift)
    remove_helper(actor=after.officer(), signup=signup)
    remove_shift(actor=after.officer(), shift=shift)
    assert db.session.query(Shift).count() == 0


def test_an_erased_account_frees_its_places(work: Flask) -> None:
    shift = after.shift(make.occurrence(), capacity=1)
    gone = accounts.person()
    take_shift(actor=gone, shift_id=shift.id)
    erase(gone)
    assert shift.taken == 0
    take_shift(actor=accounts.person(), shift_id=shift.id)


def test_hours_are_counted_once_the_shift_has_begun_and_are_ones_own_to_see(work: Flask) -> None:
    shift = after.shift(make.occurrence())
    helper = accounts.person()
    take_shift(actor=helper, shift_id=shift.id)
    worked = {shift.signups[0].id: 90}
    with pytest.raises(Refusal, match="not begun"):
        count_hours(actor=after.officer(), shift=shift, worked=worked)
    with time_machine.travel(shift.ends_at, tick=False):
        assert count_hours(actor=after.officer(), shift=shift, worked=worked) == 1
        assert count_hours(actor=after.officer(), shift=shift, worked=worked) == 0
        with pytest.raises(Refusal, match="over"):
            leave_shift(actor=helper, shift_id=shift.id)
    assert db.session.scalar(minutes_worked(helper)) == 90


def test_a_resident_takes_a_shift_and_gives_it_back(client: Client, app: Flask, saved: Saved) -> None:
    shift = saved(lambda: after.shift(make.occurrence(), capacity=1, bring="Gloves"))
    with app.app_context():
        date = db.session.get_one(Occurrence, shift.occurrence_id)
        page, path = f"/events/{date.event_id}-{date.event.slug}", f"/events/{date.event_id}/shifts"
    read = client.page(page)
    assert "Paint the fence" in read.text()
    assert "1 helper still needed" in read.text()
    assert path in read.links()
    assert any("/account/sign-in?next=" in link for link in client.page(path).links())
    accounts.sign_in(client, saved(accounts.person))
    client.send(path, form="/take")
    assert "Yours" in client.page(path).text()
    assert "Paint the fence" in client.page("/account/rsvps").text()
    other: Any = app.test_client()
    accounts.sign_in(other, saved(accounts.person))
    assert not any("/take" in (form.get("action") or "") for form in other.page(path).forms())
    token = other.page("/account/name").form()["csrf_token"]
    refused = other.post(f"{path}/{shift.id}/take", data={"csrf_token": token})
    assert refused.status_code == 422
    assert "This shift is full" in refused.text
    client.send(path, form="/leave")
    assert "1 helper still needed" in client.page(path).text()


def test_the_desk_plans_a_shift_counts_hours_and_takes_them_out(
    client: Client, app: Flask, saved: Saved
) -> None:
    date, officer = saved(lambda: after.past(0, title="=Park day")), saved(after.officer)
    desk = f"/desk/events/{date.event_id}/dates/{date.original_date.isoformat()}"
    with time_machine.travel(date.ends_at + timedelta(hours=1), tick=False):
        accounts.sign_in(client, officer)  # whatever the hour is: nobody has a session of the future
        client.send(f"{desk}/shifts", {"title": "Rake leaves", "capacity": "2"}, form="/shifts")
        with app.app_context():
            shift_id = db.session.scalars(sa.select(Shift.id)).one()
        one = f"{desk}/shifts/{shift_id}"
        client.send(one, {"name": "+Sam"}, form="/helpers")
        wrong = client.send(one, {"worked-1": "lots"}, form="/hours")
        assert wrong.status_code == 422
        assert 'value="lots"' in wrong.text
        client.send(one, {"worked-1": "2,5"}, form="/hours")
        assert 'value="2.5"' in client.get(one).text
        assert client.send(one, form=f"/shifts/{shift_id}/remove").status_code == 422
        answered = client.send(f"{desk}/shifts", form="/hours.csv")
        assert "took the hours" in client.page(f"/desk/events/{date.event_id}").text()
    rows = list(csv.reader(io.StringIO(answered.get_data().decode("utf-8-sig"))))
    assert rows[1] == [
        "'=Park day",
        date.original_date.isoformat(),
        "Rake leaves",
        "10:30",
        "11:30",
        "'+Sam",
        "2.5",
    ]


def test_pages_of_shifts_ask_as_much_for_three_as_for_one(
    client: Client, saved: Saved, count_queries: Any
) -> None:
    date = saved(make.occurrence)
    path = f"/desk/events/{date.event_id}/dates/{date.original_date.isoformat()}/shifts"
    accounts.sign_in(client, saved(after.officer))

    def add(many: int) -> None:
        here = db.session.get_one(Occurrence, date.id)
        for _ in range(many):
            shift = after.shift(here)
            take_shift(actor=accounts.person(), shift_id=shift.id)

    saved(lambda: add(1))
    with count_queries() as one:
        client.get(path)
    saved(lambda: add(2))
    with count_queries() as three:
        client.get(path)
    assert len(one) == len(three) <= 8, three


@time_machine.travel(datetime(2026, 3, 4, 1, tzinfo=UTC), tick=False)  # seven in the evening
def test_an_event_page_with_all_of_it_stays_within_eight_queries(
    client: Client, app: Flask, saved: Saved, count_queries: Any
) -> None:
    def prepare() -> Any:
        # The second date is going on: it has shifts still and minutes already.
        event = make.event(starts_local=make.evening(-7), rrule="FREQ=WEEKLY;COUNT=5")
        for date in event.occurrences[:2]:
            after.shift(date)
            after.minutes(date)
        after.item(event.occurrences[0])
        days = [date.original_date.isoformat() for date in event.occurrences[:2]]
        return f"/events/{event.id}-{event.slug}", *days

    page, day, today = saved(prepare)
    accounts.sign_in(client, saved(accounts.person))
    for path in (page, f"{page}/{day}", f"{page}/{today}"):
        with count_queries() as asked:
            client.get(path)
        assert len(asked) <= 8, "".join(
            f"{q[:60]} .. {q[q.index(chr(70) + chr(82) + chr(79) + chr(77)) :][:60]}\n" for q in asked
        )


def test_the_clock_of_the_agency_is_not_the_events(work: Flask) -> None:
    """A shift that is typed on the event's wall clock begins there."""
    date = make.occurrence(zone="Europe/Berlin", starts_local=make.evening(7, 10))
    shift = after.shift(date)
    assert clock.to_local(shift.starts_at, date.event.tz).hour == 10
