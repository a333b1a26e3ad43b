"""Answers without an account: by a mailed link, by a code, and what goes along with an answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from forum.core import limits, mail
from forum.core.errors import Refusal
from forum.core.tokens import ALPHABET, code_as_meant
from forum.events import guest_links
from forum.events.messages import confirm_guest as confirming_mail
from forum.events.models import Answer, GuestRequest, Occurrence, Place, Rsvp
from forum.events.operations.guests import (
    LinkOver,
    ask_guest,
    confirm_guest,
    forget_requests,
    request_token,
)
from forum.events.operations.headcounts import add_headcount, change_headcount, find_headcount, new_key
from forum.events.operations.offers import take_offer
from forum.events.operations.rsvp import answer
from forum.extensions import db
from forum.notifications.models import Notification
from forum.notifications.registry import Recipient
from tests.factories import accounts, neighborhoods
from tests.factories import events as make
from tests.pages import Client

Saved = Callable[[Callable[[], Any]], Any]
MAIL = "sam@example.org"


def ask(date: Occurrence, word: Answer = Answer.GOING, party: int = 1, **changes: Any) -> GuestRequest:
    values = {"name": "Sam", "email": MAIL, "language": "es"} | changes
    return ask_guest(occurrence=date, answer=word, party_size=party, **values)


def confirmed(date: Occurrence, word: Answer = Answer.GOING, party: int = 1, **changes: Any) -> Rsvp:
    return confirm_guest(request_token(ask(date, word, party, **changes)))


def counts(date: Occurrence) -> tuple[int, int, int]:
    return date.places_taken, date.places_offered, date.waiting


# -- the operations


def test_nothing_is_held_before_the_link_is_confirmed_and_twice_is_once(work: Flask) -> None:
    date = make.occurrence(capacity=5)
    request = ask(date, party=2)
    assert counts(date) == (0, 0, 0)
    assert db.session.scalar(select(func.count()).select_from(Rsvp)) == 0
    first = confirm_guest(request_token(request))
    assert confirm_guest(request_token(request)) is first
    assert counts(date) == (2, 0, 0)
    assert (first.name, first.email, first.language, first.person_id) == ("Sam", MAIL, "es", None)
    assert (request.name, request.email) == ("", "")  # the answer has them now


def test_the_outbox_holds_no_address_and_the_mail_goes_where_the_request_says(work: Flask) -> None:
    used, nobody = ask(make.occurrence()), Recipient(id=0, address="", language="es")
    told = db.session.scalars(select(Notification)).one()
    assert (told.recipient_id, told.detail) == (None, {"language": "es"})
    confirm_guest(request_token(used))
    assert confirming_mail(told, nobody) is None  # it has nothing more to say
    request = ask(make.occurrence(), name="BUY PILLS http://evil.example")
    told, token = (
        db.session.scalars(select(Notification).filter_by(subject_id=request.id)).one(),
        request_token(request),
    )
    with mail.addressed_to("es"):
        letter = confirming_mail(told, nobody)
    assert letter is not None
    assert letter.to == MAIL
    assert f"/rsvp/confirm/{token}" in letter.text
    assert "PILLS" not in letter.text + letter.html + letter.subject  # a stranger's words go to nobody


def test_the_same_address_has_one_answer_a_date_and_an_old_link_does_not_undo_a_new_one(work: Flask) -> None:
    date = make.occurrence(capacity=5)
    old = ask(date, party=4)
    old_token = request_token(old)
    new = confirmed(date, party=2, email=" SAM@example.ORG")
    with pytest.raises(LinkOver):
        confirm_guest(old_token)
    assert confirmed(date, Answer.MAYBE) is new
    assert counts(date) == (0, 0, 0)


def test_one_form_sent_twice_is_one_mail(work: Flask) -> None:
    date = make.occurrence()
    assert ask(date) is ask(date)
    assert ask(date, party=2) is not ask(date)
    assert db.session.scalar(select(func.count()).select_from(Notification)) == 3


def test_who_has_an_account_with_the_address_keeps_one_answer(work: Flask) -> None:
    date, person = make.occurrence(capacity=5), accounts.person(email=MAIL)
    own = answer(actor=person, occurrence=date, answer=Answer.GOING)
    assert confirmed(date, party=3) is own
    assert (own.party_size, own.name, own.email, counts(date)) == (3, "", "", (3, 0, 0))


def test_a_link_that_is_forged_or_older_than_a_day_works_no_more_and_is_forgotten(work: Flask) -> None:
    with time_machine.travel(datetime.now(UTC), tick=False) as time:
        date = make.occurrence()
        token = request_token(ask(date))
        for wrong in ("", "1", "x.y", token[:-1] + "x", f"9{token}", token.replace(".", "0."), "٣.abc"):
            with pytest.raises(LinkOver):
                confirm_guest(wrong)
        time.shift(timedelta(hours=24))
        with pytest.raises(LinkOver):
            confirm_guest(token)
        assert forget_requests() == 1


def test_a_guest_waits_in_the_same_line_and_is_offered_the_same_places(work: Flask) -> None:
    date = make.occurrence(capacity=1)
    holder = accounts.person()
    answer(actor=holder, occurrence=date, answer=Answer.GOING)
    guest = confirmed(date)
    late = answer(actor=accounts.person(), occurrence=date, answer=Answer.GOING)
    answer(actor=holder, occurrence=date, answer=Answer.NOT_GOING)
    assert (guest.place, late.place) == (Place.OFFERED, Place.WAITING)
    told = db.session.scalars(select(Notification).where(Notification.kind == "rsvp.offered")).one()
    assert (told.recipient_id, told.subject_id, told.detail["language"]) == (None, guest.id, "es")
    assert take_offer(rsvp=guest).place == Place.CONFIRMED


def test_a_headcount_sent_twice_is_one_with_the_same_code(work: Flask) -> None:
    date = make.occurrence(capacity=5)
    key = new_key(date.id)
    first, code = add_headcount(occurrence=date, key=key, party_size=3)
    again, same = add_headcount(occurrence=date, key=key.upper(), party_size=3)
    assert (again, same) == (first, code)
    assert counts(date) == (3, 0, 0)
    assert first.name == first.email == ""
    assert code_as_meant(code) not in (first.code_hash or "")
    other = make.occurrence()
    for wrong in ("", "7", new_key(other.id)):
        with pytest.raises(Refusal):
            add_headcount(occurrence=date, key=wrong, party_size=1)
    assert find_headcount(other.id, code) is None  # it opens its own date alone
    change_headcount(rsvp=first, answer=Answer.NOT_GOING, party_size=3)
    assert counts(date) == (0, 0, 0)


@given(st.text(ALPHABET, min_size=8, max_size=8), st.randoms())
def test_a_code_is_understood_however_it_is_typed(code: str, random: Any) -> None:
    spelled = "".join(random.choice({"0": "0Oo", "1": "1IilL"}.get(c, c + c.lower())) for c in code)
    typed = random.choice(("", "-", " ")).join((spelled[:4], spelled[4:]))
    assert code_as_meant(f" {typed} ") == code


# -- the pages


@pytest.fixture
def date(saved: Saved) -> tuple[int, str]:
    """An event's id and the address of its answers."""
    event = saved(
        lambda: make.event(
            capacity=20,
            contact_phone="555 0100",
            neighborhood_ids=(neighborhoods.neighborhood("Eastside").id,),
        )
    )
    return event.id, f"/events/{event.id}/rsvp"


def token_of_the_mail(app: Flask) -> str:
    with app.app_context():
        return request_token(
            db.session.scalars(select(GuestRequest).order_by(GuestRequest.id.desc())).first()
        )


def test_a_guest_answers_confirms_changes_and_is_shown_as_a_resident(
    client: Client, app: Flask, date: tuple[int, str]
) -> None:
    event_id, address = date
    page = client.page(address)
    area = next(o.get("value") for o in page.all("option") if "Eastside" in "".join(o.itertext()))
    sent = client.send(
        address,
        {"answer": "going", "party_size": "2", "name": "Sam", "email": MAIL, "shown": area},
        form="/guest",
    )
    assert sent.status_code == 303
    assert sent.location.endswith("/rsvp/check-mail")
    client.page(sent.location)
    link = f"{address}/confirm/{token_of_the_mail(app)}"
    assert (
        client.get(link).headers["Cache-Control"] == "private, no-store"
    )  # it only asks: programs open links
    assert "0 of 20" in client.page(f"/events/{event_id}-1433-beat-meeting").text()
    done = client.send(link)
    assert done.status_code == 303
    assert "Your 2 places are saved" in client.page(done.location).text()
    assert client.get(link).location == done.location
    shown = client.page(f"/events/{event_id}-1433-beat-meeting").text()
    assert "2 of 20" in shown
    assert "1 resident of Eastside" in shown
    assert "Sam" not in shown
    assert client.send(done.location, {"answer": "not_going"}).status_code == 303
    assert "can't come" in client.page(done.location).text()
    assert "resident of" not in client.page(f"/events/{event_id}-1433-beat-meeting").text()


def test_wrong_links_are_not_found_and_say_nothing(client: Client, app: Flask, date: tuple[int, str]) -> None:
    _, address = date
    for wrong in ("confirm/1.abc", "guest/1.abc", f"guest/{'9' * 40}"):
        assert client.get(f"{address}/{wrong}").status_code == 404
    with app.app_context():
        nobody = guest_links.token_for(999)
    assert client.get(f"{address}/guest/{nobody}").status_code == 404


def test_mistakes_lose_nothing_and_floods_reach_nobody(
    client: Client, app: Flask, date: tuple[int, str]
) -> None:
    _, address = date
    typed = {"answer": "going", "party_size": "99", "name": "Sam", "email": "nobody"}
    back = client.send(address, typed, form="/guest")
    assert back.status_code == 422
    assert all(
        word in back.text for word in ('value="99"', 'value="Sam"', 'value="nobody"', "name@example.org")
    )
    for number in range(8):
        typed = {"answer": "going", "party_size": str(number + 1), "name": "Sam", "email": MAIL}
        assert client.send(address, typed, form="/guest").status_code == 303
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Notification)) == 5


def test_a_headcount_gets_a_code_that_changes_it(client: Client, date: tuple[int, str]) -> None:
    event_id, address = date
    done = client.send(f"{address}/headcount", {"party_size": "3"})
    assert done.status_code == 200
    code = re.search(r'value="([0-9A-Z]{4}-[0-9A-Z]{4})"', done.text)[1]  # type: ignore[index]
    typed = code.lower().replace("0", "o").replace("1", "l").replace("-", " ")
    opened = client.send(f"{address}/code", {"code": typed})
    assert opened.status_code == 200
    assert "Your 3 places are saved" in opened.text
    token = client.page(f"{address}/code").form("/code")["csrf_token"]
    change = {"csrf_token": token, "code": typed, "answer": "going", "party_size": "1"}
    assert "Your place is saved" in client.post(f"{address}/code", data=change).text
    assert "1 of 20" in client.page(f"/events/{event_id}-1433-beat-meeting").text()
    wrong = client.post(f"{address}/code", data=change | {"answer": "going", "party_size": "50"})
    assert wrong.status_code == 422


def test_wrong_codes_end_after_ten(client: Client, app: Flask, date: tuple[int, str]) -> None:
    _, address = date
    token = client.page(f"{address}/code").form("/code")["csrf_token"]

    def tried(code: str) -> int:
        answer = client.post(
            f"{address}/code", data={"csrf_token": token, "code": code}, headers={"X-Forwarded-For": code}
        )
        return answer.status_code

    assert [tried(f"AAAA-AA{n:02}") for n in range(11)] == [422] * 10 + [429]
    with app.app_context():
        limits.reset()


def test_what_takes_no_answers_takes_none_from_guests(client: Client, saved: Saved) -> None:
    over = saved(lambda: make.event(rsvp_policy="none"))
    draft = saved(lambda: make.event(published=False))
    assert "takes no answers" in client.page(f"/events/{over.id}/rsvp/headcount").text()
    for path in ("", "/headcount", "/code", "/check-mail"):
        assert client.get(f"/events/{draft.id}/rsvp{path}").status_code == 404
