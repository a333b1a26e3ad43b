"""Pages shared between readers: rendered once, right for each, and never behind one's own change."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from forum.accounts.models import Person, Role
from forum.core import shared_pages
from forum.core.transactions import unit_of_work
from forum.events.models import Event
from forum.extensions import db
from tests.factories import accounts, concerns, events, neighborhoods
from tests.statements import Statements

MOST_QUERIES = 8


@pytest.fixture
def town(saved: Any) -> dict[str, Any]:
    def make() -> dict[str, Any]:
        area = neighborhoods.neighborhood(name="Riverbend")
        shown = events.event(title="Coffee with Sergeant Ruiz", neighborhood_ids=(area.id,))
        for _ in range(3):
            events.event(neighborhood_ids=(area.id,))
        people = [accounts.person(name=name).id for name in ("Ada Green", "Ben Stone")]
        return {
            "people": people,
            "staff": accounts.person(Role.OFFICER, name="Olga Officer").id,
            "event": shown.id,
            "paths": [
                "/events",
                f"/events/{shown.id}-{shown.slug}",
                f"/neighborhoods/{area.slug}",
                "/",
                "/events/calendar",
            ],
        }

    found: dict[str, Any] = saved(make)
    return found


def signed_in(app: Flask, person: int) -> Any:
    return accounts.sign_in(app.test_client(), person)


def test_each_reader_sees_their_own_name_and_token(app: Flask, town: dict[str, Any]) -> None:
    for path in town["paths"]:
        ada, ben = (signed_in(app, person) for person in town["people"])
        pages = [client.get(path).text for client in (ada, ben, ada)]
        assert "Ada Green" in pages[0], path
        assert "Ben Stone" in pages[1]
        assert "Ada Green" not in pages[1]
        assert pages[0].count("csrf_token") == pages[1].count("csrf_token") >= 1
        visitor = app.test_client().get(path).text
        assert "Ada Green" not in visitor
        assert "csrf_token" not in visitor


@pytest.mark.once  # a commit in another database of one PostgreSQL server ends what is kept
def test_a_second_reader_costs_few_queries_and_the_first_no_more_than_eight(
    app: Flask, town: dict[str, Any]
) -> None:
    for path in town["paths"]:
        ada, ben = (signed_in(app, person) for person in town["people"])
        with Statements() as first:
            ada.get(path)
        assert len(first) <= MOST_QUERIES, (path, first)
        with Statements() as second:
            ben.get(path)
        assert len(second) <= 2, (path, second)


def test_staff_and_who_answered_stay_within_eight_queries_too(app: Flask, town: dict[str, Any]) -> None:
    officer, ada = signed_in(app, town["staff"]), signed_in(app, town["people"][0])
    page = ada.get(f"/events/{town['event']}/rsvp")
    token = page.text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    answer = {"answer": "going", "party_size": "2", "csrf_token": token}
    assert ada.post(f"/events/{town['event']}/rsvp", data=answer).status_code == 303
    for path in town["paths"]:
        for client in (officer, ada):
            with Statements() as found:
                client.get(path)
            assert len(found) <= MOST_QUERIES, (path, found)


def test_one_s_own_change_is_on_the_next_page(app: Flask, town: dict[str, Any]) -> None:
    ada = signed_in(app, town["people"][0])
    assert "Coffee with Sergeant Ruiz" in ada.get("/events").text
    for title in ("Tea with Sergeant Ruiz", "Lunch with Sergeant Ruiz"):
        with app.app_context(), unit_of_work():
            db.session.get_one(Event, town["event"]).title = title
        assert title in ada.get("/events").text


def test_who_follows_sees_their_own_button_and_front_page(app: Flask, town: dict[str, Any]) -> None:
    ada, ben = (signed_in(app, person) for person in town["people"])
    page = ada.get("/neighborhoods/riverbend").text
    assert "Follow Riverbend" in page
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    ada.post("/neighborhoods/riverbend/follow", data={"wish": "follow", "csrf_token": token})
    assert "Stop following" in ada.get("/neighborhoods/riverbend").text
    assert "Stop following" not in ben.get("/neighborhoods/riverbend").text
    assert "Riverbend" in ada.get("/").text
    assert "Your neighborhoods" in ada.get("/").text
    assert "Your neighborhoods" not in ben.get("/").text


def test_an_old_address_still_leads_to_the_new_one(app: Flask, town: dict[str, Any]) -> None:
    ada = signed_in(app, town["people"][0])
    answer = ada.get(f"/events/{town['event']}-old-name")
    assert (answer.status_code, answer.headers["Location"]) == (301, town["paths"][1])
    assert ada.get("/events/999999-x").status_code == 404


def test_one_s_own_answer_is_on_the_shared_page_of_an_event(app: Flask, town: dict[str, Any]) -> None:
    ada, ben = (signed_in(app, person) for person in town["people"])
    address = town["paths"][1]
    assert "Say whether you come" in ada.get(address).text
    token = (
        ada.get(f"/events/{town['event']}/rsvp")
        .text.split('name="csrf_token"')[1]
        .split('value="')[1]
        .split('"')[0]
    )
    ada.post(
        f"/events/{town['event']}/rsvp", data={"answer": "going", "party_size": "2", "csrf_token": token}
    )
    assert "Your 2 places are saved" in ada.get(address).text
    theirs = ben.get(address).text
    assert "2 going" in theirs
    assert "places are saved" not in theirs


def test_kept_pages_are_bounded_in_size(
    app: Flask, town: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_pages, "MOST_CHARACTERS", 50_000)
    client: Any = app.test_client()
    accounts.sign_in(client, town["people"][0])
    shelf = app.extensions["shared_pages"]
    for number in range(20):
        assert client.get(f"/events?x={number}").status_code == 200
    assert 0 < shelf.size <= 50_000
    assert shelf.size == sum(page.size for page in shelf._pages.values())


@pytest.fixture
def desk(saved: Any) -> dict[str, Any]:
    def make() -> dict[str, Any]:
        raised = concerns.concern(title="Cars race on Elm Street")
        officers = [
            accounts.person(Role.REVIEWER, name=name).id for name in ("Rita Reviewer", "Rob Reviewer")
        ]
        return {"officers": officers, "reference": raised.reference, "path": "/desk/concerns?whose=all"}

    found: dict[str, Any] = saved(make)
    return found


@pytest.mark.once
def test_a_page_of_the_desk_that_is_opened_again_costs_few_queries(app: Flask, desk: dict[str, Any]) -> None:
    rita = signed_in(app, desk["officers"][0])
    rita.get(desk["path"])
    with Statements() as again:
        assert "Cars race on Elm Street" in rita.get(desk["path"]).text
    assert len(again) <= 2, again


def test_a_page_of_the_desk_is_kept_for_its_reader_alone(app: Flask, desk: dict[str, Any]) -> None:
    rita, rob = (signed_in(app, person) for person in desk["officers"])
    take = f"/desk/concerns/{desk['reference']}/take"
    for client, name in ((rita, "Rita"), (rob, "Rob"), (rita, "Rita")):
        page = client.page(desk["path"])
        assert f"{name} Reviewer" in page.text()
        token = page.form(take)["csrf_token"]
    assert rita.post(take, data={"csrf_token": token}).status_code == 303
    assert rita.page(desk["path"]).text().count("Rita Reviewer") == 2
    assert "Rita Reviewer" in rob.page(desk["path"]).text()


def test_who_is_no_longer_staff_reads_no_page_that_was_kept(app: Flask, desk: dict[str, Any]) -> None:
    rita = signed_in(app, desk["officers"][0])
    assert rita.get(desk["path"]).status_code == 200
    with app.app_context(), unit_of_work():
        db.session.get_one(Person, desk["officers"][0]).role = Role.RESIDENT
    assert rita.get(desk["path"]).status_code in (403, 404)
