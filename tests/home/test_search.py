"""The page: finds what is there in either language, narrows it, goes on, and never fails whatever is typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from forum.accounts.models import Role, Visitor
from forum.accounts.operations.people import add_person, suspend_person
from forum.concerns.models import Mode
from forum.core import clock, search
from forum.core.search import Order
from forum.core.transactions import unit_of_work
from tests.factories import accounts, concerns, events, neighborhoods
from tests.pages import Client, Page

Saved = Callable[[Callable[[], Any]], Any]


def ask(client: Client, q: str, **filters: str) -> Page:
    return client.page("/search", query_string={"q": q, **filters})


def titles(page: Page) -> list[str]:
    """The titles of what was found, in order."""
    return ["".join(a.itertext()) for h in page.all("h2") if h.get("class") == "name" for a in h.iter("a")]


def found(client: Client, q: str, **filters: str) -> set[str]:
    return set(titles(ask(client, q, **filters)))


@pytest.fixture
def town(saved: Saved) -> None:
    def make() -> None:
        area = neighborhoods.neighborhood("Logan Square", about="Between the boulevards.")
        concerns.concern(
            Mode.PUBLIC,
            title="Speeding on Elm Street",
            story="Cars race past the school.",
            neighborhood_id=area.id,
        )
        concerns.concern(
            Mode.PUBLIC, title="Reuniones vecinales", story="¿Cuándo es la próxima reunión?", language="es"
        )
        events.event(title="Block party on Elm", story="Bring a chair. **No cars** that day.")

    saved(make)


@pytest.mark.parametrize(
    "typed",
    [
        "speeding", "SPEEDS elm", "racing car", '"elm street"', "“Elm street”", "speed -party", 'elm "past the school"',
        "school's", "elm–street" , "  speeding,   street!!", 'speeding "', "speeding OR", "speeding AND street",
    ],
)  # fmt: skip
def test_an_english_text_is_found_by_its_words_in_any_form(client: Client, town: None, typed: str) -> None:
    expected = (
        set() if typed in ("school's", "speeding OR", "speeding AND street") else {"Speeding on Elm Street"}
    )
    assert found(client, typed) == expected


@pytest.mark.parametrize(
    "typed", ["reunion", "REUNIÓN", "reuniones", "vecinal", "proxima reunión", '"la proxima"']
)
def test_a_spanish_text_is_found_with_and_without_accents(client: Client, town: None, typed: str) -> None:
    assert found(client, typed) == {"Reuniones vecinales"}


def test_a_phrase_does_not_reach_from_the_title_into_the_text(client: Client, town: None) -> None:
    assert found(client, "street cars") == {"Speeding on Elm Street"}
    assert found(client, '"street cars"') == set()


def test_marks_of_the_index_cannot_be_typed(client: Client, town: None) -> None:
    for typed in ("_for_public", "for_public", "~for_public", "kind_event", "title_stems:elm", "marks : elm"):
        assert found(client, typed) == set(), typed


def test_filters_narrow_by_kind_place_and_day(app: Flask, client: Client, town: None) -> None:
    with app.app_context():
        today = clock.today()
    day = today.isoformat()
    assert found(client, "elm") == {"Speeding on Elm Street", "Block party on Elm"}
    assert found(client, "elm", kind="event") == {"Block party on Elm"}
    assert found(client, "elm", neighborhood="logan-square") == {"Speeding on Elm Street"}
    assert found(client, "elm", to=day) == {"Speeding on Elm Street"}
    assert found(client, "elm", **{"from": (today + timedelta(days=1)).isoformat()}) == {"Block party on Elm"}
    assert found(
        client, "elm", **{"from": "2030-02-30", "to": "no day", "kind": "x", "neighborhood": "y"}
    ) == {
        "Speeding on Elm Street",
        "Block party on Elm",
    }


def test_what_was_looked_for_is_marked_and_everything_else_is_escaped(client: Client, saved: Saved) -> None:
    saved(
        lambda: concerns.concern(
            Mode.PUBLIC, title="<b>Noise</b> & noises", story="<script>noise()</script> loud"
        )
    )
    html = ask(client, "noise").html
    assert "&lt;b&gt;<mark>Noise</mark>&lt;/b&gt; &amp; <mark>noises</mark>" in html
    assert "&lt;script&gt;<mark>noise</mark>()&lt;/script&gt;" in html


def test_a_long_text_shows_the_piece_that_was_found(client: Client, saved: Saved) -> None:
    story = "word " * 700 + "the café’s terrace " + "word " * 700
    saved(lambda: concerns.concern(Mode.PUBLIC, story=story))
    html = ask(client, "terraces cafe").html
    assert "<mark>café</mark>’s <mark>terrace</mark>" in html
    assert "… word" in html


def many(count: int) -> None:
    for number in range(count):
        concerns.concern(Mode.PUBLIC, title=f"Pothole {number}", story="A pothole." + " More words." * number)


@pytest.mark.parametrize("order", list(Order))
def test_more_leads_through_everything_once(client: Client, saved: Saved, order: Order) -> None:
    saved(lambda: many(45))
    seen: list[str] = []
    address = f"/search?q=pothole&order={order}"
    for size in (20, 20, 5):
        page = client.page(address)
        assert "45 results" in page.text()
        assert len(titles(page)) == size
        seen += titles(page)
        address = next((link for link in page.links() if "after=" in link), "")
    assert address == ""
    assert len(set(seen)) == 45


def test_the_best_come_first_and_the_page_says_among_which(client: Client, saved: Saved) -> None:
    def make() -> None:
        concerns.concern(Mode.PUBLIC, title="Lamp", story="It is dark near the fountain.")
        concerns.concern(Mode.PUBLIC, title="Fountain", story="The fountain leaks.")
        concerns.concern(
            Mode.PUBLIC, title="Trash", story="Near the fountain. " + "Much else is said here. " * 30
        )

    saved(make)
    page = ask(client, "fountain")
    assert titles(page) == ["Fountain", "Lamp", "Trash"]
    assert "among the newest 1,000" in page.text()
    assert "among the newest 1,000" not in ask(client, "fountain", order="newest").text()


def test_the_newest_come_first_by_their_day(client: Client, saved: Saved) -> None:
    def make() -> None:
        for days in (9, 30, 2):
            events.event(title=f"Meeting in {days}", starts_local=events.evening(days))

    saved(make)
    assert titles(ask(client, "meeting", order="newest", kind="event")) == [
        "Meeting in 30",
        "Meeting in 9",
        "Meeting in 2",
    ]


def test_a_count_stops_at_a_thousand_and_of_the_newest_at_a_hundred(context: Flask) -> None:
    with unit_of_work():
        at = clock.now()
        search.put(
            "concern",
            *(search.Entry(subject_id=n, title=f"Lamp {n}", text="", at=at) for n in range(1, 1203)),
        )
    for order in Order:
        answer = search.find(Visitor(), search.question("lamps"), order=order)
        assert answer.count == answer.counted + 1
        assert answer.counted == (search.COUNTED if order is Order.BEST else 100)


def test_nothing_typed_explains_and_nothing_found_helps(client: Client, town: None) -> None:
    assert "How to search" in client.page("/search").text()
    page = ask(client, "zebra", kind="event")
    assert "Nothing was found" in page.text()
    assert "/search?q=zebra" in page.links()
    assert "no word in this" in ask(client, "-elm").text()
    assert "no word in this" in ask(client, "🚓 !!").text()


HOSTILE = (
    "a", "x" * 10_000, "word " * 2_000, "a\0b", "\0", "العربية", "مُحَمَّد", "участок", "🚓", '"', '""', "'", "-", "--",
    '-"', "AND", "OR", "NOT", "NEAR(a b)", "a NOT b", "a*", "^a", "a:b", "title:x", "(", ")", "((((", "a)", "{a}",
    "a+b", "%", "_", "a%b_c", "\\", "a\\'b", "'; DROP TABLE search_entry;--", "a & b | !c", "a <-> b", "<1>", ":*",
    "ß ﬁ ½ ﷺ", "\u202e\u2066", "İstanbul", "\uff11\uff12", "a\u0301\u0301\u0301", "- - -", '"a" "b', "“a„ b”",
)  # fmt: skip


def test_whatever_is_typed_is_no_error(client: Client, town: None) -> None:
    for number, typed in enumerate(HOSTILE):
        ask(client, typed, order=list(Order)[number % 2])
        assert client.get("/search/suggest", query_string={"q": typed}).status_code == 200


@pytest.mark.parametrize("after", ["-1", "0", "9" * 19, "9" * 40, "x", "1.5", "\0", "١"])
def test_a_place_that_is_none_is_no_error(client: Client, town: None, after: str) -> None:
    for order in Order:
        ask(client, "elm", after=after, order=order)


def test_suggestions_are_titles_that_begin_so(client: Client, town: None) -> None:
    def suggested(typed: str) -> list[str]:
        return client.get("/search/suggest", query_string={"q": typed}).json or []

    assert suggested("spee") == ["Speeding on Elm Street"]
    assert suggested("elm spee") == ["Speeding on Elm Street"]
    assert suggested("REUNIÓ") == ["Reuniones vecinales"]
    assert set(suggested("el")) == {"Speeding on Elm Street", "Block party on Elm"}
    assert suggested("e") == suggested("race") == suggested("") == []


def test_suggestions_end_for_who_asks_too_often(client: Client, town: None) -> None:
    with time_machine.travel(
        clock.now(), tick=False
    ):  # else a busy machine asks them over more than a minute
        answers = [client.get("/search/suggest?q=spee").json for _ in range(260)]
    assert answers[0] == ["Speeding on Elm Street"]
    assert answers[-1] == []


def test_a_page_takes_the_same_number_of_questions_for_one_row_and_for_many(
    app: Flask, saved: Saved, count_queries: Any
) -> None:
    def asked(order: Order) -> int:
        with count_queries() as statements:
            ask(app.test_client(), "pothole", order=order)
        return len(statements)

    saved(lambda: many(21))
    few = [asked(order) for order in Order]
    saved(lambda: many(24))
    assert [asked(order) for order in Order] == few
    assert max(few) <= 8


def test_answers_are_kept_by_nobody(client: Client, town: None) -> None:
    answer = client.get("/search?q=elm")
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers


def test_everybody_who_works_here_is_found_and_nobody_else(client: Client, saved: Saved) -> None:
    def make() -> int:
        admin = accounts.person(Role.ADMINISTRATOR)
        made = [
            add_person(name=f"Quinn {role}", email=f"{role}@example.org", role=role, password_hash="x")
            for role in Role
        ]
        suspend_person(actor=admin, person=next(each for each in made if each.role is Role.AUDITOR))
        return next(each.id for each in made if each.role is Role.REVIEWER)

    reviewer = saved(make)
    page = ask(client, "quinn", kind="person")
    assert set(titles(page)) == {"Quinn administrator", "Quinn officer", "Quinn reviewer", "Quinn supervisor"}
    assert f"/people/{reviewer}" in page.links()
