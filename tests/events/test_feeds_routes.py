"""The addresses that calendars and feed readers ask for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser
import icalendar
import pytest
import time_machine
from flask import Flask
from sqlalchemy import event as sqlalchemy_event

from forum.accounts.models import Person
from forum.core import clock
from forum.core.logging import safe_path
from forum.events.models import Answer, Event, EventKind
from forum.events.operations.calendars import create_calendar_token, revoke_calendar_token
from forum.events.operations.events import cancel_event, edit_event, publish_event, withdraw_event
from forum.events.operations.kinds import save_kind
from forum.events.operations.occurrences import cancel_occurrence, move_occurrence
from forum.events.operations.rsvp import answer
from forum.extensions import db
from tests.factories import accounts as people
from tests.factories import events as make
from tests.factories import neighborhoods as areas

NOON = datetime(2026, 11, 20, 18, tzinfo=UTC)  # in Chicago
Save = Callable[[Callable[[], Any]], Any]


@pytest.fixture
def travel() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as travelling:
        yield travelling


@pytest.fixture
def fetch(app: Flask, travel: Any) -> Callable[..., Any]:
    """Ask past the visitor cache, which has tests of its own."""
    app_client = app.test_client()
    app_client.set_cookie("lang", "en")

    def get(path: str, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return app_client.get(path, headers=named)

    return get


def summaries(response: Any) -> list[str]:
    assert response.status_code == 200
    return sorted(str(entry["SUMMARY"]) for entry in entries(response))


def entries(response: Any) -> list[Any]:
    return icalendar.Calendar.from_ical(response.get_data()).walk("VEVENT")


def again(made: Event) -> Event:
    return db.session.get_one(Event, made.id)


def test_feed_has_every_public_event_and_no_draft(saved: Save, fetch: Any) -> None:
    saved(lambda: (make.event(title="Open"), make.event(title="Draft", published=False)))
    assert summaries(fetch("/events.ics")) == ["Open"]


def test_filters_are_those_of_the_list(saved: Save, fetch: Any) -> None:
    def town() -> None:
        area = areas.neighborhood("Austin")
        make.event(title="Coffee", kind="coffee", starts_local=make.evening(3), neighborhood_ids=(area.id,))
        make.event(title="Meeting", starts_local=make.evening(20))

    saved(town)
    assert summaries(fetch("/events.ics?kind=coffee")) == ["Coffee"]
    assert summaries(fetch("/events.ics?neighborhood=austin")) == ["Coffee"]
    assert summaries(fetch("/events.ics?neighborhood=city-wide")) == ["Meeting"]
    assert summaries(fetch("/events.ics?q=meet")) == ["Meeting"]
    assert summaries(fetch("/events.ics?from=2026-12-01")) == ["Meeting"]
    assert summaries(fetch("/events.ics?to=2026-12-01")) == ["Coffee"]
    assert summaries(fetch("/events.ics?kind=none-such")) == []
    assert summaries(fetch("/events.ics?from=garbage&to=99999-99-99&past=1")) == ["Coffee", "Meeting"]


def test_neighborhood_and_kind_have_feeds_of_their_own(saved: Save, fetch: Any) -> None:
    def town() -> None:
        area = areas.neighborhood("Austin")
        make.event(title="Coffee", kind="coffee", neighborhood_ids=(area.id,))
        make.event(title="Meeting")

    saved(town)
    assert summaries(fetch("/neighborhoods/austin/events.ics")) == ["Coffee"]
    assert summaries(fetch("/events/kinds/beat-meeting.ics")) == ["Meeting"]
    assert fetch("/neighborhoods/none-such/events.ics").status_code == 404
    assert fetch("/events/kinds/none-such.ics").status_code == 404
    named = icalendar.Calendar.from_ical(fetch("/neighborhoods/austin/events.ics").get_data())
    assert named["X-WR-CALNAME"] == "Springfield Police Department: events in Austin"


def test_window_reaches_a_month_back_and_eighteen_months_ahead(saved: Save, fetch: Any) -> None:
    def town() -> None:
        for title, days in (("Old", -31), ("Lately", -29), ("Far", 540), ("Too far", 560)):
            make.event(title=title, starts_local=make.evening(days))
        make.event(title="Series", starts_local=make.evening(-400), rrule="FREQ=DAILY;INTERVAL=3")

    saved(town)
    assert summaries(fetch("/events.ics")) == ["Far", "Lately", "Series"]


def test_windows_edge_moves_at_the_agencys_midnight_only(saved: Save, fetch: Any, travel: Any) -> None:
    saved(lambda: make.event(title="Old", starts_local=make.evening(-30)))
    first = fetch("/events.ics")
    assert summaries(first) == ["Old"]
    travel.move_to(datetime(2026, 11, 21, 5, 59, 59, tzinfo=UTC))
    assert fetch("/events.ics").get_data() == first.get_data()
    assert fetch("/events.ics").headers["Last-Modified"] == first.headers["Last-Modified"]
    travel.move_to(datetime(2026, 11, 21, 6, 0, 1, tzinfo=UTC))
    moved = fetch("/events.ics")
    assert summaries(moved) == []
    assert moved.headers["Last-Modified"] == "Sat, 21 Nov 2026 06:00:00 GMT"


def test_cancelled_event_stays_until_a_week_after_its_end(saved: Save, fetch: Any, travel: Any) -> None:
    made = saved(lambda: make.event(title="Coffee", starts_local=make.evening(2)))
    saved(lambda: cancel_event(actor=None, event=again(made), reason="No room."))
    (entry,) = entries(fetch("/events.ics"))
    assert (entry["STATUS"], entry["SEQUENCE"], entry["UID"]) == ("CANCELLED", 1, made.uid)
    travel.shift(timedelta(days=8))
    assert summaries(fetch("/events.ics")) == ["Cancelled: Coffee"]
    travel.shift(timedelta(days=2))
    assert summaries(fetch("/events.ics")) == []


def test_withdrawal_leaves_the_feed_at_once_and_moves_its_validators(
    saved: Save, fetch: Any, travel: Any
) -> None:
    made = saved(lambda: make.event(title="Spam"))
    before = fetch("/events.ics")
    travel.shift(timedelta(minutes=5))
    saved(lambda: withdraw_event(actor=None, event=again(made)))
    after = fetch("/events.ics")
    assert summaries(after) == []
    assert after.headers["ETag"] != before.headers["ETag"]
    assert after.headers["Last-Modified"] == "Fri, 20 Nov 2026 18:05:00 GMT"
    assert fetch(f"/events/{made.id}.ics").status_code == 404
    stale = fetch("/events.ics", If_Modified_Since=before.headers["Last-Modified"])
    assert stale.status_code == 200


def test_two_fetches_without_a_change_are_the_same_bytes_and_the_second_is_not_sent(
    saved: Save, fetch: Any, travel: Any
) -> None:
    saved(lambda: [make.event(title=f"Event {n}", rrule="FREQ=WEEKLY") for n in range(3)])
    first = fetch("/events.ics")
    travel.shift(timedelta(hours=3))
    assert fetch("/events.ics").get_data() == first.get_data()
    same = fetch("/events.ics", If_None_Match=first.headers["ETag"])
    assert (same.status_code, same.get_data()) == (304, b"")


@pytest.mark.parametrize("path", ("/events.ics", "/events.atom", "/events/kinds/coffee.ics"))
def test_public_feed_is_one_text_for_all_and_sets_no_cookie(path: str, saved: Save, fetch: Any) -> None:
    saved(lambda: make.event(kind="coffee"))
    response = fetch(path, Accept_Language="es")
    assert response.get_data() == fetch(path).get_data()
    assert "Set-Cookie" not in response.headers
    assert response.headers["Vary"] == "Accept-Encoding"
    assert response.headers["Cache-Control"].startswith("public, max-age=")
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_language_is_asked_for_in_the_address(saved: Save, fetch: Any) -> None:
    def spanish() -> None:
        db.session.query(EventKind).filter_by(slug="coffee").update({"names": {"en": "Coffee", "es": "Café"}})
        make.event(kind="coffee")

    saved(spanish)
    assert "CATEGORIES:Café" in fetch("/events.ics?lang=es").get_data(as_text=True)
    assert "CATEGORIES:Café" in fetch("/events.ics?lang=es").get_data(as_text=True)  # kept the second time
    assert "CATEGORIES:Coffee" in fetch("/events.ics?lang=xx").get_data(as_text=True)


def test_bytes_made_otherwise_are_made_anew_without_a_write(saved: Save, fetch: Any) -> None:
    made = saved(lambda: make.event(title="Coffee", rrule="FREQ=WEEKLY"))

    def age() -> None:
        again(made).vevents, again(made).vevents_made = b"BEGIN:VEVENT\r\nOLD\r\nEND:VEVENT\r\n", "0:old"

    saved(age)
    assert summaries(fetch("/events.ics")) == ["Coffee"]
    assert saved(lambda: again(made).vevents_made) == "0:old"


def test_new_name_of_a_kind_is_in_the_feed_at_once(saved: Save, fetch: Any, travel: Any) -> None:
    saved(lambda: make.event(kind="coffee"))

    def rename(name: str) -> None:
        kind = make.kind("coffee")
        save_kind(actor=None, names={"en": name}, color=kind.color, shape=kind.shape, kind=kind)

    for name in ("Tea", "Cocoa"):
        travel.shift(timedelta(minutes=1))
        saved(lambda name=name: rename(name))
        response = fetch("/events.ics")
        assert f"CATEGORIES:{name}\r\n" in response.get_data(as_text=True)
    assert response.headers["Last-Modified"] == "Fri, 20 Nov 2026 18:02:00 GMT"


def test_one_event_is_a_file_with_its_exceptions(saved: Save, fetch: Any) -> None:
    made = saved(lambda: make.event(title="Coffee", rrule="FREQ=WEEKLY"))

    def change() -> None:
        _, second, third = again(made).occurrences[:3]
        start = second.original_start + timedelta(hours=1)
        move_occurrence(
            actor=None, occurrence=second, starts_local=start, ends_local=start + timedelta(hours=1)
        )
        cancel_occurrence(actor=None, occurrence=third, reason="Snow.")

    saved(change)
    response = fetch(f"/events/{made.id}.ics")
    assert response.headers["Content-Disposition"] == "attachment; filename=coffee.ics"
    assert [str(entry["STATUS"]) for entry in entries(response)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert [entry["SEQUENCE"] for entry in entries(response)] == [0, 1, 1]


def test_one_date_is_a_file_without_the_series(saved: Save, fetch: Any) -> None:
    made = saved(lambda: make.event(rrule="FREQ=WEEKLY"))
    day = made.occurrences[2].original_date
    (entry,) = entries(fetch(f"/events/{made.id}/{day}.ics"))
    assert entry["UID"] == made.uid
    assert entry["RECURRENCE-ID"].dt.date() == day
    assert fetch(f"/events/{made.id}/{day + timedelta(days=1)}.ics").status_code == 404
    assert fetch(f"/events/{made.id}/yesterday.ics").status_code == 404


def test_drafts_have_no_file(saved: Save, fetch: Any) -> None:
    draft = saved(lambda: make.event(published=False))
    assert fetch(f"/events/{draft.id}.ics").status_code == 404
    assert fetch(f"/events/{draft.id}/{draft.occurrences[0].original_date}.ics").status_code == 404
    assert fetch("/events/999999.ics").status_code == 404


def test_feed_asks_the_database_as_often_for_many_events_as_for_one(
    app: Flask, saved: Save, fetch: Any
) -> None:
    saved(make.event)
    asked: list[str] = []
    with app.app_context():
        engine = db.engine

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    sqlalchemy_event.listen(engine, "before_cursor_execute", count)
    try:
        for path in ("/events.ics", "/events.atom", "/events.ics?lang=es"):
            asked.clear()
            fetch(path)
            alone = len(asked)
            saved(lambda: [make.event(rrule="FREQ=MONTHLY") for _ in range(3)])
            asked.clear()
            fetch(path)
            assert len(asked) == alone, path
    finally:
        sqlalchemy_event.remove(engine, "before_cursor_execute", count)


def test_atom_lists_lately_changed_events_with_their_next_date(saved: Save, fetch: Any, travel: Any) -> None:
    first = saved(lambda: make.event(title="First", rrule="FREQ=WEEKLY", starts_local=make.evening(-10)))
    travel.shift(timedelta(minutes=1))
    saved(
        lambda: (
            make.event(title="Second", kind="coffee"),
            make.event(title="Past", starts_local=make.evening(-3)),
        )
    )
    feed = feedparser.parse(fetch("/events.atom").get_data())
    assert not feed.bozo
    assert [entry.title for entry in feed.entries] == ["Second", "First"]
    assert feed.entries[1].summary.startswith("Tuesday, November 24, 2026")
    assert feed.entries[1].id == f"urn:uuid:{first.uid}"
    travel.shift(timedelta(minutes=1))

    def edit() -> None:
        changed = make.details(title="First, changed", rrule="FREQ=WEEKLY", starts_local=make.evening(-10))
        edit_event(actor=None, event=again(first), details=changed)

    saved(edit)
    feed = feedparser.parse(fetch("/events.atom").get_data())
    assert [entry.title for entry in feed.entries] == ["First, changed", "Second"]
    only = feedparser.parse(fetch("/events.atom?kind=coffee").get_data())
    assert [entry.title for entry in only.entries] == ["Second"]


# ---- A person's own ----


def token_of(saved: Save, person: Person, name: str = "phone") -> str:
    return saved(lambda: create_calendar_token(actor=db.session.get_one(Person, person.id), name=name))


def test_personal_calendar_has_followed_areas_and_answers_an_event_once(saved: Save, fetch: Any) -> None:
    def town() -> tuple[Person, Event]:
        person, area = people.person(), areas.neighborhood("Austin")
        areas.follow(person, area)
        followed = make.event(title="In Austin", rrule="FREQ=WEEKLY", neighborhood_ids=(area.id,))
        series = make.event(title="Answered", rrule="FREQ=WEEKLY")
        make.event(title="Neither")
        refused = make.event(title="Refused")
        answer(actor=person, occurrence=followed.occurrences[1], answer=Answer.GOING)
        answer(actor=person, occurrence=series.occurrences[1], answer=Answer.GOING)
        answer(actor=person, occurrence=series.occurrences[3], answer=Answer.MAYBE)
        answer(actor=person, occurrence=refused.occurrences[0], answer=Answer.NOT_GOING)
        return person, series

    person, series = saved(town)
    response = fetch(f"/calendar/{token_of(saved, person)}.ics")
    found = [
        (str(e["SUMMARY"]), str(e["STATUS"]), "RECURRENCE-ID" in e, "RRULE" in e) for e in entries(response)
    ]
    assert found == [
        ("In Austin", "CONFIRMED", False, True),
        ("Answered", "CONFIRMED", True, False),
        ("Answered", "TENTATIVE", True, False),
    ]
    assert {str(e["UID"]) for e in entries(response)[1:]} == {series.uid}


def test_who_waits_is_not_shown_as_attending(saved: Save, fetch: Any) -> None:
    def town() -> Person:
        made = make.event(title="Full", capacity=1)
        answer(actor=people.person(), occurrence=made.occurrences[0], answer=Answer.GOING)
        waiting = people.person()
        answer(actor=waiting, occurrence=made.occurrences[0], answer=Answer.GOING)
        return waiting

    (entry,) = entries(fetch(f"/calendar/{token_of(saved, saved(town))}.ics"))
    assert (entry["SUMMARY"], entry["STATUS"]) == ("Waitlist: Full", "TENTATIVE")


def test_personal_calendar_is_kept_by_nobody(saved: Save, fetch: Any) -> None:
    address = f"/calendar/{token_of(saved, saved(people.person))}.ics"
    response = fetch(address)
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert "Access-Control-Allow-Origin" not in response.headers
    assert "Set-Cookie" not in response.headers
    assert b"SOURCE" not in response.get_data()
    assert address.split("/")[2].encode() not in response.get_data()
    assert fetch(address, If_None_Match=response.headers["ETag"]).status_code == 304


def test_wrong_and_revoked_addresses_are_not_found(saved: Save, fetch: Any) -> None:
    person = saved(people.person)
    phone, laptop = token_of(saved, person), token_of(saved, person, "laptop")
    assert fetch(f"/calendar/{phone}.ics").status_code == 200
    for wrong in (phone[:-1], phone + "a", phone.swapcase(), "x", "x" * 5000, "%20"):
        assert fetch(f"/calendar/{wrong}.ics").status_code == 404

    def revoke() -> None:
        owner = db.session.get_one(Person, person.id)
        assert revoke_calendar_token(actor=owner, token_id=1) == "phone"

    saved(revoke)
    assert fetch(f"/calendar/{phone}.ics").status_code == 404
    assert fetch(f"/calendar/{laptop}.ics").status_code == 200


def test_suspended_persons_address_is_not_found(saved: Save, fetch: Any) -> None:
    person = saved(people.person)
    token = token_of(saved, person)

    def suspend() -> None:
        db.session.get_one(Person, person.id).suspended_at = clock.now()

    saved(suspend)
    assert fetch(f"/calendar/{token}.ics").status_code == 404


def test_withdrawn_event_leaves_personal_calendars(saved: Save, fetch: Any) -> None:
    def town() -> tuple[Person, Event]:
        person, made = people.person(), make.event(title="Spam")
        answer(actor=person, occurrence=made.occurrences[0], answer=Answer.GOING)
        return person, made

    person, made = saved(town)
    address = f"/calendar/{token_of(saved, person)}.ics"
    assert summaries(fetch(address)) == ["Spam"]
    saved(lambda: withdraw_event(actor=None, event=again(made)))
    assert summaries(fetch(address)) == []
    saved(lambda: publish_event(actor=None, event=again(made)))
    assert summaries(fetch(address)) == ["Spam"]


def test_feed_of_a_site_without_events_is_a_valid_calendar(fetch: Any) -> None:
    response = fetch("/events.ics")
    assert summaries(response) == []
    assert response.headers["Last-Modified"] == "Fri, 20 Nov 2026 06:00:00 GMT"


def test_log_names_the_address_without_its_token(app: Flask) -> None:
    with app.test_request_context("/calendar/very-secret-token.ics"):
        assert safe_path() == "/calendar/<token>.ics"


def test_page_of_an_event_holds_one_event_for_search_engines(saved: Save, client: Any) -> None:
    made = saved(lambda: make.event(title="</script>Coffee & <b>talk</b>", rrule="FREQ=WEEKLY"))
    day = made.occurrences[2].original_date
    for path in (f"/events/{made.id}-{made.slug}", f"/events/{made.id}-{made.slug}/{day}"):
        page = client.page(path)
        (block,) = [script for script in page.all("script") if script.get("type") == "application/ld+json"]
        data = json.loads(block.text)
        assert (data["@type"], data["name"]) == ("Event", "</script>Coffee & <b>talk</b>")
        linked = [link.get("href") for link in page.all("link") if link.get("type") == "text/calendar"]
        assert linked == [f"http://localhost/events/{made.id}.ics"]
    assert data["startDate"][:10] == str(day)
