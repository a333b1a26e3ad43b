"""Writing to everybody who answered: to whom, how often, once, and on record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from forum.accounts.models import Person, Role
from forum.audit.models import Entry
from forum.core import clock
from forum.core.errors import Refusal
from forum.core.mail import addressed_to
from forum.events.models import Answer, Channel, EventMessage, Occurrence, Place, Rsvp
from forum.events.operations.messages_to_all import message_everyone
from forum.events.operations.rsvp import answer
from forum.events.optional_mail import written_to_all
from forum.events.queries.roster import Standing
from forum.extensions import db
from forum.notifications.models import Notification
from forum.notifications.registry import Recipient
from tests.factories import accounts
from tests.factories import events as make
from tests.pages import Client

Saved = Callable[[Callable[[], Any]], Any]
GOING = [Standing.GOING]


def guest(occurrence: Occurrence, number: int = 1) -> Rsvp:
    rsvp = Rsvp(
        occurrence_id=occurrence.id,
        name="Gil",
        email=f"gil{number}@example.org",
        language="es",
        channel=Channel.SITE,
        answer=Answer.GOING,
        place=Place.CONFIRMED,
    )
    db.session.add(rsvp)
    return rsvp


def answered() -> tuple[Occurrence, Person]:
    """A date with somebody of each standing, one of them a guest, and an officer."""
    occurrence = make.occurrence(contact_email="beat@example.org")
    for name, word in (("Ann", Answer.GOING), ("Ben", Answer.MAYBE), ("Cy", Answer.NOT_GOING)):
        answer(actor=accounts.person(name=name), occurrence=occurrence, answer=word)
    guest(occurrence)
    db.session.flush()
    return occurrence, accounts.person(Role.OFFICER)


def send(officer: Person, occurrence: Occurrence, token: str = "t", **changes: Any) -> EventMessage:
    values: dict[str, Any] = {
        "audience": GOING,
        "subject": "Bring a chair",
        "text": "Dear all,\n\nbring one.",
    }
    return message_everyone(actor=officer, occurrence=occurrence, token=token, **(values | changes))


@pytest.mark.parametrize(
    ("audience", "people"),
    [(GOING, 2), ([Standing.MAYBE], 1), ([*GOING, Standing.MAYBE, Standing.NOT_GOING], 3)],
)
def test_it_goes_to_those_who_were_chosen_and_never_to_who_is_not_coming(
    work: Flask, audience: list[Standing], people: int
) -> None:
    occurrence, officer = answered()
    assert send(officer, occurrence, audience=audience).recipients == people
    told = db.session.query(Notification).filter_by(kind="event.message").all()
    assert len(told) == people
    entry = db.session.query(Entry).filter_by(act="event.message").one()
    assert (entry.actor_id, entry.subject_id, entry.detail["people"]) == (officer.id, occurrence.id, people)
    assert "chair" not in str(entry.detail)


def test_a_guest_reads_it_at_the_address_they_left_and_replies_reach_the_contact(work: Flask) -> None:
    occurrence, officer = answered()
    send(officer, occurrence)
    told = db.session.query(Notification).filter_by(kind="event.message", recipient_id=None).one()
    assert told.detail["language"] == "es"
    with addressed_to("es"):
        message = written_to_all(told, Recipient(id=0, address="", language="es"))
    assert message is not None
    assert (message.to, message.headers["Reply-To"]) == ("gil1@example.org", "beat@example.org")
    assert "bring one." in message.text
    assert "<p>Dear all,</p>" in message.html


def test_who_says_no_before_it_is_sent_is_not_written_to(work: Flask) -> None:
    occurrence, officer = answered()
    send(officer, occurrence)
    told = db.session.query(Notification).filter(Notification.recipient_id.is_not(None)).first()
    rsvp = db.session.get_one(Rsvp, told.subject_id)
    answer(actor=rsvp.person, occurrence=occurrence, answer=Answer.NOT_GOING)
    with addressed_to("en"):
        assert written_to_all(told, Recipient(id=0, address="a@b.c", language="en")) is None


def test_the_same_form_sent_twice_is_one_message(work: Flask) -> None:
    occurrence, officer = answered()
    assert send(officer, occurrence) is send(officer, occurrence)
    assert db.session.query(Notification).filter_by(kind="event.message").count() == 2


def test_three_a_day_and_ten_minutes_apart(work: Flask) -> None:
    occurrence, officer = answered()
    for number in range(3):
        send(officer, occurrence, str(number))
        with pytest.raises(Refusal, match="ten minutes" if number < 2 else "until tomorrow"):
            send(officer, occurrence, f"again {number}")
        for sent in db.session.query(EventMessage):
            sent.created_at -= timedelta(minutes=11)
        db.session.flush()
    for sent in db.session.query(EventMessage):
        sent.created_at -= timedelta(days=1)
    send(officer, occurrence, "tomorrow")


@pytest.mark.parametrize(
    "changes", [{"subject": " "}, {"text": "\n"}, {"text": "x" * 5001}, {"audience": [Standing.WAITING]}]
)
def test_what_cannot_be_sent_is_refused_in_words(work: Flask, changes: dict[str, Any]) -> None:
    occurrence, officer = answered()
    with pytest.raises(Refusal):
        send(officer, occurrence, **changes)
    assert db.session.query(EventMessage).count() == 0


def test_five_thousand_are_told_in_a_few_statements(work: Flask, count_queries: Callable[[], Any]) -> None:
    occurrence, officer = answered()
    for number in range(2, 5000):
        guest(occurrence, number)
    db.session.flush()
    with count_queries() as statements:
        assert send(officer, occurrence).recipients == 5000
    assert len(statements) < 30


def test_an_officer_previews_changes_and_sends(client: Client, app: Flask, saved: Saved) -> None:
    occurrence, officer = saved(answered)
    accounts.sign_in(client, officer)
    path = f"/desk/events/{occurrence.event_id}/dates/{occurrence.original_date.isoformat()}/message"
    page = client.page(path)
    assert "Going (2)" in page.text()
    typed = {"csrf_token": page.form()["csrf_token"], "token": page.form()["token"], "audience": "going"}
    typed |= {"subject": "Bring a chair", "text": "One each."}
    shown = client.post(path, data=typed | {"then": "preview"})
    assert shown.status_code == 200
    assert "It goes to 2 people" in shown.text
    with app.app_context():
        assert db.session.query(EventMessage).count() == 0
    again = client.post(path, data=typed | {"then": "edit"})
    assert 'value="Bring a chair"' in again.text
    refused = client.post(path, data=typed | {"subject": "", "then": "preview"})
    assert refused.status_code == 422
    assert "One each." in refused.text
    assert client.post(path, data=typed | {"then": "send"}).status_code == 303
    assert "Bring a chair" in client.page(path).text()
    with app.app_context():
        assert db.session.query(EventMessage).one().created_at <= clock.now()


def test_a_message_that_nobody_would_read_is_not_even_shown(client: Client, saved: Saved) -> None:
    occurrence, officer = saved(lambda: (make.occurrence(), accounts.person(Role.OFFICER)))
    accounts.sign_in(client, officer)
    path = f"/desk/events/{occurrence.event_id}/dates/{occurrence.original_date.isoformat()}/message"
    typed = client.page(path).form() | {"audience": "going", "subject": "A chair", "text": "One each."}
    refused = client.post(path, data=typed | {"then": "preview"})
    assert refused.status_code == 422
    assert "None of them can be written to" in refused.text
    assert "One each." in refused.text
