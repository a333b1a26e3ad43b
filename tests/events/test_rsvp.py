"""Answers, places and the line."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from forum.core.errors import Refusal
from forum.events.models import Answer, Occurrence, Place, Rsvp
from forum.events.operations.events import cancel_event, edit_event
from forum.events.operations.rsvp import add_phone_in, answer, change_for_caller, erase_answers_of
from forum.extensions import db
from forum.notifications.models import Notification
from tests.factories import accounts
from tests.factories import events as make

pytestmark = pytest.mark.usefixtures("work")


def going(occurrence: Occurrence, party: int = 1) -> Rsvp:
    """A new person says going."""
    return answer(actor=accounts.person(), occurrence=occurrence, answer=Answer.GOING, party_size=party)


def told() -> list[tuple[str, int]]:
    found = db.session.query(Notification).filter(Notification.kind != "rsvp.confirmed")
    return [(n.kind, n.recipient_id) for n in found.order_by(Notification.id)]


def test_without_a_limit_everyone_has_a_place() -> None:
    date = make.occurrence(capacity=None)
    assert {going(date, 20).place for _ in range(5)} == {Place.CONFIRMED}
    assert date.places_taken == 100


def test_capacity_counts_people_not_answers() -> None:
    date = make.occurrence(capacity=5)
    assert going(date, 3).place == Place.CONFIRMED
    assert going(date, 3).place == Place.WAITING
    assert (date.places_taken, date.waiting) == (3, 3)


def test_a_small_party_does_not_pass_a_large_one_in_line() -> None:
    date = make.occurrence(capacity=5)
    going(date, 3)
    large = going(date, 3)
    assert going(date, 1).place == Place.WAITING
    assert large.place == Place.WAITING


def test_a_freed_place_is_offered_to_the_head_of_the_line_with_a_mail() -> None:
    date = make.occurrence(capacity=2)
    first, second, third = going(date, 2), going(date, 2), going(date, 1)
    answer(actor=first.person, occurrence=date, answer=Answer.NOT_GOING)
    assert (second.place, third.place) == (Place.OFFERED, Place.WAITING)
    assert (date.places_taken, date.places_offered, date.waiting) == (0, 2, 1)
    assert told() == [("rsvp.offered", second.person_id)]


def test_places_too_few_for_the_head_stay_free() -> None:
    date = make.occurrence(capacity=4)
    first = going(date, 2)
    going(date, 2)
    head, behind = going(date, 3), going(date, 1)
    answer(actor=first.person, occurrence=date, answer=Answer.NOT_GOING)
    assert (head.place, behind.place, date.places_taken) == (Place.WAITING, Place.WAITING, 2)


def test_the_head_may_accept_fewer_places_and_lets_the_next_in() -> None:
    date = make.occurrence(capacity=3)
    first = going(date, 2)
    going(date, 1)
    head, behind = going(date, 3), going(date, 1)
    answer(actor=first.person, occurrence=date, answer=Answer.NOT_GOING)
    answer(actor=head.person, occurrence=date, answer=Answer.GOING, party_size=1)
    assert (head.place, behind.place) == (Place.OFFERED, Place.OFFERED)


def test_a_larger_party_takes_a_new_turn() -> None:
    date = make.occurrence(capacity=2)
    holder = going(date, 2)
    first, second = going(date, 1), going(date, 1)
    answer(actor=first.person, occurrence=date, answer=Answer.GOING, party_size=2)
    answer(actor=holder.person, occurrence=date, answer=Answer.GOING, party_size=1)
    assert (second.place, first.place) == (Place.OFFERED, Place.WAITING)


def test_a_maybe_holds_no_place() -> None:
    date = make.occurrence(capacity=1)
    maybe = answer(actor=accounts.person(), occurrence=date, answer=Answer.MAYBE)
    assert maybe.place == Place.NONE
    assert going(date).place == Place.CONFIRMED


def test_a_confirmed_party_cannot_grow_past_the_places_and_keeps_what_it_had() -> None:
    date = make.occurrence(capacity=3)
    mine = going(date, 2)
    going(date, 1)
    with pytest.raises(Refusal) as refused:
        answer(actor=mine.person, occurrence=date, answer=Answer.GOING, party_size=3)
    assert refused.value.field == "party_size"
    assert (mine.place, mine.party_size) == (Place.CONFIRMED, 2)


def test_a_confirmed_party_cannot_grow_past_those_who_wait() -> None:
    date = make.occurrence(capacity=4)
    mine = going(date, 2)
    going(date, 3)
    with pytest.raises(Refusal):
        answer(actor=mine.person, occurrence=date, answer=Answer.GOING, party_size=3)


def test_a_party_that_could_never_fit_is_refused() -> None:
    with pytest.raises(Refusal):
        going(make.occurrence(capacity=3), 4)


def test_answering_twice_changes_the_one_answer() -> None:
    date = make.occurrence(capacity=5)
    mine = going(date, 2)
    again = answer(actor=mine.person, occurrence=date, answer=Answer.GOING, party_size=2)
    assert (again.id, date.places_taken) == (mine.id, 2)


def test_a_cancelled_event_takes_no_answers() -> None:
    date = make.occurrence()
    cancel_event(actor=None, event=date.event, reason="Storm")
    with pytest.raises(Refusal):
        going(date)


def test_a_date_that_is_over_takes_no_answers() -> None:
    date = make.occurrence(starts_local=make.evening(-3))
    with pytest.raises(Refusal):
        going(date)


def test_cancelling_tells_everyone_who_said_going_or_maybe_once() -> None:
    date = make.occurrence()
    yes = going(date)
    maybe = answer(actor=accounts.person(), occurrence=date, answer=Answer.MAYBE)
    answer(actor=accounts.person(), occurrence=date, answer=Answer.NOT_GOING)
    cancel_event(actor=None, event=date.event, reason="Storm")
    assert told() == [("occurrence.cancelled", yes.person_id), ("occurrence.cancelled", maybe.person_id)]


def test_more_places_let_the_line_move_up() -> None:
    date = make.occurrence(capacity=1)
    going(date)
    second = going(date)
    edit_event(actor=None, event=date.event, details=make.details(capacity=2))
    assert second.place == Place.OFFERED


def test_capacity_is_not_lowered_below_the_confirmed() -> None:
    date = make.occurrence(capacity=3)
    going(date, 3)
    with pytest.raises(Refusal) as refused:
        edit_event(actor=None, event=date.event, details=make.details(capacity=2))
    assert refused.value.field == "capacity"


def test_a_caller_stands_in_the_same_line() -> None:
    date = make.occurrence(capacity=1)
    officer = accounts.person()
    going(date)
    caller = add_phone_in(actor=officer, occurrence=date, name="Mrs. Alvarez")
    assert caller.place == Place.WAITING
    change_for_caller(actor=officer, rsvp=caller, answer=Answer.NOT_GOING)
    assert (caller.place, date.waiting) == (Place.NONE, 0)


def test_who_leaves_frees_the_place() -> None:
    date = make.occurrence(capacity=1)
    first, second = going(date), going(date)
    erase_answers_of(first.person_id)
    assert (second.place, date.places_taken) == (Place.OFFERED, 0)


def test_what_an_answer_wrote_is_in_its_rows_at_once_and_is_not_written_twice() -> None:
    date = make.occurrence(capacity=5)
    mine = going(date, 2)
    db.session.commit()
    person = accounts.person()
    with_id = answer(actor=person, occurrence=date, answer=Answer.GOING, party_size=1)
    answer(actor=person, occurrence=date, answer=Answer.GOING, party_size=3)
    assert not db.session.is_modified(with_id)
    assert not db.session.dirty
    stored = db.session.connection().execute(sa.select(Rsvp.party_size).order_by(Rsvp.id)).scalars().all()
    assert stored == [2, 3]
    db.session.refresh(date)
    assert (date.places_taken, mine.party_size) == (5, 2)
