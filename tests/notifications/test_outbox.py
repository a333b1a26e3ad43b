"""The outbox: what is told, leased, retried, withdrawn and given up."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask_babel import gettext

from forum.core import holders, jobs
from forum.core.mail import Message
from forum.core.transactions import unit_of_work
from forum.extensions import db
from forum.notifications import operations, receipts, watch
from forum.notifications.jobs import deliver, forget
from forum.notifications.models import Delivery, Notification
from forum.notifications.operations import notify
from forum.notifications.registry import Recipient, register_message
from tests.notifications.conftest import KIND
from tests.servers import MailServer, free_port, smtp_server

START = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def frozen() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as clock:
        yield clock


@pytest.fixture
def server(greetings: Flask) -> Iterator[MailServer]:
    with smtp_server() as mail, over_smtp(greetings, mail.url):
        yield mail


class over_smtp:
    """Within it *app* sends to *url*."""

    def __init__(self, app: Flask, url: str) -> None:
        self.app, self.url = app, url

    def __enter__(self) -> None:
        self.kept = self.app.config["FORUM"]
        self.app.config["FORUM"] = dataclasses.replace(self.kept, smtp_url=self.url)

    def __exit__(self, *_error: object) -> None:
        self.app.config["FORUM"] = self.kept


def only() -> Notification:
    db.session.expire_all()
    return db.session.scalars(sa.select(Notification)).one()


def test_what_was_told_is_delivered_once_in_both_forms(tell: Callable[..., None], server: MailServer) -> None:
    tell(7)
    deliver()
    deliver()
    (message,) = server.to("p7@example.org")
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@localhost>")
    assert only().delivery is Delivery.DELIVERED
    assert only().finished_at is not None


def test_a_key_is_told_once(tell: Callable[..., None], server: MailServer) -> None:
    tell(7, "rsvp.promoted:1")
    tell(7, "rsvp.promoted:1")
    deliver()
    tell(7, "rsvp.promoted:1")
    deliver()
    assert len(server.messages) == 1


def test_a_rollback_tells_nobody(greetings: Flask) -> None:
    def told_and_failed() -> None:
        with unit_of_work():
            notify(person_id=7, kind=KIND, key="greeting:7")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        told_and_failed()
    assert db.session.scalars(sa.select(Notification)).all() == []


def test_the_text_of_a_notification_is_not_stored(tell: Callable[..., None]) -> None:
    tell(7, subject_id=12, status="promoted")
    assert only().detail == {"status": "promoted"}


@pytest.mark.parametrize(("person_id", "subject_id"), ((12345, 1), (901, 1), (7, 0)))
def test_nothing_is_sent_when_the_person_or_the_subject_is_gone(
    tell: Callable[..., None], server: MailServer, person_id: int, subject_id: int
) -> None:
    tell(person_id, subject_id=subject_id)
    deliver()
    assert server.messages == []
    assert only().delivery is Delivery.WITHDRAWN


def test_who_has_not_confirmed_yet_gets_only_what_is_meant_for_them(
    greetings: Flask, tell: Callable[..., None], server: MailServer
) -> None:
    from tests.notifications.conftest import greet

    register_message("test.confirm", greet, to_inactive=True)
    with unit_of_work():
        notify(person_id=901, kind="test.confirm", key="confirm:901")
        notify(person_id=901, kind=KIND, key="greeting:901")
    deliver()
    assert len(server.to("p901@example.org")) == 1


def test_mail_is_not_sent_before_it_is_due(
    frozen: time_machine.Traveller, tell: Callable[..., None], server: MailServer
) -> None:
    tell(7, due_at=START + timedelta(hours=1))
    deliver()
    assert server.messages == []
    frozen.move_to(START + timedelta(hours=1))
    deliver()
    assert len(server.messages) == 1


def test_a_refusal_for_now_is_tried_48_times_in_about_four_hours_and_then_given_up(
    frozen: time_machine.Traveller, tell: Callable[..., None], server: MailServer
) -> None:
    server.answer = "451 try later"
    tell(7)
    tries = 0
    while only().delivery is Delivery.PENDING:
        frozen.move_to(only().due_at)
        deliver()
        tries += 1
        assert only().failure == "data:451"
    assert tries == 48
    assert only().delivery is Delivery.FAILED
    assert timedelta(hours=3) < only().finished_at - START < timedelta(hours=5)


def test_a_refusal_for_now_is_overcome(
    frozen: time_machine.Traveller, tell: Callable[..., None], server: MailServer
) -> None:
    server.answer = "451 try later"
    tell(7)
    deliver()
    server.answer = "250 OK"
    frozen.shift(timedelta(minutes=1))
    deliver()
    assert len(server.messages) == 1
    assert only().delivery is Delivery.DELIVERED
    assert only().failure == ""


def test_a_refusal_for_good_is_not_tried_again(tell: Callable[..., None], server: MailServer) -> None:
    server.answer = "550 no such person"
    tell(7)
    deliver()
    assert (only().delivery, only().attempts, only().failure) == (Delivery.FAILED, 1, "data:550")


def test_a_dead_mail_server_uses_up_no_attempt_and_loses_nothing(
    frozen: time_machine.Traveller, greetings: Flask, tell: Callable[..., None]
) -> None:
    for person_id in range(1, 31):
        tell(person_id)
    with over_smtp(greetings, f"smtp://127.0.0.1:{free_port()}"):
        for _hour in range(6):
            frozen.shift(timedelta(hours=1))
            deliver()
    assert watch.mail_moves() == "overdue"
    assert set(db.session.scalars(sa.select(Notification.attempts))) == {0}
    frozen.shift(timedelta(hours=1))
    with smtp_server() as mail, over_smtp(greetings, mail.url):
        deliver()
        assert sorted(r[0] for r in mail.recipients) == sorted(f"p{n}@example.org" for n in range(1, 31))
    assert watch.mail_moves() == ""


def test_a_wording_that_fails_is_tried_again(
    frozen: time_machine.Traveller, greetings: Flask, tell: Callable[..., None], server: MailServer
) -> None:
    def broken(*_arguments: object) -> None:
        raise KeyError("template")

    from tests.notifications.conftest import greet

    register_message(KIND, broken)
    tell(7)
    deliver()
    assert (only().delivery, only().failure) == (Delivery.PENDING, "wording")
    register_message(KIND, greet)
    frozen.shift(timedelta(minutes=1))
    deliver()
    assert len(server.messages) == 1


def test_what_is_leased_is_nobody_elses_until_the_lease_ends(
    frozen: time_machine.Traveller, tell: Callable[..., None]
) -> None:
    tell(7)
    with unit_of_work():
        assert len(operations.take_due(10, "one")) == 1
    with unit_of_work():
        assert operations.take_due(10, "another") == []
    frozen.shift(operations.LEASE)
    with unit_of_work():
        assert len(operations.take_due(10, "another")) == 1


def test_a_late_answer_of_a_run_that_lost_its_lease_changes_nothing(tell: Callable[..., None]) -> None:
    tell(7)
    with unit_of_work():
        (number,) = operations.take_due(10, "one")
        db.session.execute(sa.update(Notification).values(held_by="another"))
    with unit_of_work():
        operations.record_outcomes({number: operations.Outcome(operations.End.PERMANENT, "late")}, "one")
    assert only().delivery is Delivery.SENDING


def test_the_leases_of_a_dead_run_are_taken_over_at_once(
    tell: Callable[..., None], server: MailServer
) -> None:
    tell(7)
    with holders.Holder() as holder, unit_of_work():  # its end is what the kernel does when the process dies
        operations.take_due(10, holder.id)
    deliver()
    assert len(server.messages) == 1


def test_a_living_run_keeps_its_leases(tell: Callable[..., None], server: MailServer) -> None:
    tell(7)
    with holders.Holder() as holder:
        with unit_of_work():
            operations.take_due(10, holder.id)
        deliver()
        assert server.messages == []
        assert not holders.is_dead(holder.id)


def test_what_a_run_that_failed_had_leased_is_the_next_runs(
    tell: Callable[..., None], server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(7)
    with monkeypatch.context() as broken:
        broken.setattr(operations, "record_outcomes", None)  # as when the database goes away at that moment
        jobs.run(operations.DELIVER)
    assert only().delivery is Delivery.SENDING
    deliver()
    assert only().delivery is Delivery.DELIVERED
    assert len(server.messages) == 1


def test_threads_that_begin_at_the_same_moment_hold_leases_of_their_own(
    greetings: Flask, tell: Callable[..., None], server: MailServer
) -> None:
    """Two that began together once took one name from the other, and their mail lay for ten minutes."""
    for person_id in range(1, 41):
        tell(person_id)
    together = threading.Barrier(4)

    def run() -> None:
        together.wait()
        with greetings.app_context():
            jobs.run(operations.DELIVER)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert db.session.scalars(sa.select(Notification.delivery).distinct()).all() == [Delivery.DELIVERED]
    assert len(server.messages) == 40


def test_a_lease_is_named_as_long_as_its_run_left_a_file(
    tell: Callable[..., None], server: MailServer
) -> None:
    tell(7)
    with holders.Holder() as idle:
        pass
    with holders.Holder() as holder, unit_of_work():
        operations.take_due(10, holder.id)
    assert holders.ended() >= {idle.id, holder.id}
    deliver()
    deliver()
    assert not holders.ended() & {idle.id, holder.id}
    assert len(server.messages) == 1


def test_a_run_that_begins_while_another_looks_keeps_its_file(
    greetings: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that had its file and not yet its lock was once buried alive, and what it leased lay for ten minutes."""
    with holders.Holder() as looking:
        pass
    monkeypatch.setattr("uuid.uuid4", lambda: looking.id)  # its file is there, and nobody has the lock
    seen = holders.ended()
    with holders.Holder() as beginning:
        holders.bury(seen)
    assert beginning.id in seen
    assert holders.is_dead(beginning.id)


def test_what_the_server_accepted_is_not_sent_again_when_the_worker_died_before_its_commit(
    greetings: Flask, tell: Callable[..., None], server: MailServer
) -> None:
    tell(7)
    deliver()
    (first,) = server.messages
    with unit_of_work():  # as if the commit of the outcome had never happened
        db.session.execute(
            sa.update(Notification).values(
                delivery=Delivery.SENDING, held_by="gone", due_at=START, finished_at=None
            )
        )
    assert receipts.has(first["Message-ID"])
    deliver()
    assert len(server.messages) == 1
    assert only().delivery is Delivery.DELIVERED


def test_a_folder_holds_one_file_however_often_it_is_sent(
    greetings: Flask, tell: Callable[..., None]
) -> None:
    tell(7)
    for _attempt in range(3):
        deliver()
        with unit_of_work():
            db.session.execute(sa.update(Notification).values(delivery=Delivery.PENDING, due_at=START))
    (file,) = (Path(greetings.instance_path) / "mail").iterdir()
    assert file.suffix == ".eml"
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"Person 7" in file.read_bytes()


def test_old_ends_are_forgotten_and_what_is_pending_is_not(
    frozen: time_machine.Traveller, tell: Callable[..., None], server: MailServer
) -> None:
    tell(7)
    deliver()
    tell(8, due_at=START + timedelta(days=200))
    frozen.shift(timedelta(days=91))
    forget()
    assert only().recipient_id == 8


def test_a_commit_that_tells_somebody_wakes_the_deliverer_once(
    greetings: Flask, tell: Callable[..., None]
) -> None:
    queue = greetings.extensions["jobs"].huey
    queue.storage.flush_all()
    with unit_of_work():
        for person_id in range(1, 6):
            notify(person_id=person_id, kind=KIND, key=f"greeting:{person_id}")
    tell(9)
    assert queue.pending_count() == 1
    queue.execute(queue.dequeue())
    tell(10)
    assert queue.pending_count() == 1
    queue.storage.flush_all()


def test_the_sweep_finds_what_a_lost_call_missed(greetings: Flask, tell: Callable[..., None]) -> None:
    tell(7)
    greetings.extensions["jobs"].huey.storage.flush_all()
    greetings.extensions["jobs"].slots.clear()
    assert "notifications.deliver" in jobs.run_due()
    assert only().delivery is Delivery.DELIVERED


def test_who_has_no_account_is_told_in_their_language_at_the_address_the_message_names(
    greetings: Flask, server: MailServer
) -> None:
    def to_guest(notification: Notification, recipient: Recipient) -> Message:
        assert recipient.id is None
        to = "guest@example.org" if notification.subject_id else ""
        return Message(subject=gettext("All day"), text="Hello", html="<p>Hello</p>", to=to)

    register_message(KIND, to_guest)
    with unit_of_work():
        for number in (0, 1):  # 0: nobody is there any more
            notify(person_id=None, language="es", kind=KIND, key=f"greeting:{number}", subject_id=number)
    deliver()
    (message,) = server.to("guest@example.org")
    assert message["Subject"] == "Todo el día"
    states = db.session.scalars(sa.select(Notification.delivery).order_by(Notification.key))
    assert list(states) == [Delivery.WITHDRAWN, Delivery.DELIVERED]
