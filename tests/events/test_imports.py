"""Import by upload: nothing happens before it was shown, and what was shown is what happens."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from forum.accounts.models import Role
from forum.core import clock
from forum.core.transactions import unit_of_work
from forum.events.importing import held
from forum.events.models import Event
from forum.events.operations.changes import touched
from forum.extensions import db
from tests.events.test_importing_ics import calendar
from tests.factories import accounts, neighborhoods
from tests.pages import Client, Page

Saved = Callable[[Callable[[], Any]], Any]
START = "/desk/events/import"


@pytest.fixture
def officer(client: Client, saved: Saved) -> Client:
    accounts.sign_in(client, saved(lambda: accounts.person(Role.OFFICER)))
    return client


def event(uid: str, title: str = "Coffee", **lines: str) -> str:
    day = clock.now() + timedelta(days=20)
    found = {"UID": uid, "SUMMARY": title} | lines
    if not any(name.startswith("DTSTART") for name in lines):
        found["DTSTART;TZID=America/Chicago"] = f"{day:%Y%m%d}T100000"
    return "\n".join(f"{name}:{value}" for name, value in found.items())


def send(client: Client, data: bytes, name: str = "town.ics", **typed: str) -> Any:
    token = client.page(START).form()["csrf_token"]
    files = {"file": (BytesIO(data), name), "csrf_token": token, "source": "", "area": ""} | typed
    answered = client.post(START, data=files, content_type="multipart/form-data")
    answered.request.environ["wsgi.input"].close()  # a large one is a file of the test's own
    return answered


def uploaded(client: Client, data: bytes, **typed: str) -> str:
    answered = send(client, data, **typed)
    assert answered.status_code == 303, Page(answered.text).text()
    return str(answered.headers["Location"])


def titles(app: Flask) -> list[str]:
    with app.app_context():
        return sorted(event.title for event in db.session.query(Event))


def test_a_calendar_is_shown_first_and_then_carried_out(officer: Client, app: Flask, saved: Saved) -> None:
    saved(lambda: neighborhoods.neighborhood("Logan Square"))
    data = calendar(
        event("a"), event("b", "Weekly", RRULE="FREQ=WEEKLY;COUNT=3"), event("c", "Bad", DTSTART="2026")
    )
    where = uploaded(officer, data, area="logan-square")
    page = officer.page(where)
    assert "2 new, 0 changed, 0 unchanged, 1 left out" in page.text()
    assert "is not a date" in page.text()
    assert titles(app) == []
    assert officer.send(where).headers["Location"].endswith(where)
    assert "2 new, 0 changed, 0 unchanged, 0 left out" in officer.page(where).text()
    assert titles(app) == ["Coffee", "Weekly"]
    with app.app_context():
        assert {area.slug for one in db.session.query(Event) for area in one.neighborhoods} == {
            "logan-square"
        }


def test_a_second_import_shows_what_differs_and_changes_that(officer: Client, app: Flask) -> None:
    officer.send(uploaded(officer, calendar(event("a"), event("b"))))
    where = uploaded(officer, calendar(event("a", "Tea"), event("b")))
    page = officer.page(where)
    assert "0 new, 1 changed, 1 unchanged" in page.text()
    assert "the title" in page.text()
    officer.send(where)
    assert titles(app) == ["Coffee", "Tea"]
    assert "There is nothing to import" in officer.page(uploaded(officer, calendar(event("b")))).text()


def test_what_changed_meanwhile_is_shown_again_before_it_is_overwritten(officer: Client, app: Flask) -> None:
    officer.send(uploaded(officer, calendar(event("a"))))
    where = uploaded(officer, calendar(event("a", "Tea")))
    form = officer.page(where).form()
    with app.app_context(), unit_of_work():
        found = db.session.query(Event).one()
        found.title = "Cake"
        touched(found)
    refused = officer.post(where, data=form)
    assert refused.status_code == 422
    assert "Somebody changed these events meanwhile" in refused.text
    assert titles(app) == ["Cake"]
    assert officer.post(where, data=Page(refused.text).form()).status_code == 303
    assert titles(app) == ["Tea"]


def test_the_word_given_twice_imports_once(officer: Client, app: Flask) -> None:
    where = uploaded(officer, calendar(event("a")))
    form = officer.page(where).form()
    assert [officer.post(where, data=form).status_code for _ in range(2)] == [303, 303]
    assert titles(app) == ["Coffee"]


@pytest.mark.parametrize(
    ("data", "words"),
    (
        (b"", "The file is empty"),
        (b"PK\x03\x04spreadsheet", "can be saved as CSV"),
        (b"\x00\x01\x02", "neither a calendar"),
        (b"<html>no calendar</html>", "names that are not known"),
        (b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n", "This is a message (REQUEST)"),
        (b"title\nA", "no column “starts”"),
        (b"title,starts\n" + b"A,2027-01-01\n" + b"\n" * 60_000, "more than 500 events"),
        (calendar(*(f"UID:{n}\nSUMMARY:x\nDTSTART:20270101T100000" for n in range(1001))), "more than 500 events"),
        (b"BEGIN:VCALENDAR\r\n" + b"X-JUNK:1\r\n" * 600_000, "larger than 5 MB"),
    ),
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_words(officer: Client, data: bytes, words: str) -> None:
    answered = send(officer, data, source="town hall")
    assert answered.status_code == 422
    assert words in Page(answered.text).text()
    assert "Nothing was changed." in answered.text or not data
    assert 'value="town hall"' in answered.text


def test_twenty_megabytes_are_refused_in_words(officer: Client) -> None:
    answered = send(officer, b"BEGIN:VCALENDAR\r\n" + b"X-JUNK:1\r\n" * 2_000_000)
    assert answered.status_code == 413
    assert "a calendar or a table under 5 MB" in Page(answered.text).text()


GARBAGE = {
    "DTSTART;TZID=America/Chicago": "20270230T100000",
    "DTEND": "garbage",
    "RRULE": "FREQ=SECONDLY",
    "DTSTART;TZID=Mars/Olympus": "20270101T100000",
    "DURATION": "P-1X",
    "RDATE;VALUE=PERIOD": "20270101T100000/PT1H",
}


@pytest.mark.parametrize("line", sorted(GARBAGE))
def test_garbage_is_named_with_its_row_and_the_rest_goes_in(officer: Client, app: Flask, line: str) -> None:
    where = uploaded(officer, calendar(event("good"), event("bad", "Odd one", **{line: GARBAGE[line]})))
    page = officer.page(where).text()
    assert "1 left out" in page
    assert "Odd one" in page
    officer.send(where)
    assert titles(app) == ["Coffee"]


def test_a_rule_without_end_or_with_ten_thousand_dates_keeps_nobody_waiting(officer: Client) -> None:
    rules = ("FREQ=DAILY", "FREQ=DAILY;COUNT=10000", "FREQ=DAILY;UNTIL=20200101T000000Z")
    events = [event(str(n), RRULE=rule) for n, rule in enumerate(rules)]
    page = officer.page(uploaded(officer, calendar(*events))).text()
    assert "too many dates" in page
    assert "makes no date" in page


def test_nobody_else_sees_what_was_uploaded_and_it_is_gone_after_an_hour(
    officer: Client, app: Flask, saved: Saved
) -> None:
    where = uploaded(officer, calendar(event("a")))
    other = app.test_client()
    accounts.sign_in(other, saved(lambda: accounts.person(Role.OFFICER)))
    assert other.get(where).status_code == 404
    assert officer.get(where).status_code == 200
    (file,) = Path(app.config["FORUM"].instance_dir).glob(f"imports/*-{where.rpartition('/')[2]}")
    old = clock.now().timestamp() - 3700
    os.utime(file, (old, old))
    assert officer.get(where).status_code == 404
    with app.app_context():
        held.forget_old()
    assert not file.exists()


@pytest.mark.parametrize("token", ["x", "..%2f..%2fforum.db", "0" * 32, "0" * 31 + "%0a"])
def test_no_other_address_leads_anywhere(officer: Client, token: str) -> None:
    assert officer.get(f"{START}/{token}").status_code == 404


def test_a_resident_imports_nothing(client: Client, saved: Saved) -> None:
    accounts.sign_in(client, saved(accounts.person))
    assert client.get(START).status_code == 404
