"""Lists show a row if and only if the policy lets the reader see it: for every role and every state."""

from __future__ import annotations

import itertools

import pytest

from forum.accounts.models import Role, Visitor
from forum.core import clock
from forum.events import policy
from forum.events.models import Event, EventStatus
from forum.events.operations.events import cancel_event, postpone_event, withdraw_event
from forum.events.queries import feeds as feed_queries
from forum.events.queries import lists, single
from forum.events.queries.filters import EventFilters
from forum.extensions import db
from tests.factories import accounts
from tests.factories import events as make

pytestmark = pytest.mark.usefixtures("work")
READERS = (None, *Role)


def reader(role: Role | None) -> object:
    return Visitor() if role is None else accounts.person(role)


def in_state(status: EventStatus) -> Event:
    event = make.event(published=status != EventStatus.DRAFT)
    if status == EventStatus.CANCELLED:
        cancel_event(actor=None, event=event, reason="Storm")
    elif status == EventStatus.POSTPONED:
        postpone_event(actor=None, event=event, reason="Storm")
    return event


@pytest.mark.parametrize(("role", "status"), tuple(itertools.product(READERS, EventStatus)))
def test_an_event_is_found_if_and_only_if_it_may_be_seen(role: Role | None, status: EventStatus) -> None:
    viewer, event = reader(role), in_state(status)
    may = policy.can_see_event(viewer, event)
    assert (db.session.scalars(single.event_by_id(viewer, event.id)).unique().first() is not None) is may


@pytest.mark.parametrize(("role", "status"), tuple(itertools.product(READERS, EventStatus)))
def test_public_lists_hold_public_events_alone_whoever_reads(role: Role | None, status: EventStatus) -> None:
    viewer, event = reader(role), in_state(status)
    start, end = clock.now(), event.occurrences[0].ends_at
    found = [
        db.session.scalars(lists.events_page(viewer, EventFilters())).unique().all(),
        db.session.scalars(lists.occurrences_between(viewer, start, end, EventFilters())).unique().all(),
        db.session.scalars(lists.upcoming_in(viewer, [])).unique().all(),
    ]
    assert [len(rows) for rows in found] == [int(event.is_public)] * 3
    assert lists.counted_events(viewer, EventFilters()) == int(event.is_public)


@pytest.mark.parametrize(("role", "status"), tuple(itertools.product(READERS, EventStatus)))
def test_the_desk_lists_everything_to_the_desk_and_nothing_to_others(
    role: Role | None, status: EventStatus
) -> None:
    viewer, event = reader(role), in_state(status)
    may = policy.can_see_desk(viewer)
    assert len(db.session.scalars(single.desk_events(viewer)).unique().all()) == int(may)
    assert len(db.session.scalars(single.occurrences_of(viewer, event.id)).all()) == int(may)
    assert bool(db.session.execute(single.history_of(viewer, event.id)).all()) is may


@pytest.mark.parametrize("status", tuple(EventStatus))
def test_feeds_hold_public_events_alone(status: EventStatus) -> None:
    event = in_state(status)
    assert (
        db.session.scalars(feed_queries.public_event(event.id)).unique().first() is not None
    ) is event.is_public


def test_a_withdrawn_event_is_gone_from_every_list() -> None:
    event = make.event()
    withdraw_event(actor=None, event=event)
    assert db.session.scalars(lists.events_page(Visitor(), EventFilters())).unique().all() == []
