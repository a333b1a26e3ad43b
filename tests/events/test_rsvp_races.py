"""An answer and a change of its event at the same moment: one waits for the other, then sees what it did."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from forum.accounts.models import Person
from forum.core.errors import Refusal
from forum.core.transactions import unit_of_work
from forum.events.models import Answer, Event, Occurrence, Place, Rsvp
from forum.events.operations.events import cancel_event, edit_event
from forum.events.operations.offers import end_lapsed, take_offer
from forum.events.operations.rsvp import answer, erase_answers_of
from forum.extensions import db
from tests.factories import accounts
from tests.factories import events as make

Saved = Callable[[Callable[[], Any]], Any]


class Races:
    """An event of two places, one of them taken, and somebody who wants the other."""

    def __init__(self, app: Flask, saved: Saved) -> None:
        self.app = app
        self.first, self.second = saved(lambda: (accounts.person().id, accounts.person().id))
        self.third = 0
        self.event_id = saved(lambda: make.event(capacity=2).id)
        self.run(lambda: self.answer(self.first))

    def answer(self, person_id: int) -> Place:
        date = db.session.query(Occurrence).filter_by(event_id=self.event_id).one()
        return answer(actor=db.session.get_one(Person, person_id), occurrence=date, answer=Answer.GOING).place

    def take(self, person_id: int) -> None:
        take_offer(rsvp=db.session.query(Rsvp).filter_by(person_id=person_id).one())

    def pass_on(self) -> None:
        end_lapsed(db.session.query(Occurrence.id).filter_by(event_id=self.event_id).scalar())

    def places(self) -> dict[int | None, Place]:
        with self.app.app_context():
            held = db.session.query(Rsvp).filter(Rsvp.person_id.in_((self.second, self.third)))
            return {rsvp.person_id: rsvp.place for rsvp in held}

    def lower(self) -> None:
        edit_event(actor=None, event=self.event(), details=make.details(capacity=1))

    def cancel(self) -> None:
        cancel_event(actor=None, event=self.event(), reason="Flooded")

    def event(self) -> Event:
        return db.session.get_one(Event, self.event_id)

    def run(self, work: Callable[[], Any]) -> Any:
        with self.app.app_context(), unit_of_work():
            return work()

    @contextmanager
    def meanwhile(self, work: Callable[[], Any], other: Callable[[], Any]) -> Iterator[Future[Any]]:
        """Do *work*, and before its commit begin *other* in a thread; the block runs when both have ended."""
        with ThreadPoolExecutor(1) as threads, self.app.app_context():
            with unit_of_work():
                work()
                ending = threads.submit(self.run, other)
                with pytest.raises(TimeoutError):
                    ending.result(0.7)
            ending.exception(120)
            yield ending


@pytest.fixture
def races(app: Flask, saved: Saved) -> Races:
    return Races(app, saved)


@pytest.fixture
def offered(races: Races, saved: Saved) -> Iterator[Races]:
    """One place is offered to the second, whose time is just over; the third waits for it."""
    races.third = saved(lambda: accounts.person().id)
    races.run(races.lower)
    for person in (races.second, races.third):
        races.run(lambda person=person: races.answer(person))
    races.run(lambda: erase_answers_of(races.first))
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=24, minutes=1)):
        yield races


def test_who_waited_for_a_smaller_room_finds_it_full(races: Races) -> None:
    with races.meanwhile(races.lower, lambda: races.answer(races.second)) as late:
        assert late.result() == Place.WAITING


def test_a_room_is_not_made_smaller_than_an_answer_given_meanwhile(races: Races) -> None:
    with races.meanwhile(lambda: races.answer(races.second), races.lower) as late, pytest.raises(Refusal):
        late.result()


def test_who_waited_for_a_cancellation_is_refused(races: Races) -> None:
    with races.meanwhile(races.cancel, lambda: races.answer(races.second)) as late, pytest.raises(Refusal):
        late.result()


def test_places_are_counted_right_when_a_person_leaves_while_being_promoted(races: Races) -> None:
    races.run(lambda: races.answer(races.second))
    third = races.run(lambda: accounts.person().id)
    races.run(lambda: races.answer(third))
    with races.meanwhile(lambda: erase_answers_of(races.first), lambda: erase_answers_of(third)) as late:
        late.result()
    date = db_occurrence(races)
    assert (date.places_taken, date.waiting) == (1, 0)


def test_who_takes_an_offer_at_its_very_end_has_it(offered: Races) -> None:
    with offered.meanwhile(lambda: offered.take(offered.second), offered.pass_on) as late:
        late.result()
    assert offered.places() == {offered.second: Place.CONFIRMED, offered.third: Place.WAITING}


def test_who_takes_an_offer_after_it_went_on_is_told_so(offered: Races) -> None:
    with (
        offered.meanwhile(offered.pass_on, lambda: offered.take(offered.second)) as late,
        pytest.raises(Refusal),
    ):
        late.result()
    assert offered.places() == {offered.second: Place.NONE, offered.third: Place.OFFERED}


def test_two_workers_pass_an_offer_on_once(offered: Races) -> None:
    with offered.meanwhile(offered.pass_on, offered.pass_on) as late:
        late.result()
    assert offered.places() == {offered.second: Place.NONE, offered.third: Place.OFFERED}


def db_occurrence(races: Races) -> Occurrence:
    with races.app.app_context():
        assert db.session.query(Rsvp).count() == 1
        return db.session.query(Occurrence).filter_by(event_id=races.event_id).one()
