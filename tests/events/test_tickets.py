"""Tickets: shown to their owner, used by who counts, and telling nothing to anybody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from forum.accounts.models import Role
from forum.core import clock
from forum.events import guest_links
from forum.events.acts import EventNotice
from forum.events.forms.door import ticket_in
from forum.events.letters import ticket_url
from forum.events.messages import confirmed
from forum.events.models import Answer, Rsvp
from forum.events.operations.door import ticket_for
from forum.events.operations.events import cancel_event
from forum.events.operations.headcounts import add_headcount, new_key
from forum.events.operations.rsvp import add_phone_in, answer
from forum.extensions import db
from forum.notifications.models import Notification
from forum.notifications.registry import Recipient
from tests.factories import accounts
from tests.factories import events as make
from tests.factories.accounts import sign_in
from tests.pages import Client, Page

Saved = Callable[[Callable[[], Any]], Any]
WORDS = "Show it at the door"


@dataclass(frozen=True)
class Things:
    """Plain values of a date within a day, with Ana's party of two."""

    officer: int
    ana: int
    rsvp: int
    page: str  # of the event
    door: str
    shown: str  # the address in Ana's code
    ticket: str
    foreign: str  # of a date in a week
    elsewhere: str


def soon() -> datetime:
    """Less than a day ahead, whatever the hour is: half an hour after midnight, or soon after it this evening."""
    return make.evening(1, 0) if clock.to_local(clock.now()).hour > 1 else make.evening(0)


def things(word: Answer = Answer.GOING) -> Things:
    date = make.occurrence(starts_local=soon(), title="Porch evening")
    other = make.occurrence(starts_local=make.evening(8), title="Another evening")
    ana = accounts.person(name="Ana Ruiz")
    mine = answer(actor=ana, occurrence=date, answer=word, party_size=2)
    away = answer(actor=accounts.person(), occurrence=other, answer=Answer.GOING)
    db.session.flush()
    page, day = f"/events/{date.event_id}", date.original_date
    return Things(
        accounts.person(Role.OFFICER).id, ana.id, mine.id, page, f"/desk{page}/dates/{day}/door",
        f"{page}/door/{ticket_for(mine.id)}", ticket_for(mine.id), ticket_for(away.id),
        f"/events/{other.event_id}/door/{ticket_for(away.id)}",
    )  # fmt: skip


def came(app: Flask, rsvp_id: int) -> int:
    with app.app_context():
        return db.session.get_one(Rsvp, rsvp_id).occurrence.walk_ins


def test_only_a_place_has_a_ticket(app: Flask, client: Client, saved: Saved) -> None:
    for word in Answer:
        made = saved(lambda word=word: things(word))
        text = sign_in(client, made.ana).page(f"{made.page}/rsvp").text()  # type: ignore[attr-defined]
        assert (WORDS in text, made.ticket in text) == (
            (True, True) if word is Answer.GOING else (False, False)
        )


def test_a_guest_and_a_headcount_have_one_too(app: Flask, client: Client, saved: Saved) -> None:
    def made() -> tuple[int, str, str, str]:
        date = make.occurrence()
        guest = add_phone_in(actor=None, occurrence=date, name="Sam")
        db.session.flush()
        count, code = add_headcount(occurrence=date, key=new_key(date.id), party_size=3)
        return date.event_id, guest_links.token_for(guest.id), code, ticket_for(count.id)

    event_id, token, code, ticket = saved(made)
    assert WORDS in client.page(f"/events/{event_id}/rsvp/guest/{token}").text()
    opened = client.send(f"/events/{event_id}/rsvp/code", {"code": code}, form="/code")
    assert ticket in Page(opened.get_data(as_text=True)).text()


def test_a_cancelled_date_has_no_ticket(app: Flask, client: Client, saved: Saved) -> None:
    made = saved(things)
    saved(
        lambda: cancel_event(
            actor=None, event=db.session.get_one(Rsvp, made.rsvp).occurrence.event, reason="Snow"
        )
    )
    assert WORDS not in sign_in(client, made.ana).page(f"{made.page}/rsvp").text()  # type: ignore[attr-defined]


def test_the_mail_names_it(work: Flask) -> None:
    mine = answer(actor=accounts.person(), occurrence=make.occurrence(), answer=Answer.GOING)
    db.session.flush()
    notice = db.session.query(Notification).filter_by(kind=EventNotice.RSVP_CONFIRMED).one()
    with work.test_request_context():
        letter = confirmed(notice, Recipient(id=mine.person_id, address="ana@example.org", language="en"))
        assert letter is not None
        assert ticket_url(mine) in letter.text
        assert ticket_url(mine) in letter.html


@pytest.mark.parametrize(
    "role", ("", *(role for role in Role if role not in (Role.OFFICER, Role.SUPERVISOR, Role.ADMINISTRATOR)))
)
def test_others_learn_nothing_from_a_ticket(app: Flask, client: Client, saved: Saved, role: str) -> None:
    made = saved(things)
    if role:
        sign_in(client, saved(lambda: accounts.person(Role(role), name="Reader")).id)
    real, forged = made.shown, f"{made.page}/door/{made.rsvp}.{'0' * 32}"
    pages = [client.page(address).text() for address in (real, forged)]
    assert pages[0].replace(made.ticket, "") == pages[1].replace(forged.rpartition("/")[2], "")
    assert "Ana" not in pages[0]
    assert client.get(f"{made.page}/door/17.beef").status_code == 404
    assert client.get(f"/events/999999/door/{made.ticket}").status_code == 404


def test_who_counts_ticks_it_off(app: Flask, client: Client, saved: Saved) -> None:
    made = saved(things)
    sign_in(client, made.officer)
    assert "Ana Ruiz" in client.page(made.shown).text()
    assert came(app, made.rsvp) == 0  # looking counts nobody
    for _time in range(2):
        token = client.page(made.shown).form("/account/sign-out")["csrf_token"]
        assert client.post(made.shown, data={"csrf_token": token, "people": "3"}).status_code == 303
        assert came(app, made.rsvp) == 3
    assert client.send(made.shown, {"undo": "1"}, form=made.ticket).status_code == 303
    assert came(app, made.rsvp) == 0
    assert client.send(made.shown, {"people": "many"}, form=made.ticket).status_code == 422


def test_a_ticket_of_who_declined_says_so(app: Flask, client: Client, saved: Saved) -> None:
    made = saved(lambda: things(Answer.NOT_GOING))
    text = sign_in(client, made.officer).page(made.shown).text()  # type: ignore[attr-defined]
    assert "Ana Ruiz" in text
    assert "Not coming" in text


def test_a_ticket_that_is_typed_with_letters_for_digits_is_the_same() -> None:
    ticket = f"107.{'01ab' * 8}"
    assert ticket_in(ticket.replace("0", "O").replace("1", "l")) == ticket
    assert ticket_in(f" https://town.example/events/5/door/{ticket.upper().replace('1', 'I')} ") == ticket
    assert ticket_in(ticket.replace("a", "g")) == ""


def test_a_forged_ticket_and_one_of_another_date_count_nobody(
    app: Flask, client: Client, saved: Saved
) -> None:
    made = saved(things)
    sign_in(client, made.officer)
    assert "not a ticket of ours" in client.page(f"{made.page}/door/{made.rsvp}.{'0' * 32}", 404).text()
    assert "from a day before" in client.page(made.elsewhere).text()
    token = client.page(made.door).form("/door")["csrf_token"]
    late = client.post(made.elsewhere, data={"csrf_token": token, "people": "1"})
    assert late.status_code == 422

    def typed(text: str) -> str:
        sent = client.post(made.door, data={"csrf_token": token, "ticket": text})
        assert sent.status_code in (303, 422)
        return Page(sent.get_data(as_text=True)).text()

    assert "another date: Another evening" in typed(made.foreign)
    assert "not a ticket of ours" in typed("x" * 5000)
    assert "not a ticket of ours" in typed(f"{made.rsvp}.{'0' * 32}")
    assert came(app, made.rsvp) == 0
    for _time in range(2):
        typed(
            f" https://town.example{made.shown.upper().replace('/EVENTS', '/events').replace('/DOOR/', '/door/')}/ "
        )
    assert came(app, made.rsvp) == 2


def test_the_camera_is_for_the_door_alone(app: Flask, client: Client, saved: Saved) -> None:
    made = saved(things)
    sign_in(client, made.officer)
    door = client.get(made.door)
    assert "camera=(self)" in door.headers["Permissions-Policy"]
    assert int(door.headers["X-Kept-Until"]) > clock.now().timestamp() * 1000
    assert door.headers["Cache-Control"] == "private, no-store"
    assert "camera=()" in client.get(made.shown).headers["Permissions-Policy"]
    worker = client.get("/door-worker.js")
    assert worker.headers["Service-Worker-Allowed"] == "/desk/events/"
    assert worker.mimetype == "text/javascript"
