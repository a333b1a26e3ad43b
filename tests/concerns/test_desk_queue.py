"""The queue: what is late comes first, filters stay in the address, and nobody sees in it what is kept from them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Person, Role
from forum.concerns.models import About, ClockKind, Concern, Mode, SavedView, Status, Waiting
from forum.concerns.operations.recusing import recuse
from forum.concerns.operations.working import assign_concern, change_status
from forum.core import clock
from forum.extensions import db
from tests.factories import accounts, concerns, neighborhoods
from tests.factories.accounts import sign_in

Saved = Callable[[Callable[[], Any]], Any]


def no_clock(made: Concern) -> None:
    """None of its clocks runs."""
    made.due_at = made.due_clock = None


def late(title: str, hours: int = 0, *, days: int = 0, **changes: Any) -> Concern:
    """A concern that is due *hours* from now, or at noon in so many *days*."""
    made = concerns.concern(title=title, **changes)
    made.due_at = concerns.noon(days) if days else clock.now() + timedelta(hours=hours)
    made.due_clock = ClockKind.ANSWER
    db.session.flush()
    return made


def at_desk(app: Flask, saved: Saved, make: Callable[[Person], Any], role: Role = Role.OFFICER) -> Any:
    """A browser of somebody at the desk, for whom *make* made things."""

    def everything() -> int:
        person = accounts.person(role)
        make(person)
        return person.id

    return sign_in(app.test_client(), saved(everything))


def titles(page: Any, *wanted: str) -> list[str]:
    """Those of *wanted* that the page shows, in its order."""
    text = page.text()
    return sorted((title for title in wanted if title in text), key=text.index)


def test_what_is_late_comes_first_and_says_by_how_much(app: Flask, saved: Saved) -> None:
    def make(_person: Person) -> None:
        no_clock(late("No clock", 1))
        late("Tomorrow", 30)
        late("Three days late", days=-3)
        late("Five hours late", -5)

    page = at_desk(app, saved, make).page("/desk/concerns")
    assert titles(page, "Tomorrow", "No clock", "Five hours late", "Three days late") == [
        "Three days late",
        "Five hours late",
        "Tomorrow",
        "No clock",
    ]
    assert "late by 3 days" in page.text()
    assert "late by 5 hours" in page.text()
    assert "4 concerns, 2 late" in page.text()


def test_an_anonymous_concern_counts_whole_days(app: Flask, saved: Saved) -> None:
    client = at_desk(app, saved, lambda _person: late("Quiet", days=-2, mode=Mode.ANONYMOUS))
    assert "late by 2 days" in client.page("/desk/concerns").text()


def test_when_a_confidential_concern_is_due_does_not_tell_the_minute_it_came(
    app: Flask, saved: Saved
) -> None:
    """First answers are due so many hours after the arrival: the time of day is the same."""
    browser = at_desk(app, saved, lambda _me: late("Due", 30, mode=Mode.CONFIDENTIAL), Role.SUPERVISOR)
    page = browser.page("/desk/concerns")
    assert re.search(r"\d:\d\d|\d [ap]\.?m|minute", page.text()) is None
    late_one = at_desk(app, saved, lambda _me: late("Late", -1, mode=Mode.CONFIDENTIAL), Role.SUPERVISOR)
    assert "late by 1 hour" not in late_one.page("/desk/concerns").text()


def test_an_officer_begins_with_their_beats_and_what_is_nobodys(app: Flask, saved: Saved) -> None:
    def make(person: Person) -> None:
        own, other = neighborhoods.neighborhood("Pilsen"), neighborhoods.neighborhood("Uptown")
        neighborhoods.beat(neighborhoods=[own], officers=[person])
        late("On my beat", 1, neighborhood_id=own.id)
        late("Elsewhere", 1, neighborhood_id=other.id)
        late("Nowhere", 1)
        mine = late("Given to me", 1, neighborhood_id=other.id)
        assign_concern(actor=person, concern=mine, to=person)

    client = at_desk(app, saved, make)
    every = ("On my beat", "Elsewhere", "Nowhere", "Given to me")
    assert set(titles(client.page("/desk/concerns"), *every)) == {"On my beat", "Nowhere", "Given to me"}
    assert set(titles(client.page("/desk/concerns?whose=all"), *every)) == set(every)
    assert titles(client.page("/desk/concerns?whose=mine"), *every) == ["Given to me"]
    assert "Given to me" not in client.page("/desk/concerns?whose=free").text()
    assert titles(client.page("/desk/concerns?whose=all&neighborhood=uptown"), *every) != list(every)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=waiting", "Waits"),
        ("mode=anonymous", "Quiet"),
        ("category=noise", "Loud"),
        ("language=es", "Calle"),
        ("interpreter=1", "Calle"),
        ("about=staff", ""),
        ("status=nonsense&mode=nonsense", "Loud"),
        ("after=nonsense&category=noise", "Loud"),
        ("after=none-99999999999&category=noise", "Loud"),
    ],
)
def test_a_filter_stands_in_the_address(app: Flask, saved: Saved, query: str, found: str) -> None:
    def make(person: Person) -> None:
        waiting = concerns.concern(title="Waits")
        change_status(actor=person, concern=waiting, status=Status.WAITING, waits_for=Waiting.PARTNER)
        concerns.concern(Mode.ANONYMOUS, title="Quiet")
        concerns.concern(title="Loud", category="noise")
        concerns.concern(title="Calle", language="es", interpreter=True)

    shown = titles(
        at_desk(app, saved, make).page(f"/desk/concerns?{query}"), "Waits", "Quiet", "Loud", "Calle"
    )
    assert (found in shown) if found else shown == []


def test_pages_follow_each_other_without_a_gap(app: Flask, saved: Saved) -> None:
    def make(_person: Person) -> None:
        for number in range(64):
            made = late(f"Number {number:02}", number)
            if number >= 40:
                no_clock(made)

    client = at_desk(app, saved, make)
    seen: list[str] = []
    url: str | None = "/desk/concerns"
    while url:
        page = client.page(url)
        rows = [link for link in page.links() if "/desk/concerns/CG-" in link]
        seen += rows
        url = next((link for link in page.links() if "after=" in link), None)
    assert len(seen) == len(set(seen)) == 64


@pytest.mark.parametrize("many", [1, 3])
def test_the_queue_takes_ten_questions_however_long_it_is(
    app: Flask, saved: Saved, count_queries: Callable[[], Any], many: int
) -> None:
    def make(person: Person) -> None:
        area = neighborhoods.neighborhood()
        for _ in range(many):
            made = late("Again", -3, neighborhood_id=area.id)
            assign_concern(actor=person, concern=made, to=accounts.person(Role.OFFICER))

    client = at_desk(app, saved, make)
    with count_queries() as statements:  # the first look: a second one finds the page kept
        client.page("/desk/concerns?whose=all")
    assert len(statements) <= 10, "\n".join(statements)


def test_a_complaint_about_the_reader_is_neither_shown_nor_counted(app: Flask, saved: Saved) -> None:
    def make(person: Person) -> None:
        hidden = late("Hidden", -5)
        recuse(actor=None, concern=hidden, people=[person])
        late("Unscreened", -5, about=About.COMPLAINT, category="officer")

    page = at_desk(app, saved, make, Role.SUPERVISOR).page("/desk/concerns?whose=all")
    assert titles(page, "Hidden", "Unscreened") == []
    assert "0 concerns" in page.text()


def test_a_filter_is_kept_under_a_name_and_removed(app: Flask, saved: Saved) -> None:
    client = at_desk(app, saved, lambda _person: concerns.concern())
    answer = client.send("/desk/concerns?mode=private&whose=all", {"name": "Quiet ones"}, form="/views")
    assert answer.status_code == 303
    page = client.page("/desk/concerns")
    assert "/desk/concerns?whose=all&mode=private" in page.links()
    with app.app_context():
        view_id = db.session.scalars(select(SavedView.id)).one()
    client.send("/desk/concerns", form=f"/views/{view_id}/remove")
    assert "Quiet ones" not in client.page("/desk/concerns").text().replace("Removed", "")


def test_somebody_elses_filter_cannot_be_removed(app: Flask, saved: Saved) -> None:
    first = at_desk(app, saved, lambda _person: concerns.concern())
    first.send("/desk/concerns", {"name": "Mine"}, form="/views")
    with app.app_context():
        view_id = db.session.scalars(select(SavedView.id)).one()
    second = at_desk(app, saved, lambda _person: None)
    token = second.page("/desk/concerns").form("/views")["csrf_token"]
    answer = second.post(f"/desk/concerns/views/{view_id}/remove", data={"csrf_token": token})
    assert answer.status_code == 404


def test_a_concern_is_taken_from_the_queue_and_the_filter_stays(app: Flask, saved: Saved) -> None:
    client = at_desk(app, saved, lambda _person: late("Free", 3))
    answer = client.send("/desk/concerns?whose=free", form="/take")
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("whose=free")
    assert "Free" in client.page("/desk/concerns?whose=mine").text()
