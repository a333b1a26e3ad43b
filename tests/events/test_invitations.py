"""The calendar part of mails about an answer (INTEROP 33-35)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import icalendar
import pytest
from flask import Flask

from forum.core import jobs
from forum.events.invitee import rsvp_id_in
from forum.events.models import Answer
from forum.events.operations.occurrences import cancel_occurrence, move_occurrence
from forum.events.operations.rsvp import answer
from tests.factories import accounts
from tests.factories import events as make

Saved = Callable[[Callable[[], Any]], Any]


@pytest.fixture
def replies_read(app: Flask) -> Iterator[None]:
    kept = app.config["FORUM"]
    app.config["FORUM"] = dataclasses.replace(kept, mail_reply_address="rsvp@town.example")
    yield
    app.config["FORUM"] = kept


def delivered(app: Flask) -> list[EmailMessage]:
    """Deliver what waits; all mails in the order they were written."""
    with app.app_context():
        jobs.run("notifications.deliver")
    files = sorted((Path(app.instance_path) / "mail").glob("*.eml"))
    return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]  # type: ignore[misc]


def invitation_in(mail: EmailMessage) -> tuple[str, Any]:
    """The method and the VEVENT of the calendar part; both copies are the same bytes."""
    alternative, attached = mail.iter_parts()
    assert mail.get_content_type() == "multipart/mixed"
    types = [part.get_content_type() for part in alternative.iter_parts()]
    assert types == ["text/plain", "text/html", "text/calendar"]
    inline = list(alternative.iter_parts())[-1]
    assert attached.get_content_type() == "application/ics"
    assert inline.get_payload(decode=True) == attached.get_payload(decode=True)
    calendar = icalendar.Calendar.from_ical(inline.get_payload(decode=True))
    assert inline.get_param("method") == calendar["METHOD"]
    (entry,) = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), entry


def test_an_answer_a_change_and_a_cancellation_follow_each_other_in_the_calendar(
    app: Flask, saved: Saved, replies_read: None
) -> None:
    def prepare() -> int:
        date = make.event(rrule="FREQ=WEEKLY;COUNT=3").occurrences[0]
        rosa = accounts.person(email="rosa@example.org")
        return answer(actor=rosa, occurrence=date, answer=Answer.GOING).id

    def date_of(number: int) -> Any:
        from forum.events.models import Rsvp
        from forum.extensions import db

        return db.session.get_one(Rsvp, number).occurrence

    number = saved(prepare)
    delivered(app)

    def move() -> None:
        start = make.evening(9, 20)
        move_occurrence(
            actor=None, occurrence=date_of(number), starts_local=start, ends_local=start + timedelta(hours=1)
        )

    saved(move)
    delivered(app)
    saved(lambda: cancel_occurrence(actor=None, occurrence=date_of(number), reason="Flooded"))
    found = {mail["Subject"].split(":")[0]: invitation_in(mail) for mail in delivered(app)}
    (first, told), (second, moved), (last, ended) = (
        found[subject] for subject in ("See you there", "Changed", "Cancelled")
    )
    assert (first, second, last) == ("REQUEST", "REQUEST", "CANCEL")
    assert len({str(entry["UID"]) for entry in (told, moved, ended)}) == 1
    assert len({entry["RECURRENCE-ID"].dt for entry in (told, moved, ended)}) == 1
    assert told["SEQUENCE"] < moved["SEQUENCE"] < ended["SEQUENCE"]
    assert ended["STATUS"] == "CANCELLED"
    for entry in (told, moved, ended):
        with app.app_context():
            assert rsvp_id_in(str(entry["ORGANIZER"])) == number
        assert str(entry["ATTENDEE"]) == "mailto:rosa@example.org"
        assert entry["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
