"""The promise of the outbox, kept under kill -9: everybody gets theirs, nobody gets it twice."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from forum import create_app
from forum.config import Config
from forum.core.transactions import unit_of_work
from forum.events.models import Answer, Channel, Place, Rsvp
from forum.events.operations.occurrences import move_occurrence
from forum.extensions import db
from forum.notifications.models import Delivery, Notification
from forum.notifications.operations import notify
from tests.conftest import BACKEND
from tests.factories import events as make
from tests.notifications import worker as worker_process
from tests.notifications.conftest import KIND
from tests.servers import MailServer, postgres_database, smtp_server, wait_until

PATIENCE = 300  # seconds: each mail goes through three processes, and a busy machine is slow


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with smtp_server() as server:
        yield server


@pytest.fixture
def environment(tmp_path: Path, mail: MailServer) -> Iterator[dict[str, str]]:
    """The settings of a site of its own on the database under test."""
    settings = {
        "FORUM_ENVIRONMENT": "test",
        "FORUM_INSTANCE_DIR": str(tmp_path),
        "FORUM_SECRET_KEY": "k" * 40,
        "FORUM_SMTP_URL": mail.url,
        "FORUM_LOG_LEVEL": "ERROR",
    }
    if BACKEND == "postgresql":
        with postgres_database() as url:
            yield {**settings, "FORUM_DATABASE_URL": url}
    else:
        yield settings


@pytest.fixture
def site(environment: dict[str, str]) -> Iterator[Flask]:
    app = create_app(Config.from_env(environment))
    with app.app_context():
        upgrade()
    yield app
    with app.app_context():
        db.engine.dispose()


def tell(site: Flask, people: range) -> None:
    with site.app_context():
        for person_id in people:
            with unit_of_work():
                notify(person_id=person_id, kind=KIND, key=f"greeting:{person_id}")


def open_notifications(site: Flask) -> int:
    with site.app_context():
        query = sa.select(sa.func.count()).where(
            Notification.delivery.in_((Delivery.PENDING, Delivery.SENDING))
        )
        return int(db.session.scalar(query) or 0)


def deliver_under_kills(
    site: Flask,
    environment: dict[str, str],
    mail: MailServer,
    kills: int,
    seed: int,
    more: Callable[[int], None],
) -> None:
    """Kill the worker *kills* times while it is at work, then let one finish; ``more(kill)`` gives each some work."""
    dice = random.Random(seed)
    for kill in range(kills):
        more(kill)
        before = len(mail.messages)
        worker = worker_process.start(environment)
        wait_until(
            lambda seen=before: len(mail.messages) > seen,  # type: ignore[misc]
            seconds=PATIENCE,
            what="a first mail of this worker",
        )
        time.sleep(dice.uniform(0, 0.05))
        worker.kill()
        worker.join()
    worker = worker_process.start(environment)
    try:
        wait_until(lambda: open_notifications(site) == 0, seconds=PATIENCE, what="the rest of the mail")
    finally:
        worker_process.stop(worker)


def count_by_person(mail: MailServer) -> Counter[str]:
    return Counter(recipients[0] for recipients in mail.recipients)


def assert_each_got_one(mail: MailServer, people: range) -> None:
    counts = count_by_person(mail)
    assert set(counts) == {f"p{person_id}@example.org" for person_id in people}
    assert set(counts.values()) == {1}


def test_a_worker_killed_20_times_loses_no_mail_and_doubles_none(
    site: Flask, environment: dict[str, str], mail: MailServer
) -> None:
    def more(kill: int) -> None:
        tell(site, range(1 + 15 * kill, 16 + 15 * kill))

    deliver_under_kills(site, environment, mail, kills=20, seed=1, more=more)
    assert_each_got_one(mail, range(1, 301))


def test_a_worker_killed_ten_times_tells_everybody_of_a_change_once(
    site: Flask, environment: dict[str, str], mail: MailServer
) -> None:
    guests = [f"guest{number}@example.org" for number in range(200)]

    def change(kill: int) -> None:
        with site.app_context(), unit_of_work():
            move_a_date(guests[20 * kill : 20 * kill + 20])

    deliver_under_kills(site, environment, mail, kills=10, seed=3, more=change)
    counts = count_by_person(mail)
    assert set(counts) == set(guests)
    assert set(counts.values()) == {1}


def move_a_date(guests: list[str]) -> None:
    """Move a date to which these addresses had said that they come."""
    date = make.occurrence()
    answered = {
        "occurrence_id": date.id,
        "name": "Gil",
        "language": "en",
        "channel": Channel.SITE,
        "answer": Answer.GOING,
        "place": Place.CONFIRMED,
    }
    db.session.execute(sa.insert(Rsvp), [answered | {"email": guest} for guest in guests])
    start = make.evening(9)
    end = start + timedelta(hours=1)
    move_occurrence(actor=None, occurrence=date, starts_local=start, ends_local=end, reason="Paint.")


def test_two_workers_side_by_side_double_nothing(
    site: Flask, environment: dict[str, str], mail: MailServer
) -> None:
    people = range(1, 121)
    tell(site, people)
    workers = [worker_process.start(environment) for _worker in range(2)]
    try:
        wait_until(lambda: open_notifications(site) == 0, seconds=PATIENCE, what="the mail")
    finally:
        for worker in workers:
            worker_process.stop(worker)
    assert set(count_by_person(mail).values()) == {1}


def test_mail_is_handed_over_within_seconds_of_the_commit(
    site: Flask, environment: dict[str, str], mail: MailServer
) -> None:
    worker = worker_process.start(environment)
    try:
        tell(site, range(1, 2))
        mail.wait_for("p1@example.org", seconds=PATIENCE)  # the worker is up
        # A busy machine is slow at times, a worker that sleeps too long each time: one quick hundred of five will do.
        assert any(seconds_for(site, mail, range(n, n + 100)) < 10 for n in range(2, 502, 100))
    finally:
        worker_process.stop(worker)


def seconds_for(site: Flask, mail: MailServer, people: range) -> float:
    """From before their notifications are committed until 95 of 100 mails were handed over."""
    begun, before = time.monotonic(), len(mail.messages)
    tell(site, people)
    wait_until(lambda: len(mail.messages) >= before + 95, seconds=PATIENCE, what="95% of the mail")
    taken = time.monotonic() - begun
    wait_until(lambda: open_notifications(site) == 0, seconds=PATIENCE, what="the rest of the mail")
    return taken


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10))
def test_a_thousand_mails_under_a_hundred_kills(
    site: Flask, environment: dict[str, str], mail: MailServer, seed: int
) -> None:
    people = range(1001, 2001)

    def more(kill: int) -> None:
        tell(site, range(1001 + 10 * kill, 1011 + 10 * kill))

    deliver_under_kills(site, environment, mail, kills=100, seed=seed, more=more)
    assert_each_got_one(mail, people)
