"""The roster: totals, pages, words to find people by, and the table to take along."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from forum.accounts.models import Role
from forum.audit.models import Entry
from forum.events.models import Answer, Channel, Occurrence, Place, Rsvp
from forum.events.operations.rsvp import add_phone_in, answer
from forum.events.queries.roster import PAGE, RosterFilter
from forum.extensions import db
from tests.factories import accounts
from tests.factories import events as make
from tests.pages import Client

Saved = Callable[[Callable[[], Any]], Any]


@pytest.fixture
def officer(client: Client, saved: Saved) -> Client:
    accounts.sign_in(client, saved(lambda: accounts.person(Role.OFFICER)))
    return client


def crowd(count: int, **changes: Any) -> Occurrence:
    """A date that *count* guests come to, one of them with a name that is a formula."""
    occurrence = make.occurrence(**changes)
    db.session.add_all(
        Rsvp(
            occurrence_id=occurrence.id,
            name=f"Guest {number:04}" if number else "=HYPERLINK(1)",
            email=f"guest{number}@example.org",
            channel=Channel.SITE,
            answer=Answer.GOING,
            place=Place.CONFIRMED,
            party_size=2,
        )
        for number in range(count)
    )
    occurrence.places_taken = 2 * count
    db.session.flush()
    return occurrence


def address(occurrence: Occurrence, page: str = "roster") -> str:
    return f"/desk/events/{occurrence.event_id}/dates/{occurrence.original_date.isoformat()}/{page}"


def test_a_long_roster_comes_in_pages_with_the_totals_of_all(officer: Client, saved: Saved) -> None:
    occurrence = saved(lambda: crowd(PAGE + 7))
    first = officer.page(address(occurrence))
    assert f"{2 * (PAGE + 7)} going" in first.text()
    assert f"1 to {PAGE} of {PAGE + 7}" in first.text()
    assert "Guest 0106" not in first.text()
    second = officer.page(address(occurrence) + "?page=2")
    assert f"Guest {PAGE:04}" in second.text()
    assert len([row for row in second.all("tr") if row.findall("td")]) == 7


@pytest.mark.parametrize(
    ("query", "rows"), [("q=guest+0003", 1), ("q=%25", 0), ("standing=waiting", 0), ("standing=going", 12)]
)
def test_it_is_searched_by_name_and_narrowed_by_standing(
    officer: Client, saved: Saved, query: str, rows: int
) -> None:
    occurrence = saved(lambda: crowd(12))
    page = officer.page(f"{address(occurrence)}?{query}")
    assert len([row for row in page.all("tr") if row.findall("td")]) == rows


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 5000, "٣", ""])
def test_an_odd_page_number_shows_a_page(officer: Client, saved: Saved, page: str) -> None:
    assert RosterFilter.from_args({"page": page}).page >= 1
    officer.page(f"{address(saved(lambda: crowd(1)))}?page={page[:300]}")


def test_questions_to_the_database_are_few_and_as_many_for_one_answer_as_for_many(
    officer: Client, saved: Saved, count_queries: Callable[[], Any]
) -> None:
    counts = []
    for answers in (1, 3, PAGE + 50):
        occurrence = saved(lambda answers=answers: crowd(answers))  # type: ignore[misc]
        with count_queries() as statements:
            officer.page(address(occurrence))
        counts.append(len(statements))
    assert len(set(counts)) == 1
    assert counts[0] <= 8


def test_who_waits_is_numbered_by_their_turn_on_every_page(officer: Client, saved: Saved) -> None:
    def line() -> Occurrence:
        occurrence = make.occurrence(capacity=1)
        actor = accounts.person(Role.OFFICER)
        for name in ("First", "Second", "Third"):
            add_phone_in(actor=actor, occurrence=occurrence, name=name)
        return occurrence

    page = officer.page(address(saved(line)) + "?q=third&standing=waiting")
    assert "Waiting, number 2" in page.text()


def test_the_table_is_safe_complete_and_on_record(officer: Client, app: Flask, saved: Saved) -> None:
    def town() -> Occurrence:
        occurrence = crowd(3)
        answer(actor=accounts.person(name="Ann"), occurrence=occurrence, answer=Answer.MAYBE)
        return occurrence

    occurrence = saved(town)
    got = officer.send(address(occurrence), form="/roster.csv")
    assert got.status_code == 200
    assert got.headers["Cache-Control"] == "private, no-store"
    table = list(csv.reader(io.StringIO(got.data.decode("utf-8-sig"))))
    assert [row[0] for row in table] == ["Name", "'=HYPERLINK(1)", "Guest 0001", "Guest 0002", "Ann"]
    assert "@example.org" not in got.text
    with app.app_context():
        entry = db.session.query(Entry).filter_by(act="roster.export").one()
        assert (entry.subject_id, entry.detail["rows"]) == (occurrence.id, 4)
        assert entry.actor_id is not None


def test_a_resident_finds_no_roster(client: Client, saved: Saved) -> None:
    accounts.sign_in(client, saved(accounts.person))
    occurrence = saved(lambda: crowd(1))
    assert client.get(address(occurrence)).status_code == 404
    assert client.get(address(occurrence, "message")).status_code == 404
