"""The desk changes a series: one date, this and all following, all; looked at before it is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from forum.accounts.models import Role
from forum.events.models import Answer, Event, Occurrence
from forum.events.operations.rsvp import add_phone_in, answer
from forum.extensions import db
from forum.notifications.models import Notification
from tests.factories import accounts
from tests.factories import events as make
from tests.pages import Client, Page

Saved = Callable[[Callable[[], Any]], Any]
WEEK = timedelta(days=7)


@pytest.fixture
def officer(client: Client, saved: Saved) -> Client:
    """A signed-in officer's browser."""
    accounts.sign_in(client, saved(lambda: accounts.person(Role.OFFICER)))
    return client


@pytest.fixture
def series(saved: Saved) -> Event:
    """Eight weeks, somebody coming to the fifth."""

    def build() -> Event:
        event = make.event(rrule="FREQ=WEEKLY;COUNT=8")
        answer(actor=accounts.person(), occurrence=event.occurrences[4], answer=Answer.GOING)
        return event

    return saved(build)  # type: ignore[no-any-return]


def path(event: Event, number: int) -> str:
    day = (event.starts_local + number * WEEK).date()
    return f"/desk/events/{event.id}/dates/{day}/move"


def dates_of(app: Flask, event_id: int) -> list[str]:
    with app.app_context():
        found = db.session.query(Occurrence).filter_by(event_id=event_id).order_by(Occurrence.original_start)
        return [f"{date.original_start:%m-%d %H:%M}" for date in found]


def days(event: Event, numbers: range, shift: timedelta = timedelta()) -> list[str]:
    return [f"{event.starts_local + n * WEEK + shift:%m-%d %H:%M}" for n in numbers]


def test_this_and_following_is_shown_then_done(officer: Client, app: Flask, series: Event) -> None:
    where = path(series, 3)
    wanted = series.starts_local + 3 * WEEK + timedelta(days=1)
    shown = officer.send(
        where, {"scope": "following", "starts_on": wanted.date().isoformat(), "reason": "The hall."}
    )
    page = Page(shown.text)
    assert shown.status_code == 200
    assert "These dates move (5)" in page.text()
    assert "1 person who answered is told by mail." in page.text()
    assert dates_of(app, series.id) == days(series, range(8)), "looking changes nothing"
    done = officer.post(where, data=page.form() | {"then": "change"})
    following = int(done.location.rsplit("/", 1)[1])
    assert following != series.id
    assert dates_of(app, series.id) == days(series, range(3))
    assert dates_of(app, following) == days(series, range(3, 8), timedelta(days=1))
    with app.app_context():
        (told,) = db.session.query(Notification).filter(Notification.kind != "rsvp.confirmed")
        date = db.session.get_one(Occurrence, told.subject_id)
        assert (told.kind, date.event_id, date.reason) == ("occurrence.moved", following, "The hall.")
    history = officer.page(f"/desk/events/{series.id}").text()
    assert "let the later dates go on as a series of their own" in history


def test_callers_whom_no_mail_reaches_are_counted_before_the_change(
    officer: Client, app: Flask, saved: Saved
) -> None:
    def build() -> Event:
        event = make.event(rrule="FREQ=WEEKLY;COUNT=8")
        desk = accounts.person(Role.OFFICER)
        add_phone_in(actor=desk, occurrence=event.occurrences[4], name="Gil", party_size=3)
        return event

    event = saved(build)
    wanted = (event.starts_local + 3 * WEEK + timedelta(days=1)).date().isoformat()
    shown = officer.send(path(event, 3), {"scope": "following", "starts_on": wanted, "reason": "The hall."})
    assert "1 answer came by telephone or as a number alone" in Page(shown.text).text()
    assert "Nobody needs to be told" not in Page(shown.text).text()


def test_a_day_that_stays_is_said_once(officer: Client, series: Event) -> None:
    times = {"starts": "19:30", "ends": "20:30", "reason": "The hall."}
    page = Page(officer.send(path(series, 3), {"scope": "following", **times}).text)
    assert "6:30 to 7:30 pm → 7:30 to 8:30 pm" in page.text()


def test_going_back_keeps_what_was_typed(officer: Client, series: Event) -> None:
    where = path(series, 3)
    shown = officer.send(where, {"scope": "all", "starts": "20:15", "ends": "21:00", "reason": "Too early"})
    back = officer.post(where, data=Page(shown.text).form() | {"then": "back"})
    fields = Page(back.text).form()
    assert (fields["scope"], fields["starts"], fields["reason"]) == ("all", "20:15", "Too early")


def test_the_second_officer_hears_that_the_series_changed(officer: Client, app: Flask, series: Event) -> None:
    where = path(series, 3)
    first = Page(officer.send(where, {"scope": "following", "starts": "17:00", "ends": "18:00"}).text).form()
    second = Page(officer.send(where, {"scope": "following", "starts": "19:00", "ends": "20:00"}).text).form()
    assert officer.post(where, data=first | {"then": "change"}).status_code == 303
    late = officer.post(where, data=second | {"then": "change"})
    assert late.status_code == 422
    assert "changed meanwhile" in Page(late.text).text()
    assert Page(late.text).form()["starts"] == "19:00"


def test_the_form_edits_from_a_date_on(officer: Client, app: Flask, series: Event) -> None:
    since = (series.starts_local + 5 * WEEK).date()
    where = f"/desk/events/{series.id}/edit?since={since}"
    fields = officer.page(where).form()
    assert (fields["starts_on"], fields["custom_rule"], fields["count"]) == (str(since), "FREQ=WEEKLY", "3")
    shown = officer.post(where, data=fields | {"title": "With coffee", "repeats": "biweekly", "count": "2"})
    page = Page(shown.text)
    assert "These go; nobody answered (1)" in page.text()
    done = officer.post(where, data=page.form() | {"then": "change"})
    following = int(done.location.rsplit("/", 1)[1])
    assert dates_of(app, following) == days(series, range(5, 8, 2))
    with app.app_context():
        assert db.session.get_one(Event, following).title == "With coffee"
        assert db.session.get_one(Event, series.id).title == "1433 beat meeting"
    assert officer.get(f"/desk/events/{series.id}/edit?since=2020-01-01").status_code == 404


def test_an_edit_that_cancels_answered_dates_says_so_first(
    officer: Client, app: Flask, series: Event
) -> None:
    where = f"/desk/events/{series.id}/edit"
    page = Page(officer.send(where, {"count": "4"}).text)
    assert "These are cancelled, because people answered (1)" in page.text()
    assert "These go; nobody answered (3)" in page.text()
    assert len(dates_of(app, series.id)) == 8
    assert officer.post(where, data=page.form() | {"then": "change"}).status_code == 303
    assert dates_of(app, series.id) == days(series, range(5)), "the fifth stays, cancelled"


@pytest.mark.parametrize(
    "rule", ("FREQ=DAILY;COUNT=10000", "FREQ=WEEKLY;UNTIL=20200101", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")
)
def test_a_rule_without_sense_keeps_everything_typed(officer: Client, series: Event, rule: str) -> None:
    typed = {"repeats": "custom", "custom_rule": rule, "count": "", "title": "Long typed title"}
    refused = officer.send(f"/desk/events/{series.id}/edit", typed)
    fields = Page(refused.text).form()
    assert refused.status_code == 422
    assert (fields["custom_rule"], fields["title"]) == (rule, "Long typed title")
