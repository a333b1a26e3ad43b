"""One's own calendar addresses, from the account's page."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Person
from forum.audit.models import Entry
from forum.core.errors import Refusal
from forum.core.tokens import keyed_hash
from forum.events.models import CalendarToken
from forum.events.operations.calendars import MOST, PURPOSE, create_calendar_token, revoke_calendar_token
from forum.extensions import db
from tests.factories import accounts as people
from tests.pages import Page

Save = Callable[[Callable[[], Any]], Any]
ADDRESS = re.compile(r"http://localhost/calendar/([\w-]+)\.ics")


@pytest.fixture
def person(saved: Save) -> Person:
    return saved(people.person)


@pytest.fixture
def own(client: Any, person: Person) -> Any:
    return people.sign_in(client, person)


def made(own: Any, name: str = "phone") -> tuple[Page, str]:
    response = own.send("/account/calendars", {"name": name}, form="/account/calendars")
    assert response.status_code == 200
    page = Page(response.get_data(as_text=True))
    return page, ADDRESS.findall(page.html)[0]


def test_address_is_shown_once_with_a_code_and_works(own: Any, app: Flask) -> None:
    page, token = made(own)
    # Without a size of its own: the stylesheet's would cut it off.
    assert len(re.findall(r'<svg viewBox="0 0 (\d+) \1"><path fill="#fff"', page.html)) == 1
    assert f"webcal://localhost/calendar/{token}.ics" in page.links()
    assert len(token) >= 22  # 128 bits in base64url
    assert app.test_client().get(f"/calendar/{token}.ics").status_code == 200
    listed = own.page("/account/calendars")
    assert "phone" in listed.text()
    assert token not in listed.html


def test_page_with_the_address_is_kept_nowhere(own: Any) -> None:
    response = own.send("/account/calendars", {"name": "phone"}, form="/account/calendars")
    assert "no-store" in response.headers["Cache-Control"]
    token = ADDRESS.findall(response.get_data(as_text=True))[0]
    assert token not in str(response.headers)


def test_table_holds_a_keyed_hash_and_the_ledger_no_name(own: Any, app: Flask) -> None:
    _, token = made(own, "secret phone")
    with app.app_context():
        row = db.session.scalars(select(CalendarToken)).one()
        assert row.token_hash == keyed_hash(token, PURPOSE)
        assert token not in row.token_hash
        entry = db.session.scalars(select(Entry).where(Entry.act == "calendar_token.create")).one()
        assert "secret" not in str(entry.detail)
        assert token not in str(entry.detail)


def test_form_sent_twice_makes_one(own: Any, app: Flask) -> None:
    made(own)
    again = own.send("/account/calendars", {"name": "Phone "}, form="/account/calendars")
    assert again.status_code == 422
    assert "of that name" in again.get_data(as_text=True)
    with app.app_context():
        assert len(db.session.scalars(select(CalendarToken)).all()) == 1


@pytest.mark.parametrize("name", ("", "   ", "x" * 61))
def test_name_is_needed_and_short(own: Any, name: str) -> None:
    assert own.send("/account/calendars", {"name": name}, form="/account/calendars").status_code == 422


def test_revoked_address_answers_404_at_once(own: Any, app: Flask) -> None:
    _, phone = made(own)
    _, laptop = made(own, "laptop")
    visitor = app.test_client()
    assert visitor.get(f"/calendar/{phone}.ics").status_code == 200
    response = own.send("/account/calendars", form="/account/calendars/1/revoke")
    assert response.status_code == 303
    assert visitor.get(f"/calendar/{phone}.ics").status_code == 404
    assert visitor.get(f"/calendar/{laptop}.ics").status_code == 200
    assert "is revoked" in own.page("/account/calendars").text()


def test_others_addresses_cannot_be_revoked(own: Any, saved: Save, app: Flask) -> None:
    other = saved(lambda: create_calendar_token(actor=people.person(), name="theirs"))
    made(own)
    fields = own.page("/account/calendars").form("/revoke")
    assert own.post("/account/calendars/1/revoke", data=fields).status_code == 404
    assert app.test_client().get(f"/calendar/{other}.ics").status_code == 200


def test_visitors_are_sent_to_sign_in(client: Any) -> None:
    response = client.get("/account/calendars")
    assert response.status_code == 302
    assert "/account/sign-in" in response.headers["Location"]


def test_number_of_addresses_is_bounded(work: Flask) -> None:
    person = people.person()
    for number in range(MOST):
        create_calendar_token(actor=person, name=f"device {number}")
    with pytest.raises(Refusal):
        create_calendar_token(actor=person, name="one more")
    assert revoke_calendar_token(actor=person, token_id=999_999) is None


def test_account_page_leads_to_the_calendars(own: Any) -> None:
    assert "/account/calendars" in own.page("/account").links()
