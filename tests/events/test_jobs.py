"""Periodic work of events."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine
from flask import Flask

from forum.core import clock
from forum.core.transactions import unit_of_work
from forum.events.jobs import extend_all_series, renew_bytes
from forum.events.models import Event, Occurrence
from forum.events.operations.schedule import HORIZON
from forum.extensions import db
from tests.factories import events as make

Saved = Callable[[Callable[[], Any]], Any]


def dates() -> list[datetime]:
    return [o.starts_at for o in db.session.query(Occurrence).order_by(Occurrence.starts_at)]


def test_a_series_without_end_grows_to_the_horizon_and_never_doubles(app: Flask, saved: Saved) -> None:
    saved(lambda: make.event(rrule="FREQ=WEEKLY"))
    with app.app_context():
        before, later = dates(), clock.now() + timedelta(days=90)
    with time_machine.travel(later, tick=False), app.app_context():
        extend_all_series()
        extend_all_series()
        after = dates()
    assert len(after) == len(set(after))
    assert 12 <= len(after) - len(before) <= 14
    assert after[: len(before)] == before
    assert after[-1] > later + HORIZON - timedelta(days=8)


def test_new_dates_of_a_public_series_are_listed(app: Flask, saved: Saved) -> None:
    saved(lambda: make.event(rrule="FREQ=WEEKLY"))
    with time_machine.travel(datetime.now(tz=UTC) + timedelta(days=30), tick=False), app.app_context():
        extend_all_series()
        assert {o.listed for o in db.session.query(Occurrence)} == {True}


def test_bytes_made_for_another_address_are_made_anew(app: Flask, saved: Saved) -> None:
    saved(make.event)
    with app.app_context():
        right = db.session.query(Event.vevents, Event.vevents_made).one()
        with unit_of_work():
            event = db.session.query(Event).one()
            event.vevents, event.vevents_made = b"old", "old"
        renew_bytes()
        assert db.session.query(Event.vevents, Event.vevents_made).one() == right
