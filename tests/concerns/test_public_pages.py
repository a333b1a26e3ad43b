"""What everybody reads of concerns: the list, one of them, the feed; and nothing of who raised one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
import time_machine
from flask import Flask

from forum.accounts.models import Person, Role
from forum.concerns.models import Closing, Concern, Mode, Outcome, Status, Waiting
from forum.concerns.operations.deciding import decide_dispute
from forum.concerns.operations.disputing import dispute_concern
from forum.concerns.operations.speaking import make_stricter, write_again
from forum.concerns.operations.submitting import Contact
from forum.concerns.operations.working import answer_concern, close_concern
from forum.core import clock
from forum.extensions import db
from tests.factories import accounts, concerns, neighborhoods
from tests.factories.accounts import sign_in
from tests.pages import Client

Saved = Callable[[Callable[[], Any]], Any]
ATOM = "{http://www.w3.org/2005/Atom}"


def area_concern(title: str = "Cars race down Sheffield", **changes: Any) -> Concern:
    return concerns.concern(Mode.PUBLIC, title=title, **changes)


def answered(made: Concern) -> None:
    concern = db.session.get_one(Concern, made.id)
    answer_concern(actor=accounts.person(Role.OFFICER), concern=concern, text="A patrol comes.")


def test_the_list_shows_what_is_public_and_nothing_else(client: Client, saved: Saved) -> None:
    saved(lambda: [concerns.concern(mode, title=f"Told in {mode}") for mode in Mode])
    words = client.page("/concerns").text()
    assert "Told in public" in words
    assert "1 concern" in words
    for mode in set(Mode) - {Mode.PUBLIC}:
        assert f"Told in {mode}" not in words


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("category=speeding", 1),
        ("category=noise", 0),
        ("neighborhood=logan-square", 1),
        ("neighborhood=nowhere", 0),
        ("status=received", 1),
        ("status=open", 1),
        ("status=closed", 0),
        ("status=odd", 1),
        ("q=SHÉFFIELD+children", 1),
        ("q=Kedzie", 1),
        ("q=100%25", 0),
        ("after=rubbish", 1),
        ("before=20990101T000000000000-5", 0),
    ],
)
def test_filters_narrow_the_list_and_the_feed(client: Client, saved: Saved, query: str, found: int) -> None:
    saved(
        lambda: area_concern(
            place="Kedzie and Palmer", neighborhood_id=neighborhoods.neighborhood("Logan Square").id
        )
    )
    assert ("Cars race down" in client.page(f"/concerns?{query}").text()) is bool(found)
    if "after" not in query and "before" not in query:
        feed = ElementTree.fromstring(client.get(f"/concerns.atom?{query}").data)
        assert len(feed.findall(f"{ATOM}entry")) == found


def test_pages_of_the_list_hold_every_concern_once(client: Client, saved: Saved) -> None:
    with time_machine.travel(clock.now(), tick=False):  # half of them changed at one moment
        saved(lambda: [area_concern(f"Number {n}") for n in range(23)])
    saved(lambda: [area_concern(f"Number {n}") for n in range(23, 45)])
    seen: list[str] = []
    address: str | None = "/concerns"
    while address:
        page = client.page(address)
        seen += [link for link in page.links() if link.startswith("/concerns/CG-")]
        address = next((a.get("href") for a in page.all("a") if a.get("rel") == "next"), None)
    assert len(seen) == len(set(seen)) == 45


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_database_a_fixed_number_of_questions(
    client: Client, saved: Saved, count_queries: Any, count: int
) -> None:
    saved(
        lambda: [
            area_concern(neighborhood_id=neighborhoods.neighborhood(f"Area {n}").id) for n in range(count)
        ]
    )
    with count_queries() as statements:
        client.get("/concerns?q=sheffield&status=open")
    assert len(statements) <= 8


def test_the_page_shows_the_answer_with_the_role_of_who_gave_it_and_no_trace_of_who_asked(
    client: Client, saved: Saved
) -> None:
    def make() -> Concern:
        person = accounts.person(name="Marisol Quintero", email="marisol@example.org")
        officer = accounts.person(Role.OFFICER, name="Sam Okafor", title="Beat officer")
        made = area_concern(contact=Contact(person_id=person.id, name="Marisol Quintero", phone="555-0142"))
        answer_concern(
            actor=officer, concern=made, text="A patrol comes on Friday.", status=Status.IN_PROGRESS
        )
        answer_concern(actor=officer, concern=made, text="For your eyes alone.", public=False)
        write_again(concern=made, text="Call me at 555-0142.")
        return made

    made = saved(make)
    page = client.page(f"/concerns/{made.reference}")
    words = page.text()
    assert "A patrol comes on Friday." in words
    assert "Sam Okafor Beat officer" in words
    whole = client.get("/concerns").text + client.get("/concerns.atom").text + page.html
    for trace in ("Marisol", "555-0142", "For your eyes alone"):
        assert trace not in whole


def test_everybody_reads_each_step_and_of_a_dispute_that_there_was_one_and_not_why(
    client: Client, saved: Saved
) -> None:
    def make() -> Concern:
        officer, made = accounts.person(Role.OFFICER), area_concern()
        close_concern(actor=officer, concern=made, closed_as=Closing.NO_POWER, text="It is a private road.")
        dispute_concern(concern=made, words="My cousin lives there.")
        boss, outcome = accounts.person(Role.SUPERVISOR), Outcome.OVERTURNED
        decide_dispute(actor=boss, concern=made, outcome=outcome, text="It is ours.")
        answer_concern(
            actor=officer, concern=made, text="Which house number?", public=False, status=Status.WAITING,
            waits_for=Waiting.PERSON,
        )  # fmt: skip
        return made

    made = saved(make)
    page, feed = client.page(f"/concerns/{made.reference}"), client.get("/concerns.atom").text
    words = page.text()
    steps = (
        "It is a private road.",
        "Closed The agency has no power",
        "Reopened The person disagreed with the closing",
        "It is ours.",
    )
    places = [words.index(step) for step in steps]
    assert places == sorted(places)
    assert "Waiting" in words[places[-1] :]
    assert "It is ours." in feed
    for kept in ("cousin", "house number"):
        assert kept not in page.html + feed


def test_a_reference_is_found_however_it_is_spelled(client: Client, saved: Saved) -> None:
    made = saved(area_concern)
    spelled = made.reference.lower().replace("-", "")
    answer = client.get(f"/concerns/{spelled}")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/concerns/{made.reference}")


def test_the_account_that_raised_it_reads_the_whole_thread_and_keeps_no_copy(
    app: Flask, saved: Saved
) -> None:
    def make() -> tuple[Concern, Person]:
        person = accounts.person()
        made = concerns.concern(Mode.CONFIDENTIAL, person=person)
        answer_concern(actor=accounts.person(Role.REVIEWER), concern=made, text="We look into it.")
        return made, person

    made, person = saved(make)
    owner, other = app.test_client(), app.test_client()
    sign_in(owner, person.id)
    answer = owner.get(f"/concerns/{made.reference}")
    assert "We look into it." in answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"
    sign_in(other, saved(accounts.person).id)
    assert other.get(f"/concerns/{made.reference}").status_code == 404


def test_the_feed_is_asked_again_for_nothing_until_something_changes(client: Client, saved: Saved) -> None:
    with time_machine.travel(clock.now() - timedelta(days=2)):
        made = saved(area_concern)
    first = client.get("/concerns.atom")
    known = {"If-None-Match": first.headers["ETag"]}
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert client.get("/concerns.atom", headers=known).status_code == 304
    assert client.get("/concerns.atom", headers=since).status_code == 304
    feed = ElementTree.fromstring(first.data)
    assert feed.findtext(f"{ATOM}entry/{ATOM}id") == f"http://localhost/concerns/{made.reference}"
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Springfield Police Department"

    def hide() -> None:
        make_stricter(concern=db.session.get_one(Concern, made.id), mode=Mode.PRIVATE)

    with time_machine.travel(clock.now() + timedelta(seconds=5)):
        saved(hide)
    for headers in (known, since):
        answer = client.get("/concerns.atom", headers=headers)
        assert answer.status_code == 200
        assert made.title not in answer.text


def test_a_neighborhood_shows_the_concerns_raised_there(client: Client, saved: Saved) -> None:
    def make() -> None:
        area = neighborhoods.neighborhood("Logan Square")
        area_concern("Lights out at the park", neighborhood_id=area.id)
        concerns.concern(Mode.PRIVATE, title="Not for everybody", neighborhood_id=area.id)

    saved(make)
    words = client.page("/neighborhoods/logan-square").text()
    assert "Lights out at the park" in words
    assert "Not for everybody" not in words


def test_a_visitors_pages_are_kept_by_the_cache_and_set_no_cookie(client: Client, saved: Saved) -> None:
    made = saved(area_concern)
    for address in ("/concerns", f"/concerns/{made.reference}"):
        answer = client.get(address)
        assert answer.headers["Cache-Control"] == "no-cache"
        assert "Set-Cookie" not in answer.headers


def test_the_feed_knows_the_day_of_what_the_person_did_and_the_moment_of_what_staff_did(
    client: Client, saved: Saved
) -> None:
    start = datetime(2026, 3, 4, 16, 47, 13, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as time:
        made = saved(area_concern)
        time.move_to(start + timedelta(days=1, minutes=6))
        saved(lambda: write_again(concern=db.session.get_one(Concern, made.id), text="Again."))

        def times() -> list[str | None]:
            entry = ElementTree.fromstring(client.get("/concerns.atom").data).find(f"{ATOM}entry")
            assert entry is not None
            return [entry.findtext(f"{ATOM}{name}") for name in ("published", "updated")]

        assert times() == ["2026-03-04T06:00:00Z"] * 2
        time.move_to(start + timedelta(days=2))
        saved(lambda: answered(made))
        assert times() == ["2026-03-04T06:00:00Z", "2026-03-06T16:47:13Z"]


# The map


def test_the_map_counts_what_is_public_in_each_neighborhood(client: Client, saved: Saved) -> None:
    def make() -> None:
        many, few = (neighborhoods.neighborhood(name).id for name in ("Logan Square", "Avondale"))
        for area in (many, many, few, None):
            area_concern(neighborhood_id=area, place="Kedzie and Palmer", latitude=41.92, longitude=-87.7)
        concerns.concern(Mode.PRIVATE, neighborhood_id=few)
        area_concern(neighborhood_id=few).withheld = True

    saved(make)
    page = client.page("/concerns/map")
    words = page.text()
    assert "Most are from Logan Square" in words
    assert "Logan Square: 2 concerns" in page.html
    assert "Avondale: 1 concern" in page.html
    assert "Without a neighborhood: 1 concern." in words
    assert "41.9" not in page.html
    assert "/concerns?neighborhood=avondale" in page.links()


def test_the_map_takes_the_filters_of_the_list_and_leads_back_with_them(client: Client, saved: Saved) -> None:
    saved(lambda: area_concern(neighborhood_id=neighborhoods.neighborhood("Avondale").id))
    listed = client.page("/concerns?category=speeding&neighborhood=avondale")
    assert "/concerns/map?neighborhood=avondale&category=speeding" in listed.links()
    page = client.page("/concerns/map?category=speeding&q=sheffield")
    wanted = {"neighborhood=avondale", "category=speeding", "q=sheffield"}
    assert any(set(link.partition("?")[2].split("&")) == wanted for link in page.links())
    assert "No concern fits." in client.page("/concerns/map?category=noise").text()


@pytest.mark.parametrize("count", [1, 4])
def test_the_map_asks_the_database_a_fixed_number_of_questions(
    client: Client, saved: Saved, count_queries: Any, count: int
) -> None:
    saved(
        lambda: [
            area_concern(neighborhood_id=neighborhoods.neighborhood(f"Area {n}").id) for n in range(count)
        ]
    )
    with count_queries() as statements:
        client.get("/concerns/map?status=open")
    assert len(statements) <= 6
