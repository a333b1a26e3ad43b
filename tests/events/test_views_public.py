"""What everyone reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from forum.core import clock
from forum.events.operations.events import cancel_event
from forum.events.operations.occurrences import move_occurrence
from forum.extensions import db
from tests.factories import events as make
from tests.pages import Client

Saved = Callable[[Callable[[], Any]], Any]


def test_the_list_shows_public_events_and_no_draft(client: Client, saved: Saved) -> None:
    saved(lambda: [make.event(title="Lights on Kedzie"), make.event(title="Secret plan", published=False)])
    words = client.page("/events").text()
    assert "Lights on Kedzie" in words
    assert "Secret plan" not in words
    assert "1 event" in words


@pytest.mark.parametrize(
    ("query", "found"),
    (
        ("kind=town-hall", 1),
        ("kind=coffee", 0),
        ("q=kedzie", 1),
        ("q=KÉDZIE", 1),
        ("q=nothing", 0),
        ("from=2099-01-01", 0),
    ),
)
def test_filters_narrow_the_list(client: Client, saved: Saved, query: str, found: int) -> None:
    saved(lambda: make.event(title="Lights on Kedzie", kind="town-hall"))
    assert ("Lights on Kedzie" in client.page(f"/events?{query}").text()) is bool(found)


def test_pages_of_the_list_hold_every_event_once(client: Client, saved: Saved) -> None:
    saved(
        lambda: [
            make.event(title=f"Meeting number {n}", starts_local=make.evening(1 + n // 2)) for n in range(45)
        ]
    )
    seen: list[str] = []
    address: str | None = "/events"
    while address:
        page = client.page(address)
        seen += [a for a in page.links() if "-meeting-number-" in a]
        address = next((a.get("href") for a in page.all("a") if a.get("rel") == "next"), None)
    assert len(seen) == len(set(seen)) == 45


def test_past_events_have_their_own_list(client: Client, saved: Saved) -> None:
    saved(lambda: make.event(title="Long ago", starts_local=make.evening(-30)))
    assert "Long ago" not in client.page("/events").text()
    assert "Long ago" in client.page("/events?past=1").text()


def test_an_event_page_says_when_and_where(client: Client, saved: Saved) -> None:
    event = saved(lambda: make.event(title="Lights on Kedzie"))
    words = client.page(f"/events/{event.id}-{event.slug}").text()
    assert "6:30 to 7:30 pm" in words
    assert "Pulaski Park fieldhouse" in words


def test_an_old_or_short_address_leads_to_the_right_one(client: Client, saved: Saved) -> None:
    event = saved(make.event)
    for address in (f"/events/{event.id}", f"/events/{event.id}-other-words"):
        assert client.get(address).headers["Location"].endswith(f"/events/{event.id}-{event.slug}")


def test_a_draft_is_not_found(client: Client, saved: Saved) -> None:
    event = saved(lambda: make.event(published=False))
    assert client.get(f"/events/{event.id}-{event.slug}").status_code == 404
    assert client.get(f"/events/{event.id}/rsvp").status_code == 404
    assert client.get(f"/events/{event.id}.ics").status_code == 404


def test_every_date_of_a_series_has_a_page(client: Client, saved: Saved) -> None:
    event = saved(lambda: make.event(rrule="FREQ=WEEKLY;COUNT=3"))
    days = [o.original_date for o in saved(lambda: db.session.merge(event).occurrences[:])]
    for day in days:
        assert client.page(f"/events/{event.id}-{event.slug}/{day}").text()
    assert client.get(f"/events/{event.id}-{event.slug}/{days[0] + timedelta(days=1)}").status_code == 404


def test_a_moved_date_says_from_when(client: Client, saved: Saved) -> None:
    def prepare() -> Any:
        event = make.event(rrule="FREQ=WEEKLY;COUNT=3")
        first = event.occurrences[0]
        start = first.original_start + timedelta(days=1)
        move_occurrence(
            actor=None,
            occurrence=first,
            starts_local=start,
            ends_local=start + timedelta(hours=1),
            reason="The hall is taken",
        )
        return event

    event = saved(prepare)
    words = client.page(f"/events/{event.id}-{event.slug}").text()
    assert "Moved" in words
    assert "The hall is taken" in words


def test_a_cancelled_event_stays_with_its_reason(client: Client, saved: Saved) -> None:
    def prepare() -> Any:
        event = make.event()
        cancel_event(actor=None, event=event, reason="Heating is out")
        return event

    event = saved(prepare)
    assert "Heating is out" in client.page(f"/events/{event.id}-{event.slug}").text()
    assert "Cancelled" in client.page("/events").text()


def test_the_month_is_a_table_with_the_events_of_its_days(client: Client, saved: Saved, app: Any) -> None:
    with app.app_context():
        start = make.evening(3)
    saved(lambda: [make.event(title=f"Meeting {n}", starts_local=start) for n in range(5)])
    page = client.page(f"/events/calendar?month={start:%Y-%m}")
    assert "Meeting 0" in page.text()
    assert page.all("table")
    assert "2 more" in page.text()


def test_an_agenda_begins_today_and_says_where_the_earlier_days_are(client: Client, saved: Saved) -> None:
    with time_machine.travel(datetime(2026, 11, 17, 18, tzinfo=UTC), tick=False):
        saved(lambda: [make.event(starts_local=make.evening(days)) for days in (-5, 3)])
        page = client.page("/events/calendar")
        assert any("past" in (cell.get("class") or "").split() for cell in page.all("td"))
        assert "Earlier this month" in page.text()
        assert "Earlier this month" not in client.page("/events/calendar?month=2026-10").text()


@pytest.mark.parametrize("month", ("", "2026-13", "0000-01", "9999-12", "x" * 500, "1990-01", "2100-12"))
def test_no_month_breaks_the_calendar(client: Client, month: str) -> None:
    assert client.get("/events/calendar", query_string={"month": month}).status_code == 200


ODD = (
    "after=x",
    "after=20260101T000000Z-1",
    "before=1-1",
    "from=9999-99-99",
    "to=0",
    "neighborhood=%ff",
    "q=%25",
)


@pytest.mark.parametrize("query", ODD)
def test_no_query_breaks_the_list(client: Client, query: str) -> None:
    assert client.get(f"/events?{query}").status_code == 200


def test_a_nul_is_refused_at_the_door(client: Client) -> None:
    assert client.get("/events?to=%00").status_code == 400


def test_the_number_of_queries_does_not_grow_with_the_rows(
    client: Client, saved: Saved, count_queries: Any
) -> None:
    saved(lambda: make.event(title="One"))
    with count_queries() as one:
        client.get("/events?q=&x=1")
    saved(lambda: [make.event(title=f"More {n}") for n in range(5)])
    with count_queries() as many:
        client.get("/events?q=&x=2")
    assert len(one) == len(many) <= 8, many


def test_the_list_says_there_is_nothing_and_what_to_do(client: Client) -> None:
    assert "No event fits" in client.page("/events").text()


def test_a_visitor_is_sent_to_sign_in_and_back(client: Client, saved: Saved) -> None:
    event = saved(make.event)
    page = client.page(f"/events/{event.id}/rsvp")
    assert any("/account/sign-in?next=" in link for link in page.links())


def test_today_is_the_agencys_today(app: Any) -> None:
    with app.app_context():
        assert clock.today() == clock.to_local(clock.now()).date()


def test_a_date_is_found_without_the_readable_part_of_its_address(client: Client, saved: Saved) -> None:
    series = saved(lambda: make.event(title="Lights on Kedzie", rrule="FREQ=WEEKLY;COUNT=4"))
    single = saved(lambda: make.event(title="Town hall"))
    hidden = saved(lambda: make.event(title="Secret plan", published=False))
    whole = next(link for link in client.page("/events").links() if f"/events/{series.id}-" in link)
    day = whole.rpartition("/")[2]
    answer = client.get(f"/events/{series.id}/{day}")
    assert (answer.status_code, answer.headers["Location"]) == (301, whole)
    on = single.starts_local.date().isoformat()
    answer = client.get(f"/events/{single.id}/{on}")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/events/{single.id}-{single.slug}")
    for address in (f"{series.id}/1999-01-01", f"{series.id}/tomorrow", f"{hidden.id}/{on}", f"999999/{day}"):
        assert client.get(f"/events/{address}").status_code == 404
