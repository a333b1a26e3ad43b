"""The desk: an officer makes, changes, moves and cancels events, and takes callers' answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from forum.accounts.models import Person, Role
from forum.core import clock
from forum.events.models import Event, EventStatus, Occurrence, Rsvp
from forum.events.operations.rsvp import answer
from forum.extensions import db
from tests.factories import accounts
from tests.factories import events as make
from tests.pages import Client

Saved = Callable[[Callable[[], Any]], Any]


@pytest.fixture
def officer(client: Client, saved: Saved) -> Client:
    """A signed-in officer's browser."""
    accounts.sign_in(client, saved(lambda: accounts.person(Role.OFFICER)))
    return client


def typed(app: Flask, **changes: Any) -> dict[str, Any]:
    with app.app_context():
        day = clock.today() + timedelta(days=10)
        return {
            "title": "Streets we walk",
            "kind_id": make.kind("town-hall").id,
            "starts_on": day.isoformat(),
            "starts": "18:30",
            "ends": "20:00",
            "place_name": "Library",
            "repeats": "",
            "rsvp_policy": "welcome",
        } | changes


def the(model: Any, app: Flask, **columns: Any) -> Any:
    with app.app_context():
        return db.session.query(model).filter_by(**columns).one()


def test_an_officer_saves_a_draft_and_publishes_it(officer: Client, app: Flask) -> None:
    answered = officer.send("/desk/events/new", typed(app))
    assert answered.status_code == 303
    event = the(Event, app)
    assert (event.status, event.title) == (EventStatus.DRAFT, "Streets we walk")
    officer.send(f"/desk/events/{event.id}", form=f"/desk/events/{event.id}/publish")
    assert the(Event, app).status == EventStatus.PUBLISHED
    assert "published it" in officer.page(f"/desk/events/{event.id}").text()


def test_a_series_by_preset_is_previewed_before_it_is_saved(officer: Client, app: Flask) -> None:
    answered = officer.send("/desk/events/new", typed(app, repeats="weekly", count="4", then="preview"))
    assert answered.status_code == 200
    assert "It makes 4 dates" in answered.text
    assert answered.text.index('value="weekly"') < answered.text.index('id="dates"')  # beside what was asked
    assert 'formaction="#dates"' in answered.text
    with app.app_context():
        assert db.session.query(Event).count() == 0


def test_a_series_is_made(officer: Client, app: Flask) -> None:
    officer.send("/desk/events/new", typed(app, repeats="weekly", count="4", then="publish"))
    with app.app_context():
        assert db.session.query(Occurrence).filter_by(listed=True).count() == 4


@pytest.mark.parametrize(
    ("changes", "words"),
    (
        ({"title": " "}, "Give the event a title"),
        ({"title": "x" * 201}, "Use at most 200 characters."),
        ({"starts_on": "never"}, "date"),
        ({"starts": ""}, "Give the time it starts"),
        ({"zone": "Mars/Olympus"}, "no such time zone"),
        ({"repeats": "monthly_last_day", "starts_on": "2027-01-15"}, "not such a day"),
        ({"repeats": "custom", "custom_rule": "FREQ=SECONDLY"}, "days, weeks, months or years"),
        ({"repeats": "weekly", "extra": "tomorrow"}, "is not a date"),
        ({"capacity": "0"}, "A number from 1"),
        ({"online_url": "javascript:alert(1)"}, "https://"),
        ({"latitude": "41.8"}, "Give both"),
    ),
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    officer: Client, app: Flask, changes: dict[str, str], words: str
) -> None:
    answered = officer.send("/desk/events/new", typed(app, story="My long story", **changes))
    assert answered.status_code == 422
    assert words in answered.text
    assert "My long story" in answered.text


def test_editing_changes_what_was_typed(officer: Client, app: Flask, saved: Saved) -> None:
    event = saved(lambda: make.event(rrule="FREQ=WEEKLY;COUNT=3"))
    assert officer.send(f"/desk/events/{event.id}/edit", {"title": "Another name"}).status_code == 303
    changed = the(Event, app)
    assert (changed.title, changed.rrule, changed.uid) == ("Another name", "FREQ=WEEKLY;COUNT=3", event.uid)


def test_an_unchanged_form_changes_nothing(officer: Client, app: Flask, saved: Saved) -> None:
    event = saved(lambda: make.event(rrule="FREQ=MONTHLY;BYDAY=2TU", starts_local=make.next_weekday(1, 2)))
    officer.send(f"/desk/events/{event.id}/edit")
    after = the(Event, app)
    assert (after.sequence, after.updated_at) == (event.sequence, event.updated_at)


def test_two_officers_do_not_overwrite_each_other(officer: Client, app: Flask, saved: Saved) -> None:
    event = saved(make.event)
    fields = officer.page(f"/desk/events/{event.id}/edit").form(None) | {"title": "Second"}
    officer.send(f"/desk/events/{event.id}/edit", {"title": "First"})
    answered = officer.post(f"/desk/events/{event.id}/edit", data=fields)
    assert answered.status_code in (404, 422)
    assert the(Event, app).title == "First"


def test_a_date_is_moved_and_another_cancelled(officer: Client, app: Flask, saved: Saved) -> None:
    event = saved(lambda: make.event(rrule="FREQ=WEEKLY;COUNT=3"))
    with app.app_context():
        days = [o.original_date for o in db.session.query(Occurrence).order_by(Occurrence.original_date)]
    where = f"/desk/events/{event.id}/dates"
    assert officer.send(f"{where}/{days[0]}/move", {"starts": "19:00", "ends": "20:00"}).status_code == 303
    assert officer.send(f"{where}/{days[1]}/cancel", {"reason": "Holiday"}).status_code == 303
    with app.app_context():
        first, second, third = db.session.query(Occurrence).order_by(Occurrence.original_date)
        assert (first.moved, second.cancelled, third.is_exception) == (True, True, False)


def test_cancelling_asks_why(officer: Client, app: Flask, saved: Saved) -> None:
    event = saved(make.event)
    assert officer.send(f"/desk/events/{event.id}/cancel", {"reason": ""}).status_code == 422
    assert officer.send(f"/desk/events/{event.id}/cancel", {"reason": "Storm"}).status_code == 303
    assert the(Event, app).status == EventStatus.CANCELLED


def test_callers_are_taken_in_seconds(officer: Client, app: Flask, saved: Saved) -> None:
    event = saved(lambda: make.event(capacity=2))
    with app.app_context():
        day = db.session.query(Occurrence).one().original_date
    where = f"/desk/events/{event.id}/dates/{day}/roster"
    officer.send(where, {"name": "Mrs. Alvarez", "party_size": "2"}, form="/callers")
    officer.send(where, {"name": "Mr. Brown", "party_size": "1"}, form="/callers")
    words = officer.page(where).text()
    assert "2 going, 1 waiting" in words
    assert "Waiting, number 1" in words
    caller = the(Rsvp, app, name="Mrs. Alvarez")
    officer.send(f"{where}/{caller.id}", {"answer": "not_going"})
    assert "1 going, 0 waiting" in officer.page(where).text()


def test_the_roster_opens_in_a_fixed_number_of_queries(
    officer: Client, app: Flask, saved: Saved, count_queries: Any
) -> None:
    event = saved(lambda: make.event(capacity=None))
    with app.app_context():
        day = db.session.query(Occurrence).one().original_date

    def fill() -> None:
        date = db.session.query(Occurrence).one()
        for _ in range(5):
            answer(actor=accounts.person(), occurrence=date, answer="going")

    saved(
        lambda: answer(actor=accounts.person(), occurrence=db.session.query(Occurrence).one(), answer="going")
    )
    with count_queries() as one:
        officer.get(f"/desk/events/{event.id}/dates/{day}/roster")
    saved(fill)
    with count_queries() as many:
        officer.get(f"/desk/events/{event.id}/dates/{day}/roster")
    assert len(one) == len(many) <= 8, many


@pytest.mark.parametrize("role", (Role.RESIDENT, Role.PARTNER, Role.REVIEWER))
def test_the_desk_is_not_there_for_others(client: Client, saved: Saved, role: Role) -> None:
    accounts.sign_in(client, saved(lambda: accounts.person(role)))
    assert client.get("/desk/events").status_code == 404


def test_an_auditor_reads_and_changes_nothing(client: Client, saved: Saved) -> None:
    accounts.sign_in(client, saved(lambda: accounts.person(Role.AUDITOR)))
    event = saved(make.event)
    assert "Edit" not in client.page(f"/desk/events/{event.id}").text()
    assert client.get(f"/desk/events/{event.id}/edit").status_code == 404


def test_an_administrator_adds_a_kind(client: Client, saved: Saved, app: Flask) -> None:
    accounts.sign_in(client, saved(lambda: accounts.person(Role.ADMINISTRATOR)))
    sent = {"name_en": "Open house", "name_es": "Puertas abiertas", "color": "clay", "shape": "leaf"}
    assert client.send("/admin/kinds/new", sent).status_code == 303
    assert "Open house" in client.page("/admin/kinds").text()


def test_a_resident_answers_and_sees_their_answer(client: Client, saved: Saved, app: Flask) -> None:
    accounts.sign_in(client, saved(lambda: accounts.person()))
    event = saved(lambda: make.event(capacity=2))
    assert client.send(f"/events/{event.id}/rsvp", {"answer": "going", "party_size": "2"}).status_code == 303
    assert "Your 2 places are saved" in client.page(f"/events/{event.id}/rsvp").text()
    assert "You are going" in client.page(f"/events/{event.id}-{event.slug}").text()
    assert "1433 beat meeting" in client.page("/account/rsvps").text()
    refused = client.send(f"/events/{event.id}/rsvp", {"answer": "going", "party_size": "3"})
    assert refused.status_code == 422
    assert the(Person, app).id


def test_a_resident_waits_in_line_and_sees_the_position(client: Client, saved: Saved) -> None:
    def full() -> Event:
        event = make.event(capacity=1)
        for _ in range(2):
            answer(actor=accounts.person(), occurrence=event.occurrences[0], answer="going")
        return event

    event = saved(full)
    accounts.sign_in(client, saved(lambda: accounts.person()))
    client.send(f"/events/{event.id}/rsvp", {"answer": "going"})
    assert "number 2 on the waitlist" in client.page(f"/events/{event.id}/rsvp").text()


def picture() -> tuple[BytesIO, str]:
    made = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(made, "PNG")
    made.seek(0)
    return made, "IMG_0001.png"


def kept(app: Flask) -> set[str]:
    folder = Path(app.instance_path) / "uploads"
    return {file.name for file in folder.iterdir()} if folder.exists() else set()


def test_a_picture_is_shown_and_replaced_without_leftovers(officer: Client, app: Flask) -> None:
    officer.send("/desk/events/new", typed(app, picture=picture(), picture_alt="The hall", then="publish"))
    event = the(Event, app)
    assert event.picture in kept(app)
    assert "The hall" in officer.get(f"/events/{event.id}-{event.slug}").text
    officer.send(f"/desk/events/{event.id}/edit", {"picture": picture(), "picture_alt": "The new hall"})
    assert the(Event, app).picture != event.picture
    assert event.picture not in kept(app)
    officer.send(f"/desk/events/{event.id}/edit", {"remove_picture": "y"})
    assert kept(app) == set()


def test_a_refused_form_leaves_no_picture_behind(officer: Client, app: Flask) -> None:
    sent = typed(
        app, picture=picture(), picture_alt="The hall", repeats="custom", custom_rule="FREQ=SECONDLY"
    )
    assert officer.send("/desk/events/new", sent).status_code == 422
    assert kept(app) == set()


def test_a_file_that_is_no_picture_is_refused_beside_its_field(officer: Client, app: Flask) -> None:
    sent = typed(
        app, picture=(BytesIO(b"<svg onload=alert(1)>"), "a.svg"), picture_alt="x", story="My long story"
    )
    answered = officer.send("/desk/events/new", sent)
    assert answered.status_code == 422
    assert "not a picture we can read" in answered.text
    assert "My long story" in answered.text
