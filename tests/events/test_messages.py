"""What people who answered read in their mail."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask

from forum.core import jobs
from forum.events.models import Answer, Occurrence
from forum.events.operations.events import cancel_event
from forum.events.operations.occurrences import cancel_occurrence, move_occurrence, reinstate_occurrence
from forum.events.operations.rsvp import answer, erase_answers_of
from forum.extensions import db
from tests.factories import accounts
from tests.factories import events as make

Saved = Callable[[Callable[[], Any]], Any]


@pytest.fixture
def mails(app: Flask) -> Callable[[], list[EmailMessage]]:
    """Delivers what waits in the outbox, and returns every mail there is."""

    def deliver() -> list[EmailMessage]:
        with app.app_context():
            jobs.run("notifications.deliver")
        folder = Path(app.instance_path) / "mail"
        files = sorted(folder.glob("*.eml")) if folder.exists() else []
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]  # type: ignore[misc]

    return deliver


def words(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_who_moves_up_the_line_is_mailed_at_once(app: Flask, saved: Saved, mails: Any) -> None:
    def prepare() -> None:
        date = make.occurrence(capacity=1)
        first = accounts.person()
        answer(actor=first, occurrence=date, answer=Answer.GOING)
        answer(actor=accounts.person(email="rosa@example.org"), occurrence=date, answer=Answer.GOING)
        answer(actor=first, occurrence=date, answer=Answer.NOT_GOING)

    saved(prepare)
    (mail,) = [mail for mail in mails() if "place" in mail["Subject"]]
    assert mail["To"] == "rosa@example.org"
    assert "A place is offered to you" in mail["Subject"]
    assert "Yours until" in words(mail)
    assert "Pulaski Park fieldhouse" in words(mail)
    assert "/events/1/rsvp" in words(mail)


def test_who_changes_their_mind_at_once_gets_one_mail_of_what_holds(
    app: Flask, saved: Saved, mails: Any
) -> None:
    kept = app.config["FORUM"]
    app.config["FORUM"] = dataclasses.replace(kept, answer_mail_pause=15)
    try:
        with time_machine.travel(datetime(2026, 11, 20, 12, 0, 1, tzinfo=UTC)) as now:
            person = saved(lambda: accounts.person(email="rosa@example.org"))
            date = saved(lambda: make.occurrence()).id
            for party in (1, 2, 3):
                saved(
                    lambda p=party: answer(actor=person, occurrence=date, answer=Answer.GOING, party_size=p)
                )
                now.shift(3)
            assert mails() == []
            now.shift(15)
            (mail,) = mails()
            assert "3 places" in words(mail)
            saved(lambda: answer(actor=person, occurrence=date, answer=Answer.NOT_GOING))
            now.shift(30)
            assert len(mails()) == 2
    finally:
        app.config["FORUM"] = kept


def test_a_cancelled_date_says_why_in_the_readers_language(app: Flask, saved: Saved, mails: Any) -> None:
    def prepare() -> None:
        event = make.event(rrule="FREQ=WEEKLY;COUNT=3")
        answer(actor=accounts.person(), occurrence=event.occurrences[0], answer=Answer.MAYBE)
        cancel_occurrence(actor=None, occurrence=event.occurrences[0], reason="The hall is flooded.")

    saved(prepare)
    (mail,) = mails()
    assert mail["Subject"] == "Cancelled: 1433 beat meeting"
    assert "The hall is flooded." in words(mail)


def test_two_moves_before_the_mail_goes_tell_what_holds_now(app: Flask, saved: Saved, mails: Any) -> None:
    def prepare() -> None:
        date = make.occurrence()
        answer(actor=accounts.person(), occurrence=date, answer=Answer.GOING)
        for hour in (19, 20):
            start = make.evening(9, hour)
            move_occurrence(
                actor=None, occurrence=date, starts_local=start, ends_local=start + timedelta(hours=1)
            )

    saved(prepare)
    sent = mails()
    assert sent
    assert [mail for mail in sent if "8:30 to 9:30 pm" not in words(mail)] == [], words(sent[0])


def test_a_cancellation_taken_back_in_time_is_never_mailed(app: Flask, saved: Saved, mails: Any) -> None:
    def prepare() -> None:
        event = make.event(rrule="FREQ=WEEKLY;COUNT=3")
        answer(actor=accounts.person(), occurrence=event.occurrences[0], answer=Answer.GOING)
        cancel_occurrence(actor=None, occurrence=event.occurrences[0], reason="Mistake")
        reinstate_occurrence(actor=None, occurrence=event.occurrences[0])

    saved(prepare)
    subjects = {mail["Subject"] for mail in mails()}
    assert subjects == {"See you there: 1433 beat meeting", "Changed: 1433 beat meeting"}


def test_delivering_twice_mails_once(app: Flask, saved: Saved, mails: Any) -> None:
    def prepare() -> None:
        date = make.occurrence()
        answer(actor=accounts.person(), occurrence=date, answer=Answer.GOING)
        cancel_event(actor=None, event=date.event, reason="Storm")

    saved(prepare)
    assert len(mails()) == 1
    assert len(mails()) == 1


def test_nobody_is_mailed_about_a_date_that_is_over(app: Flask, saved: Saved, mails: Any) -> None:
    def prepare() -> None:
        event = make.event(starts_local=make.evening(-2))
        cancel_event(actor=None, event=event, reason="Late")

    saved(prepare)
    assert mails() == []


def test_places_are_counted_again_from_the_answers(app: Flask, saved: Saved) -> None:
    saved(
        lambda: [
            answer(actor=accounts.person(), occurrence=d, answer=Answer.GOING, party_size=2)
            for d in [make.occurrence(capacity=3)]
            for _ in range(2)
        ]
    )
    with app.app_context():
        date = db.session.query(Occurrence).one()
        assert (date.places_taken, date.waiting) == (2, 2)


def test_nobody_is_promoted_by_mail_to_what_was_cancelled(app: Flask, saved: Saved, mails: Any) -> None:
    def prepare() -> None:
        date = make.occurrence(capacity=1)
        first, second = accounts.person(), accounts.person()
        for person in (first, second):
            answer(actor=person, occurrence=date, answer=Answer.GOING)
        cancel_event(actor=None, event=date.event, reason="Flooded")
        erase_answers_of(first.id)

    saved(prepare)
    assert [mail["Subject"] for mail in mails() if "place" in mail["Subject"]] == []
