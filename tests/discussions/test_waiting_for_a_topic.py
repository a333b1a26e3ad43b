"""Who waits for a topic's lock on PostgreSQL sees what happened to it meanwhile, not what was there when they asked."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa
from flask import Flask

from forum.accounts.models import Person
from forum.core import clock
from forum.core.transactions import unit_of_work
from forum.discussions.models import Topic
from forum.discussions.operations.states import lock_topic
from forum.discussions.operations.writing import reply
from forum.discussions.operations.written import Written
from forum.extensions import db
from tests.conftest import BACKEND
from tests.factories import accounts
from tests.factories import discussions as make

pytestmark = pytest.mark.skipif(
    BACKEND != "postgresql", reason="on SQLite a write begins when the one before has ended"
)
T = TypeVar("T")
WAITING = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def second(app: Flask, first: Callable[[], Any], then: Callable[[], T]) -> T:
    """What *then* gives, which has waited for a lock of *first*: until that was durable."""

    def run() -> T:
        with app.app_context():
            return then()

    with ThreadPoolExecutor(1) as thread, app.app_context():
        with unit_of_work():
            first()
            db.session.flush()
            waiting = thread.submit(run)
            while not waiting.done() and not _somebody_waits():
                time.sleep(0.01)
        return waiting.result(timeout=60)


def _somebody_waits() -> bool:
    with db.engine.connect() as apart:
        return bool(apart.scalar(WAITING))


def test_the_second_press_of_a_form_is_its_post_in_slow_mode_too(app: Flask, saved: Any) -> None:
    def quiet() -> tuple[int, int]:
        topic = make.topic()
        topic.slow_seconds, topic.slow_ends_at = 600, clock.now() + timedelta(hours=1)
        return topic.id, accounts.person().id

    topic_id, person_id = saved(quiet)
    written = Written(text="I heard it as well.", key="one form")

    def press() -> int:
        return reply(actor=db.session.get_one(Person, person_id), topic=topic_id, written=written).id

    def press_again() -> int:
        actor = db.session.get_one(Person, person_id)  # who is signed in is read before the write begins
        with unit_of_work():
            return reply(actor=actor, topic=topic_id, written=written).id

    made: list[int] = []
    assert second(app, lambda: made.append(press()), press_again) == made[0]


def test_a_topic_that_goes_to_another_forum_meanwhile_is_held_there(app: Flask, saved: Any) -> None:
    topic_id, forum_id = saved(lambda: (make.topic().id, make.forum().id))

    def move() -> None:
        lock_topic(db.session.get_one(Topic, topic_id)).forum_id = forum_id

    def hold() -> int:
        topic = db.session.get_one(Topic, topic_id)
        with unit_of_work():
            return lock_topic(topic).forum.id

    assert second(app, move, hold) == forum_id
