"""One date of a series, this and all following, all: what becomes of dates, answers, addresses and calendars."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import icalendar
import pytest
from flask import Flask

from forum.core import clock
from forum.core.errors import Refusal
from forum.events.models import Answer, Event, FormerDate, Occurrence
from forum.events.operations.changes import version_of
from forum.events.operations.details import EventDetails, details_of, details_since, moved_series
from forum.events.operations.events import edit_event
from forum.events.operations.occurrences import cancel_occurrence, move_occurrence
from forum.events.operations.rsvp import answer
from forum.events.operations.series import change_series, plan_series
from forum.extensions import db
from forum.notifications.models import Notification
from tests.factories import accounts
from tests.factories import events as make
from tests.pages import Client

DAY, WEEK = timedelta(days=1), timedelta(days=7)


def weekly(rule: str = "FREQ=WEEKLY;COUNT=8", **changes: object) -> Event:
    return make.event(rrule=rule, **changes)


def come(occurrence: Occurrence) -> int:
    return answer(actor=accounts.person(), occurrence=occurrence, answer=Answer.GOING).id


def told() -> list[tuple[str, int | None]]:
    found = db.session.query(Notification).filter(Notification.kind != "rsvp.confirmed")
    return [(n.kind, n.subject_id) for n in found.order_by(Notification.id)]


def later(date: Occurrence, shift: timedelta) -> EventDetails:
    """Details of the series from *date* on, each date *shift* later."""
    event, start = date.event, date.original_start + shift
    end = start + timedelta(minutes=event.minutes)
    return moved_series(details_since(event, date.original_date), date.original_start, start, end)


def starts(event: Event) -> list[datetime]:
    db.session.refresh(event, ["occurrences"])
    return [clock.to_local(date.starts_at, event.tz).replace(tzinfo=None) for date in event.occurrences]


def test_following_dates_move_to_another_weekday_with_their_answers(work: Flask) -> None:
    event = weekly()
    first = event.starts_local
    dates = list(event.occurrences)
    coming = [come(dates[1]), come(dates[3]), come(dates[5])]
    details = later(dates[3], DAY)
    following = change_series(actor=None, event=event, details=details, since=dates[3].original_date)
    assert following.id != event.id
    assert starts(event) == [first + n * WEEK for n in range(3)]
    assert starts(following) == [first + n * WEEK + DAY for n in range(3, 8)]
    assert [date.id for date in following.occurrences] == [date.id for date in dates[3:]]
    assert [dates[n].places_taken for n in (1, 3, 5)] == [1, 1, 1]
    assert told() == [("occurrence.moved", dates[3].id), ("occurrence.moved", dates[5].id)]
    assert len(coming) == 3


def test_a_split_keeps_the_old_address_and_the_first_name_of_every_date(work: Flask) -> None:
    event = weekly()
    day = event.occurrences[4].original_date
    following = change_series(actor=None, event=event, details=later(event.occurrences[4], DAY), since=day)
    date = following.occurrences[0]
    assert db.session.get(FormerDate, (event.id, day)).occurrence_id == date.id  # type: ignore[union-attr]
    assert (date.known_uid, date.known_start) == (event.uid, event.starts_local + 4 * WEEK)
    assert (following.follows_uid, following.status) == (event.uid, event.status)
    assert following.sequence + date.sequence > event.sequence - 1


def test_from_the_first_date_on_is_all_of_them(work: Flask) -> None:
    event = weekly()
    date = event.occurrences[0]
    changed = change_series(actor=None, event=event, details=later(date, DAY), since=date.original_date)
    assert changed.id == event.id
    assert starts(event)[:2] == [event.starts_local, event.starts_local + WEEK]
    assert event.occurrences[0].id == date.id


def test_exceptions_stay_in_their_turn(work: Flask) -> None:
    event = weekly()
    dates = list(event.occurrences)
    for_once = dates[5].original_start + 2 * DAY
    move_occurrence(
        actor=None, occurrence=dates[5], starts_local=for_once, ends_local=for_once + timedelta(hours=1)
    )
    cancel_occurrence(actor=None, occurrence=dates[6], reason="A holiday.")
    elsewhere = {
        "starts_local": dates[7].original_start,
        "ends_local": dates[7].original_start + timedelta(hours=1),
    }
    move_occurrence(
        actor=None, occurrence=dates[7], place_name="Church", place_address="1 Elm St.", **elsewhere
    )
    following = change_series(
        actor=None, event=event, details=later(dates[4], DAY), since=dates[4].original_date
    )
    assert starts(following)[1:] == [
        for_once, event.starts_local + 6 * WEEK + DAY, event.starts_local + 7 * WEEK + DAY
    ]  # fmt: skip
    assert [date.cancelled for date in following.occurrences] == [False, False, True, False]
    assert following.occurrences[3].place_name == "Church"


def test_another_rhythm_cancels_what_people_answered_and_drops_the_rest(work: Flask) -> None:
    event = weekly()
    dates = list(event.occurrences)
    come(dates[3])
    wanted = replace(details_since(event, dates[2].original_date), rrule="FREQ=WEEKLY;INTERVAL=2;COUNT=3")
    plan = plan_series(event, wanted, dates[2].original_date)
    assert [date.id for date, _start in plan.stays] == [dates[n].id for n in (2, 4, 6)]
    assert ([date.id for date in plan.kept], [date.id for date in plan.gone]) == (
        [dates[3].id],
        [dates[5].id, dates[7].id],
    )
    following = change_series(actor=None, event=event, details=wanted, since=dates[2].original_date)
    assert [(date.id, date.cancelled) for date in following.occurrences] == [
        (dates[n].id, n == 3) for n in (2, 3, 4, 6)
    ]
    assert told() == [("occurrence.cancelled", dates[3].id)]


def test_extra_and_skipped_dates_go_where_they_belong(work: Flask) -> None:
    first = make.evening()
    event = weekly(
        extra_starts=(first + DAY, first + 5 * WEEK + DAY), skipped_starts=(first + WEEK, first + 6 * WEEK)
    )
    day = (first + 4 * WEEK).date()
    details = replace(details_since(event, day), title="New name")
    following = change_series(actor=None, event=event, details=details, since=day)
    assert (event.extra_starts, event.skipped_starts) == (
        [(first + DAY).isoformat()],
        [(first + WEEK).isoformat()],
    )
    assert (following.extra_starts, following.skipped_starts) == (
        [(first + 5 * WEEK + DAY).isoformat()],
        [(first + 6 * WEEK).isoformat()],
    )
    assert len(event.occurrences) + len(following.occurrences) == 8
    assert (event.title, following.title) == ("1433 beat meeting", "New name")


def test_the_second_of_two_officers_is_told_that_the_series_changed(work: Flask) -> None:
    event = weekly()
    version, day = version_of(event), event.occurrences[4].original_date
    details = later(event.occurrences[4], DAY)
    change_series(actor=None, event=event, details=details, since=day, version=version)
    with pytest.raises(Refusal, match="changed meanwhile"):
        change_series(actor=None, event=event, details=details, since=day, version=version)
    with pytest.raises(Refusal, match="no longer in the series"):
        change_series(actor=None, event=event, details=details, since=day)


@pytest.mark.parametrize("rule", ("FREQ=DAILY;COUNT=10000", "FREQ=WEEKLY;UNTIL=20200101"))
def test_a_rule_that_makes_far_too_many_dates_or_none_is_refused_before_anything_changes(
    work: Flask, rule: str
) -> None:
    event = weekly()
    details = replace(details_of(event), rrule=rule)
    with pytest.raises(Refusal):
        plan_series(event, details)
    with pytest.raises(Refusal):
        change_series(actor=None, event=event, details=details, since=event.occurrences[2].original_date)


def test_all_dates_move_in_turn_too(work: Flask) -> None:
    event = weekly()
    first, dates = event.starts_local, list(event.occurrences)
    come(dates[2])
    start = dates[2].original_start - DAY
    details = moved_series(details_of(event), dates[2].original_start, start, start + timedelta(hours=2))
    edit_event(actor=None, event=event, details=details)
    assert starts(event) == [first + n * WEEK - DAY for n in range(8)]
    assert [date.id for date in event.occurrences] == [date.id for date in dates]
    assert told() == [("occurrence.moved", dates[2].id)]


def test_old_addresses_lead_on_and_old_forms_still_count(saved: Any, client: Client) -> None:
    def make_and_split() -> tuple[int, Event, str]:
        event = weekly()
        date = event.occurrences[4]
        day = date.original_date
        return event.id, change_series(actor=None, event=event, details=later(date, DAY), since=day), str(day)

    old, following, day = saved(make_and_split)
    new_day = str(following.starts_local.date())
    page = client.get(f"/events/{old}-1433-beat-meeting/{day}")
    assert (page.status_code, page.location) == (301, f"/events/{following.id}-1433-beat-meeting/{new_day}")
    assert f"/events/{following.id}-" in client.page(f"/events/{old}-1433-beat-meeting").html
    person = saved(lambda: accounts.person().id)
    accounts.sign_in(client, person)
    form = client.page(f"/events/{old}/rsvp/{day}").form("rsvp/" + new_day)
    answered = client.post(f"/events/{old}/rsvp/{day}", data=form | {"answer": "going", "party_size": "1"})
    assert answered.status_code == 303
    with client.application.app_context():
        assert db.session.get_one(Occurrence, following.occurrences[0].id).places_taken == 1


def test_calendars_of_a_split_series(saved: Any, client: Client) -> None:
    def make_and_split() -> tuple[Event, Event]:
        event = weekly()
        return event, change_series(
            actor=None,
            event=event,
            details=later(event.occurrences[4], DAY),
            since=event.occurrences[4].original_date,
        )

    event, following = saved(make_and_split)
    old_day = (event.starts_local + 4 * WEEK).date()
    whole = icalendar.Calendar.from_ical(client.get(f"/events/{event.id}.ics").data).walk("VEVENT")
    assert [(str(entry["UID"]), str(entry.get("RELATED-TO", ""))) for entry in whole] == [
        (event.uid, ""),
        (following.uid, event.uid),
    ]
    (one,) = icalendar.Calendar.from_ical(client.get(f"/events/{event.id}/{old_day}.ics").data).walk("VEVENT")
    assert str(one["UID"]) == event.uid
    assert one["RECURRENCE-ID"].dt.replace(tzinfo=None) == event.starts_local + 4 * WEEK
    assert one["DTSTART"].dt.replace(tzinfo=None) == following.starts_local
