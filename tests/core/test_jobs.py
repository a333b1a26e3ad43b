"""Jobs: when they come due, who runs them, and what a broken queue does to a request."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask

from forum.core import clock, jobs
from tests.servers import free_port, redis_url

CHICAGO = ZoneInfo("America/Chicago")
START = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def ran(context: Flask) -> Iterator[list[str]]:
    """An empty registry, an empty queue (earlier tests of this process called for jobs, too), and what ran."""
    kept = dict(jobs.REGISTRY), dict(jobs.PERIODIC)
    jobs.REGISTRY.clear()
    jobs.PERIODIC.clear()
    jobs.Queue(context).huey.storage.flush_all()
    context.extensions["jobs"] = jobs.Queue(context)
    yield []
    jobs.REGISTRY.clear()
    jobs.PERIODIC.clear()
    jobs.REGISTRY.update(kept[0])
    jobs.PERIODIC.update(kept[1])
    context.extensions["jobs"].huey.storage.flush_all()
    context.extensions["jobs"] = jobs.Queue(context)


@pytest.mark.parametrize(
    ("now", "slot"),
    (
        (datetime(2026, 11, 20, 9, 29, tzinfo=UTC), datetime(2026, 11, 19, 9, 30, tzinfo=UTC)),
        (datetime(2026, 11, 20, 9, 30, tzinfo=UTC), datetime(2026, 11, 20, 9, 30, tzinfo=UTC)),
        (
            datetime(2026, 7, 1, 8, 30, tzinfo=UTC),
            datetime(2026, 7, 1, 8, 30, tzinfo=UTC),
        ),  # summer: an hour earlier
    ),
)
def test_a_daily_job_keeps_the_agencys_clock(now: datetime, slot: datetime) -> None:
    assert jobs.Periodic("x", lambda: None, daily="03:30").slot(now, CHICAGO) == slot


def test_a_daily_job_runs_once_on_the_days_the_clocks_change() -> None:
    for day in (datetime(2027, 3, 14, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)):
        item = jobs.Periodic("x", lambda: None, daily="02:30")
        slots = {item.slot(day + timedelta(minutes=minute), CHICAGO) for minute in range(6 * 60, 30 * 60)}
        assert len(slots) == 2  # the day before's and the day's own


def test_of_several_workers_one_runs_what_is_due(context: Flask, ran: list[str]) -> None:
    jobs.periodic("every", minutes=5)(lambda: ran.append("every"))
    with time_machine.travel(START, tick=False) as clock:
        for _worker in range(3):
            context.extensions["jobs"].slots.clear()  # another process does not know what this one has begun
            jobs.run_due()
        assert ran == ["every"]
        clock.shift(timedelta(minutes=4, seconds=59))
        jobs.run_due()
        assert ran == ["every"]
        clock.shift(timedelta(seconds=1))
        jobs.run_due()
        assert ran == ["every", "every"]


def test_what_was_missed_while_no_worker_ran_is_run_once(ran: list[str]) -> None:
    jobs.periodic("daily", daily="03:30")(lambda: ran.append("daily"))
    with time_machine.travel(START, tick=False) as clock:
        jobs.run_due()
        clock.shift(timedelta(days=4, hours=1))
        jobs.run_due()
        jobs.run_due()
    assert ran == ["daily", "daily"]


def test_a_clock_that_ran_ahead_and_was_put_back_stops_nothing(context: Flask, ran: list[str]) -> None:
    jobs.periodic("every", minutes=1)(lambda: ran.append("every"))
    for wrong in (timedelta(days=10), timedelta(0), timedelta(minutes=1)):
        with time_machine.travel(START + wrong, tick=False):
            jobs.run_due()
            context.extensions["jobs"].slots.clear()
            jobs.run_due()
    assert len(ran) == 3


def test_a_job_that_fails_stops_no_other(ran: list[str]) -> None:
    def broken() -> None:
        raise RuntimeError

    jobs.periodic("a", minutes=1)(broken)
    jobs.periodic("b", minutes=1)(lambda: ran.append("b"))
    assert jobs.run_due() == ["a", "b"]
    assert ran == ["b"]


def test_a_call_with_ids_is_queued_each_time_and_one_without_only_once(
    context: Flask, ran: list[str]
) -> None:
    jobs.job("look")(lambda *ids: ran.append(f"look{ids}"))
    for _time in range(3):
        assert jobs.enqueue("look")
        assert jobs.enqueue("look", 7)
    huey = context.extensions["jobs"].huey
    assert huey.pending_count() == 4
    while huey.pending_count():
        huey.execute(huey.dequeue())
    assert sorted(ran) == ["look()", "look(7,)", "look(7,)", "look(7,)"]
    assert jobs.enqueue("look")
    assert huey.pending_count() == 1


def test_calls_for_about_the_same_later_moment_are_one_and_come_after_it(
    context: Flask, ran: list[str]
) -> None:
    jobs.job("look")(lambda: ran.append("look"))
    began = clock.now()
    for seconds in (20, 20, 19.5, 21):
        jobs.enqueue_later("look", seconds)
    huey = context.extensions["jobs"].huey
    assert 1 <= huey.pending_count() <= 2
    while huey.pending_count():
        huey.execute(huey.dequeue())
    assert ran == []
    waiting = huey.scheduled()
    latest = max(task.eta.replace(tzinfo=UTC) for task in waiting)
    assert timedelta(seconds=21) <= latest - began <= timedelta(seconds=60)
    for task in waiting:
        huey.execute(task, timestamp=task.eta)
    assert set(ran) == {"look"}


def test_a_call_that_a_killed_worker_took_does_not_block_the_next(context: Flask, ran: list[str]) -> None:
    jobs.job("look")(lambda: None)
    jobs.enqueue("look")
    queue = context.extensions["jobs"]
    queue.huey.dequeue()  # taken, and the worker died
    queue.clear_waiting()  # what a worker does first
    jobs.enqueue("look")
    assert queue.huey.pending_count() == 1


def test_a_damaged_queue_fails_no_request(context: Flask, ran: list[str]) -> None:
    queue = context.extensions["jobs"]
    queue.app = broken = Flask("broken")
    broken.config["FORUM"] = dataclasses.replace(context.config["FORUM"], instance_dir="/proc/nowhere")
    assert jobs.enqueue("look") is False
    queue.app = context


def test_redis_carries_the_queue_and_its_end_fails_no_request(context: Flask, ran: list[str]) -> None:
    kept = context.config["FORUM"]
    jobs.job("look")(lambda: ran.append("look"))
    try:
        with redis_url() as url:
            context.config["FORUM"] = dataclasses.replace(kept, redis_url=url)
            queue = context.extensions["jobs"] = jobs.Queue(context)
            assert jobs.enqueue("look")
            queue.huey.execute(queue.huey.dequeue())
            assert ran == ["look"]
        assert jobs.enqueue("look") is False
        assert jobs.enqueue("look") is False
        context.config["FORUM"] = dataclasses.replace(kept, redis_url=f"redis://127.0.0.1:{free_port()}/0")
        context.extensions["jobs"] = jobs.Queue(context)
        assert jobs.enqueue("look") is False
    finally:
        context.config["FORUM"] = kept
        context.extensions["jobs"] = jobs.Queue(context)
