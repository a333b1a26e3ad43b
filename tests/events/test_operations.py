"""Events and their dates, as the desk changes them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from forum.core.errors import Refusal
from forum.events.models import EventStatus
from forum.events.operations.events import (
    cancel_event,
    duplicate_event,
    edit_event,
    postpone_event,
    publish_event,
    withdraw_event,
)
from forum.events.operations.occurrences import cancel_occurrence, move_occurrence, reinstate_occurrence
from tests.factories import events as make

pytestmark = pytest.mark.usefixtures("work")


def test_an_event_begins_as_a_draft_that_no_list_shows(work: Flask) -> None:
    event = make.event(published=False)
    assert event.status == EventStatus.DRAFT
    assert [o.listed for o in event.occurrences] == [False]
    assert event.feed_changed_at is None


def test_publishing_lists_every_date_and_moves_the_feeds() -> None:
    event = make.event(rrule="FREQ=WEEKLY;COUNT=3", published=False)
    publish_event(actor=None, event=event)
    assert [o.listed for o in event.occurrences] == [True] * 3
    assert event.feed_changed_at is not None


def test_a_story_alone_changes_no_sequence() -> None:
    event = make.event()
    before = event.sequence
    assert edit_event(actor=None, event=event, details=make.details(story="Bring a neighbor.")) == ["story"]
    assert event.sequence == before
    assert "Bring a neighbor" in event.story_html


@pytest.mark.parametrize("change", ({"place_name": "Library"}, {"starts_local": None, "days": 9}))
def test_sequence_moves_when_time_or_place_does(change: dict[str, object]) -> None:
    event = make.event()
    before = event.sequence
    if "days" in change:
        change = {"starts_local": make.evening(9)}
    edit_event(actor=None, event=event, details=make.details(**change))
    assert event.sequence == before + 1


def test_an_end_before_the_start_is_refused_beside_its_field() -> None:
    start = make.evening()
    with pytest.raises(Refusal) as refused:
        make.event(starts_local=start, ends_local=start - timedelta(minutes=1))
    assert refused.value.field == "ends"


def test_a_changed_rule_drops_the_dates_it_no_longer_makes() -> None:
    event = make.event(rrule="FREQ=WEEKLY;COUNT=4")
    edit_event(actor=None, event=event, details=make.details(rrule="FREQ=WEEKLY;COUNT=2"))
    assert len(event.occurrences) == 2


def test_another_time_of_day_keeps_the_dates_and_their_addresses() -> None:
    event = make.event(rrule="FREQ=WEEKLY;COUNT=3")
    days = [o.original_date for o in event.occurrences]
    edit_event(
        actor=None,
        event=event,
        details=make.details(rrule="FREQ=WEEKLY;COUNT=3", starts_local=make.evening(hour=19)),
    )
    assert [o.original_date for o in event.occurrences] == days
    assert {o.original_start.hour for o in event.occurrences} == {19}


def test_a_moved_date_keeps_its_identity() -> None:
    event = make.event(rrule="FREQ=WEEKLY;COUNT=3")
    second = event.occurrences[1]
    start = second.original_start + timedelta(days=1)
    move_occurrence(actor=None, occurrence=second, starts_local=start, ends_local=start + timedelta(hours=1))
    assert second.moved
    assert second.original_start == start - timedelta(days=1)
    assert second.sequence == 1


def test_moving_a_single_event_moves_the_event() -> None:
    event = make.event()
    start = make.evening(10)
    move_occurrence(
        actor=None, occurrence=event.occurrences[0], starts_local=start, ends_local=start + timedelta(hours=2)
    )
    assert event.starts_local == start
    assert event.minutes == 120
    assert not event.occurrences[0].moved
    assert event.sequence == 1


def test_cancelling_needs_a_reason() -> None:
    event = make.event()
    with pytest.raises(Refusal):
        cancel_event(actor=None, event=event, reason="  ")
    cancel_event(actor=None, event=event, reason="The hall is flooded.")
    assert (event.status, event.status_reason) == (EventStatus.CANCELLED, "The hall is flooded.")


def test_a_cancelled_date_may_take_place_after_all() -> None:
    event = make.event(rrule="FREQ=WEEKLY;COUNT=3")
    cancel_occurrence(actor=None, occurrence=event.occurrences[0], reason="Holiday")
    reinstate_occurrence(actor=None, occurrence=event.occurrences[0])
    assert not event.occurrences[0].cancelled
    assert event.occurrences[0].sequence == 2


def test_withdrawing_takes_an_event_out_of_lists_and_moves_the_feeds() -> None:
    event = make.event()
    changed = event.feed_changed_at
    withdraw_event(actor=None, event=event)
    assert event.status == EventStatus.DRAFT
    assert not event.occurrences[0].listed
    assert event.feed_changed_at is not None
    assert changed is not None
    assert event.feed_changed_at > changed


def test_postponing_keeps_the_event_public() -> None:
    event = make.event()
    postpone_event(actor=None, event=event, reason="New date to come")
    assert event.is_public


def test_a_copy_is_a_draft_a_week_later() -> None:
    event = make.event(rrule="FREQ=WEEKLY;COUNT=3", capacity=9)
    copy = duplicate_event(actor=_actor(), event=event)
    assert copy.status == EventStatus.DRAFT
    assert copy.starts_local == event.starts_local + timedelta(days=7)
    assert (copy.rrule, copy.capacity, copy.uid != event.uid) == (None, 9, True)


def _actor() -> object:
    class Somebody:
        id = None

    return Somebody()
