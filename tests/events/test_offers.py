"""Offered places: how long, to whom, and what a changed date, a dead worker or a wrong clock does to them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask

from forum.core import clock, jobs
from forum.core.errors import Refusal
from forum.events.models import Answer, Occurrence, Place, Rsvp
from forum.events.operations.events import cancel_event, edit_event, postpone_event, publish_event
from forum.events.operations.line import fill_places
from forum.events.operations.occurrences import cancel_occurrence, move_occurrence, reinstate_occurrence
from forum.events.operations.offers import end_lapsed, pass_offer, take_offer
from forum.events.operations.rsvp import add_phone_in, answer
from forum.extensions import db
from forum.notifications.models import Notification
from tests.factories import accounts
from tests.factories import events as make

HOUR = timedelta(hours=1)
NOON = datetime(2026, 6, 2, 17, tzinfo=UTC)  # in Chicago, on a Tuesday far from every change of clocks


@pytest.fixture
def time(work: Flask) -> Iterator[Any]:
    """A clock that stands still until it is moved."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def going(date: Occurrence, party: int = 1) -> Rsvp:
    return answer(actor=accounts.person(), occurrence=date, answer=Answer.GOING, party_size=party)


def again(rsvp: Rsvp, word: Answer = Answer.GOING, party: int = 1) -> Rsvp:
    return answer(actor=rsvp.person, occurrence=rsvp.occurrence, answer=word, party_size=party)


def line(date: Occurrence, *parties: int) -> list[Rsvp]:
    """A place that is taken, and a line of *parties* behind it; the first of the list holds the place."""
    return [going(date, date.places or 1), *(going(date, party) for party in parties)]


def told(kind: str) -> list[int]:
    found = db.session.query(Notification).filter_by(kind=kind).order_by(Notification.id)
    return [notification.recipient_id for notification in found]


def counts(date: Occurrence) -> tuple[int, int, int]:
    return date.places_taken, date.places_offered, date.waiting


def in_hours(hours: float) -> dict[str, datetime]:
    """Details of an event that begins so many hours from now and lasts one."""
    start = clock.to_local(clock.now() + hours * HOUR, ZoneInfo(make.ZONE)).replace(tzinfo=None)
    return {"starts_local": start, "ends_local": start + HOUR}


def test_an_offer_lasts_a_day_but_ends_two_hours_before_the_start(time: Any) -> None:
    for hours, lasts in ((72, 24), (26, 24), (10, 8), (2.5, 0.5)):
        first, second = line(make.occurrence(capacity=1, **in_hours(hours)), 1)
        again(first, Answer.NOT_GOING)
        assert second.place == Place.OFFERED
        assert second.offer_ends_at == clock.now() + lasts * HOUR


@pytest.mark.parametrize("hours", (2.2, 1, -0.5))
def test_with_no_time_left_to_ask_the_place_is_given(time: Any, hours: float) -> None:
    date = make.occurrence(capacity=1, **in_hours(hours))
    first, second = line(date, 1)
    again(first, Answer.NOT_GOING)
    assert (second.place, second.offer_ends_at) == (Place.CONFIRMED, None)
    assert told("rsvp.promoted") == [second.person_id]


def test_who_cannot_be_mailed_is_given_the_place(time: Any) -> None:
    date = make.occurrence(capacity=1)
    first = going(date)
    caller = add_phone_in(actor=accounts.person(), occurrence=date, name="Mrs. Alvarez")
    again(first, Answer.NOT_GOING)
    assert caller.place == Place.CONFIRMED


def test_taking_confirms_once_and_passing_asks_the_next(time: Any) -> None:
    date = make.occurrence(capacity=1)
    first, second, third = line(date, 1, 1)
    again(first, Answer.NOT_GOING)
    pass_offer(rsvp=second)
    assert (second.place, second.answer, third.place) == (Place.NONE, Answer.NOT_GOING, Place.OFFERED)
    assert take_offer(rsvp=take_offer(rsvp=third)).place == Place.CONFIRMED
    with pytest.raises(Refusal):
        pass_offer(rsvp=third)
    assert counts(date) == (1, 0, 0)


def test_saying_going_takes_the_offer_and_fewer_leave_the_rest_to_the_next(time: Any) -> None:
    date = make.occurrence(capacity=3)
    first, second, third = line(date, 3, 1)
    again(first, Answer.NOT_GOING)
    with pytest.raises(Refusal):
        again(second, party=4)
    again(second, party=2)
    assert (second.place, third.place) == (Place.CONFIRMED, Place.OFFERED)
    assert counts(date) == (2, 1, 0)


def test_nobody_takes_what_is_offered_to_another(time: Any) -> None:
    date = make.occurrence(capacity=1)
    first, second = line(date, 1)
    again(first, Answer.NOT_GOING)
    late = going(date)
    assert (second.place, late.place) == (Place.OFFERED, Place.WAITING)
    with pytest.raises(Refusal):
        take_offer(rsvp=late)


def test_an_offer_that_is_over_goes_to_the_next_with_a_mail_to_each(time: Any) -> None:
    date = make.occurrence(capacity=1)
    first, second, third = line(date, 1, 1)
    again(first, Answer.NOT_GOING)
    time.shift(24 * HOUR)
    end_lapsed(date.id)
    assert (second.place, second.answer, third.place) == (Place.NONE, Answer.MAYBE, Place.OFFERED)
    assert told("rsvp.lapsed") == [second.person_id]
    assert told("rsvp.offered") == [second.person_id, third.person_id]
    with pytest.raises(Refusal):
        take_offer(rsvp=second)
    pass_offer(rsvp=third)
    assert take_offer(rsvp=second).place == Place.CONFIRMED, "nobody else wanted it"


def test_without_a_worker_the_next_write_passes_it_on_but_its_owner_may_still_take_it(time: Any) -> None:
    late, slow = make.occurrence(capacity=1), make.occurrence(capacity=1)
    for date in (late, slow):
        first, second = line(date, 1)
        again(first, Answer.NOT_GOING)
        time.shift(25 * HOUR)
        if date is late:
            assert going(date).place == Place.CONFIRMED
            assert second.answer == Answer.MAYBE
        else:
            assert take_offer(rsvp=second).place == Place.CONFIRMED
        assert counts(date) == (1, 0, 0)


def test_what_takes_no_answers_offers_nothing_and_each_has_the_same_turn_again(time: Any) -> None:
    date = make.occurrence(capacity=1)
    first, second, third = line(date, 1, 1)
    again(first, Answer.NOT_GOING)
    turn = second.ticket
    for leave in (cancel_event, postpone_event):
        leave(actor=None, event=date.event, reason="Storm")
        assert (second.place, second.ticket, counts(date)) == (Place.WAITING, turn, (0, 0, 2))
        time.shift(HOUR)
        publish_event(actor=None, event=date.event)
        assert (second.place, third.place, second.offer_ends_at) == (
            Place.OFFERED,
            Place.WAITING,
            clock.now() + 24 * HOUR,
        )
    assert told("rsvp.offered") == [second.person_id] * 3
    assert told("rsvp.lapsed") == []


def test_one_date_of_a_series_is_cancelled_and_reinstated_with_its_line(time: Any) -> None:
    event = make.event(rrule="FREQ=WEEKLY;COUNT=3", capacity=1)
    date = event.occurrences[1]
    first, second = line(date, 1)
    cancel_occurrence(actor=None, occurrence=date, reason="Heating")
    again_later = Answer.NOT_GOING
    with pytest.raises(Refusal):
        again(first, again_later)
    reinstate_occurrence(actor=None, occurrence=date)
    again(first, again_later)
    assert second.place == Place.OFFERED


@pytest.mark.parametrize(
    ("hours", "place", "lasts"), ((96, "offered", 24), (12, "offered", 10), (2, "confirmed", 0))
)
def test_a_moved_date_asks_anew_with_the_time_there_is(time: Any, hours: int, place: str, lasts: int) -> None:
    date = make.occurrence(capacity=1)
    first, second = line(date, 1)
    again(first, Answer.NOT_GOING)
    time.shift(20 * HOUR)
    move_occurrence(actor=None, occurrence=date, **in_hours(hours))
    assert second.place == place
    assert second.offer_ends_at == (clock.now() + lasts * HOUR if lasts else None)
    assert len(told("rsvp.offered")) == (2 if lasts else 1)


def test_a_change_of_words_leaves_offers_alone(time: Any) -> None:
    date = make.occurrence(capacity=1)
    first, second = line(date, 1)
    again(first, Answer.NOT_GOING)
    until = second.offer_ends_at
    time.shift(HOUR)
    words = make.details(capacity=1, story="Bring chairs.", starts_local=date.event.starts_local)
    edit_event(actor=None, event=date.event, details=words)
    assert (second.offer_ends_at, len(told("rsvp.offered"))) == (until, 1)


def test_the_room_is_not_made_smaller_than_what_is_offered_and_without_a_limit_all_come(time: Any) -> None:
    date = make.occurrence(capacity=4)
    first, second, third = line(date, 3, 2)
    again(first, party=1)
    assert counts(date) == (1, 3, 2)
    with pytest.raises(Refusal) as refused:
        edit_event(actor=None, event=date.event, details=make.details(capacity=3))
    assert refused.value.field == "capacity"
    date.event.capacity = 4  # the request would have been rolled back
    edit_event(actor=None, event=date.event, details=make.details(capacity=None))
    assert {second.place, third.place} == {Place.CONFIRMED}
    assert counts(date) == (6, 0, 0)


def test_ending_twice_or_with_the_clock_put_back_doubles_nothing(time: Any) -> None:
    date = make.occurrence(capacity=1)
    first, second, third = line(date, 1, 1)
    again(first, Answer.NOT_GOING)
    for hours in (24, 0, -12, 12):  # on time, again, put back, right again
        time.shift(hours * HOUR)
        end_lapsed(date.id)
        fill_places(date)
    assert (third.place, counts(date)) == (Place.OFFERED, (0, 1, 0))
    assert told("rsvp.offered") == [second.person_id, third.person_id]
    assert told("rsvp.lapsed") == [second.person_id]


def test_the_job_ends_every_offer_that_is_over_also_after_the_clock_was_put_back(
    app: Flask, saved: Any
) -> None:
    def prepare() -> None:
        for _ in range(2):
            first, *_line = line(make.occurrence(capacity=1), 1, 1)
            again(first, Answer.NOT_GOING)

    saved(prepare)
    moment = datetime.now(UTC)
    for shift, offered in ((0, 2), (25, 2), (-20, 2), (4.5, 2), (49, 0)):
        with time_machine.travel(moment + shift * HOUR, tick=False), app.app_context():
            jobs.run_due()
            assert db.session.query(Rsvp).filter_by(place=Place.OFFERED).count() == offered
    with app.app_context():
        assert db.session.query(Rsvp).filter_by(answer=Answer.MAYBE).count() == 4
        assert len(told("rsvp.offered")) == len(set(told("rsvp.offered"))) == 4
        assert len(told("rsvp.lapsed")) == len(set(told("rsvp.lapsed"))) == 4
