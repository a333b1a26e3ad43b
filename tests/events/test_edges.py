"""What an edit does to people who answered, and dates and numbers at the edge of what can be stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from forum.accounts.models import Role
from forum.core.errors import Refusal
from forum.events.models import Answer, Event, Occurrence
from forum.events.operations.events import edit_event
from forum.events.operations.rsvp import answer
from forum.extensions import db
from forum.notifications.models import Notification
from tests.events.test_views_desk import typed
from tests.factories import accounts
from tests.factories import events as make
from tests.pages import Client

Saved = Callable[[Callable[[], Any]], Any]


@pytest.fixture
def officer(client: Client, saved: Saved) -> Client:
    """A signed-in officer's browser."""
    accounts.sign_in(client, saved(lambda: accounts.person(Role.OFFICER)))
    return client


def told() -> list[tuple[str, int | None]]:
    found = db.session.query(Notification).filter(Notification.kind != "rsvp.confirmed")
    return [(n.kind, n.subject_id) for n in found.order_by(Notification.id)]


def come(occurrence: Occurrence) -> None:
    answer(actor=accounts.person(), occurrence=occurrence, answer=Answer.GOING)


def test_answers_move_with_a_single_event_whose_date_is_edited(work: Flask) -> None:
    event = make.event()
    date = event.occurrences[0]
    come(date)
    edit_event(actor=None, event=event, details=make.details(starts_local=make.evening(12)))
    assert [(o.id, o.cancelled, o.places_taken) for o in event.occurrences] == [(date.id, False, 1)]
    assert date.original_start == make.evening(12)
    assert not event.is_series
    assert told() == [("occurrence.moved", date.id)]


def test_who_answered_is_told_once_that_a_date_left_the_rule(work: Flask) -> None:
    event = make.event(rrule="FREQ=WEEKLY;COUNT=4")
    last = event.occurrences[3]
    come(last)
    edit_event(actor=None, event=event, details=make.details(rrule="FREQ=WEEKLY;COUNT=2"))
    assert last.cancelled
    assert told() == [("occurrence.cancelled", last.id)]


def test_the_same_details_again_change_nothing_and_tell_nobody(work: Flask) -> None:
    event = make.event(rrule="FREQ=WEEKLY;COUNT=4")
    for date in (event.occurrences[0], event.occurrences[3]):
        come(date)
    shorter = make.details(rrule="FREQ=WEEKLY;COUNT=2")
    edit_event(actor=None, event=event, details=shorter)
    sequence, before = event.sequence, told()
    assert edit_event(actor=None, event=event, details=shorter) == []
    assert (event.sequence, told()) == (sequence, before)


@pytest.mark.parametrize("field", ("extra_starts", "skipped_starts"))
def test_an_extra_date_beyond_the_calendar_is_refused(work: Flask, field: str) -> None:
    with pytest.raises(Refusal):
        make.event(**{field: (make.evening().replace(year=9999),)})


@pytest.mark.parametrize(
    "change",
    (
        {"starts_on": "9999-12-31", "all_day": "y"},
        {"starts_on": "9999-12-31", "ends": "01:00"},
        {"ends_on": "9999-12-31", "all_day": "y"},
        {"extra": "9999-12-31"},
        {"extra": "0001-01-01", "zone": "Asia/Tokyo"},
    ),
)
def test_a_date_beyond_the_calendar_is_a_fault_of_the_form(
    officer: Client, app: Flask, change: dict[str, str]
) -> None:
    assert officer.send("/desk/events/new", typed(app, **change)).status_code == 422


@pytest.mark.parametrize("day", ("0001-01-01", "9999-12-31"))
def test_a_date_is_not_moved_beyond_the_calendar(officer: Client, app: Flask, saved: Saved, day: str) -> None:
    path = date_path(app, saved)
    fields = {"starts_on": day, "starts": "22:00", "ends": "21:00"}
    assert officer.send(f"{path}/move", fields).status_code == 422


def test_a_blank_reason_is_a_fault_of_the_form(officer: Client, app: Flask, saved: Saved) -> None:
    assert officer.send(f"{date_path(app, saved)}/cancel", {"reason": "  "}).status_code == 422


@pytest.mark.parametrize(
    "path",
    (
        "/events?after=20260101T000000Z-999999999999",
        "/events?before=20260101T000000Z-999999999999",
        "/desk/events?after=2026-01-01T00:00:00~" + "9" * 30,
        "/desk/events?after=9999-12-31T23:59:59-23:59~1",
        "/desk/events?after=0001-01-01T00:00:00%2B10:00~1",
    ),
)
def test_a_key_that_no_row_can_have_begins_the_list_anew(officer: Client, saved: Saved, path: str) -> None:
    saved(make.event)
    assert "beat meeting" in officer.page(path).text()


def date_path(app: Flask, saved: Saved) -> str:
    event: Event = saved(lambda: make.event(rrule="FREQ=WEEKLY;COUNT=3"))
    with app.app_context():
        first = db.session.query(Occurrence).filter_by(event_id=event.id).order_by(Occurrence.id).first()
        assert first is not None
        return f"/desk/events/{event.id}/dates/{first.original_date.isoformat()}"


def test_feeds_are_offered_under_the_configured_address(app: Flask) -> None:
    for path in ("/calendars", "/calendars?kind=beat-meeting"):
        shown = app.test_client().get(path, base_url="https://elsewhere.example/").get_data(as_text=True)
        assert "elsewhere.example" not in shown
        assert "http://localhost/events" in shown
