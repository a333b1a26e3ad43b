"""Reminders: when they come, to whom, once, and never too late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.core import jobs
from forum.core.transactions import unit_of_work
from forum.events.models import Answer, Channel, Event, Occurrence, Place, Rsvp
from forum.events.operations.events import cancel_event
from forum.events.operations.extras import Extras, keep_extras
from forum.events.operations.occurrences import cancel_occurrence, move_occurrence, reinstate_occurrence
from forum.events.operations.reminders import remind
from forum.events.operations.rsvp import add_phone_in, answer
from forum.events.reminding import Occasion, moment_of
from forum.extensions import db
from forum.notifications.models import Delivery, Notification
from tests.factories import accounts
from tests.factories import events as make

Saved = Callable[[Callable[[], Any]], Any]
NOON = datetime(
    2026, 11, 10, 18, tzinfo=UTC
)  # 12:00 in Chicago; the date is a week later at 18:30, 00:30 UTC
START = datetime(2026, 11, 18, 0, 30, tzinfo=UTC)
REMINDERS = sa.select(Notification).where(Notification.kind == "rsvp.reminder").order_by(Notification.id)


@pytest.fixture
def frozen() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def date(frozen: time_machine.Traveller, app: Flask, saved: Saved) -> int:
    """A date a week ahead to which Rosa comes."""

    def prepare() -> int:
        found = make.occurrence(step_free=True)
        answer(actor=accounts.person(email="rosa@example.org"), occurrence=found, answer=Answer.GOING)
        return found.id

    return int(saved(prepare))


def run(app: Flask) -> list[Notification]:
    with app.app_context():
        jobs.run("events.remind")
        return list(db.session.scalars(REMINDERS))


def mails(app: Flask) -> list[EmailMessage]:
    with app.app_context():
        jobs.run("notifications.deliver")
    files = sorted((Path(app.instance_path) / "mail").glob("*.eml"))
    found = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    return [mail for mail in found if str(mail["Subject"]).startswith(("Tomorrow", "Soon"))]  # type: ignore[misc]


def choose(saved: Saved, *, day: bool, hours: bool) -> None:
    saved(
        lambda: keep_extras(
            rsvp=db.session.scalars(sa.select(Rsvp)).one(),
            extras=Extras(remind_day=day, remind_hours=hours),
        )
    )


def test_a_reminder_goes_out_a_day_before_and_says_what_one_needs(
    app: Flask, date: int, frozen: time_machine.Traveller
) -> None:
    frozen.move_to(START - timedelta(hours=24, minutes=1))
    assert run(app) == []
    frozen.move_to(START - timedelta(hours=24))
    assert len(run(app)) == 1
    assert len(run(app)) == 1
    (mail,) = mails(app)
    plain, calendar = (
        mail.get_body(("plain",)),
        [p for p in mail.walk() if p.get_content_type() == "text/calendar"],
    )
    assert plain is not None
    words = str(plain.get_content())
    assert mail["To"] == "rosa@example.org"
    assert mail["Subject"] == "Tomorrow: 1433 beat meeting"
    for part in ("We keep your place", "Pulaski Park", "6:30", "step-free entrance", "/rsvp", "/u/r"):
        assert part in words
    assert calendar[0].get_param("method") == "REQUEST"
    assert f"SEQUENCE:{sequence(app)}" in str(calendar[0].get_content())
    assert "PARTSTAT=ACCEPTED" in str(calendar[0].get_content()).replace("\r\n ", "")


def sequence(app: Flask) -> int:
    with app.app_context():
        found = db.session.scalars(sa.select(Occurrence)).one()
        return found.sequence + found.event.sequence


def test_two_hours_before_only_who_asked_for_it_hears(
    app: Flask, date: int, saved: Saved, frozen: time_machine.Traveller
) -> None:
    frozen.move_to(START - timedelta(hours=2))
    assert run(app) == []
    choose(saved, day=False, hours=True)
    assert len(run(app)) == 1
    assert mails(app)[0]["Subject"] == "Soon: 1433 beat meeting"


@pytest.mark.parametrize("late", (timedelta(hours=3), timedelta(hours=24), timedelta(hours=25)))
def test_a_worker_that_was_away_reminds_nobody_too_late(
    app: Flask, date: int, frozen: time_machine.Traveller, late: timedelta
) -> None:
    frozen.move_to(START - timedelta(hours=24) + late)
    assert run(app) == []


def test_who_answered_after_the_moment_has_a_confirmation_and_needs_no_reminder(
    app: Flask, date: int, saved: Saved, frozen: time_machine.Traveller
) -> None:
    frozen.move_to(START - timedelta(hours=23))
    with app.app_context(), unit_of_work():
        db.session.execute(sa.delete(Rsvp))
    saved(lambda: answer(actor=accounts.person(), occurrence=date, answer=Answer.GOING))
    frozen.shift(timedelta(minutes=5))
    assert run(app) == []


def test_who_waits_declined_or_left_no_address_is_not_reminded(
    app: Flask, date: int, saved: Saved, frozen: time_machine.Traveller
) -> None:
    def prepare() -> None:
        found = db.session.get_one(Occurrence, date)
        found.event.capacity = 1
        answer(actor=accounts.person(), occurrence=found, answer=Answer.GOING)  # waits
        answer(actor=accounts.person(), occurrence=found, answer=Answer.NOT_GOING)
        add_phone_in(actor=None, occurrence=found, name="Mrs. Alvarez", answer=Answer.MAYBE)

    saved(prepare)
    frozen.move_to(START - timedelta(hours=24))
    (told,) = run(app)
    with app.app_context():
        assert db.session.get_one(Rsvp, told.subject_id).place == Place.CONFIRMED


def test_a_guest_is_reminded_in_their_language(
    app: Flask, date: int, saved: Saved, frozen: time_machine.Traveller
) -> None:
    guest = Rsvp(
        occurrence_id=date, name="Gil", email="gil@example.org", language="es", channel=Channel.SITE,
        answer=Answer.MAYBE, place=Place.NONE,
    )  # fmt: skip
    saved(lambda: db.session.add(guest))
    frozen.move_to(START - timedelta(hours=24))
    assert len(run(app)) == 2
    assert {mail["To"] for mail in mails(app)} | {"gil@example.org"} == {
        "rosa@example.org",
        "gil@example.org",
    }


UNDONE: dict[str, Callable[[Occurrence], Any]] = {
    "cancelled": lambda date: cancel_occurrence(actor=None, occurrence=date, reason="Flood"),
    "called off": lambda date: cancel_event(actor=None, event=date.event, reason="Flood"),
    "moved": lambda date: move_occurrence(
        actor=None,
        occurrence=date,
        starts_local=make.evening(9),
        ends_local=make.evening(9, hour=20),
        reason="",
    ),
    "taken back": lambda date: answer(
        actor=db.session.scalars(sa.select(Rsvp)).one().person, occurrence=date, answer=Answer.NOT_GOING
    ),
    "unwanted": lambda date: keep_extras(
        rsvp=db.session.scalars(sa.select(Rsvp)).one(), extras=Extras(remind_day=False)
    ),
}


@pytest.mark.parametrize("name", UNDONE)
def test_a_reminder_is_withdrawn_when_it_is_not_true_any_more(
    app: Flask, date: int, saved: Saved, frozen: time_machine.Traveller, name: str
) -> None:
    frozen.move_to(START - timedelta(hours=24))
    run(app)
    saved(lambda: UNDONE[name](db.session.get_one(Occurrence, date)))
    assert mails(app) == []
    with app.app_context():
        assert db.session.scalars(REMINDERS).one().delivery is Delivery.WITHDRAWN


@pytest.mark.parametrize(
    ("start", "all_day", "occasion", "moment"),
    (
        ((2026, 11, 18, 18, 30), False, Occasion.DAY, (2026, 11, 17, 18, 30)),
        ((2026, 11, 18, 6, 0), False, Occasion.DAY, (2026, 11, 17, 8, 0)),
        ((2026, 11, 18, 23, 0), False, Occasion.DAY, (2026, 11, 17, 21, 0)),
        ((2026, 11, 18, 0, 0), True, Occasion.DAY, (2026, 11, 17, 9, 0)),
        ((2026, 11, 18, 0, 0), True, Occasion.HOURS, None),
        ((2026, 11, 18, 6, 0), False, Occasion.HOURS, (2026, 11, 18, 4, 0)),
        # Clocks go back on November 1st and forward on March 14th.
        ((2026, 11, 1, 23, 30), False, Occasion.DAY, (2026, 10, 31, 21, 0)),
        ((2026, 11, 1, 10, 0), False, Occasion.DAY, (2026, 10, 31, 10, 0)),
        ((2027, 3, 14, 10, 0), False, Occasion.DAY, (2027, 3, 13, 10, 0)),
        ((2026, 11, 2, 0, 0), True, Occasion.DAY, (2026, 11, 1, 9, 0)),
    ),
)
def test_the_moment_is_a_day_before_and_never_at_night(
    start: tuple[int, ...], all_day: bool, occasion: Occasion, moment: tuple[int, ...] | None
) -> None:
    event = Event(zone="America/Chicago", all_day=all_day)
    begins = datetime(*start, tzinfo=event.tz).astimezone(UTC)  # type: ignore[misc]
    expected = datetime(*moment, tzinfo=event.tz).astimezone(UTC) if moment else None  # type: ignore[misc]
    assert moment_of(occasion, begins, event) == expected


@given(
    minutes=st.integers(0, 60 * 24 * 500),
    zone=st.sampled_from(("America/Chicago", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "UTC")),
    all_day=st.booleans(),
)
def test_a_day_before_is_always_before_the_start_and_within_reach_of_the_job(
    minutes: int, zone: str, all_day: bool
) -> None:
    from forum.events.reminding import AHEAD, EVENING, MORNING

    event = Event(zone=zone, all_day=all_day)
    start = NOON + timedelta(minutes=minutes)
    if all_day:
        start = start.astimezone(event.tz).replace(hour=0, minute=0, tzinfo=event.tz).astimezone(UTC)
    moment = moment_of(Occasion.DAY, start, event)
    assert moment is not None
    assert timedelta(hours=12) < start - moment <= AHEAD
    assert (start.astimezone(event.tz).date() - moment.astimezone(event.tz).date()).days == 1
    assert MORNING <= moment.astimezone(event.tz).time() <= EVENING


STEPS = st.lists(
    st.tuples(
        st.sampled_from(("remind", "remind", "move", "cancel", "reinstate", "deliver", "going", "not_going")),
        st.integers(1, 60 * 14),
    ),
    min_size=4,
    max_size=14,
)


@given(steps=STEPS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_each_start_is_told_of_once_and_never_after_it(
    app: Flask, frozen: time_machine.Traveller, saved: Saved, steps: list[tuple[str, int]]
) -> None:
    frozen.move_to(NOON)

    def prepare() -> tuple[int, int]:
        db.session.execute(sa.delete(Notification))
        found, person = make.occurrence(starts_local=make.evening(2)), accounts.person()
        rsvp = answer(actor=person, occurrence=found, answer=Answer.GOING)
        keep_extras(rsvp=rsvp, extras=Extras(remind_hours=True))
        return found.id, person.id

    number, person_id = saved(prepare)
    for act, minutes in steps:
        frozen.shift(timedelta(minutes=minutes))
        with app.app_context():
            step(act, number, person_id)
    with app.app_context():
        told = list(db.session.scalars(REMINDERS.where(Notification.delivery != Delivery.PENDING)))
        starts = Counter(
            (found.subject_id, found.detail["occasion"], found.detail["start"]) for found in told
        )
        assert not starts or set(starts.values()) == {1}
        for found in told:
            begins = datetime.fromisoformat(found.detail["start"])
            assert found.created_at < begins
            assert found.delivery is Delivery.WITHDRAWN or found.finished_at < begins


def step(act: str, number: int, person_id: int) -> None:
    from forum.accounts.models import Person
    from forum.core.errors import Refusal

    if act in ("remind", "deliver"):
        jobs.run("events.remind" if act == "remind" else "notifications.deliver")
        return
    found = db.session.get_one(Occurrence, number)
    try:
        with unit_of_work():
            if act == "move":
                local = make.evening(2)
                move_occurrence(
                    actor=None,
                    occurrence=found,
                    starts_local=local,
                    ends_local=local + timedelta(hours=1),
                    reason="",
                )
            elif act == "cancel":
                cancel_occurrence(actor=None, occurrence=found, reason="Flood")
            elif act == "reinstate":
                reinstate_occurrence(actor=None, occurrence=found)
            else:
                answer(actor=db.session.get_one(Person, person_id), occurrence=found, answer=Answer(act))
    except Refusal:
        pass


def test_the_job_asks_once_where_nothing_is_due(
    app: Flask, date: int, frozen: time_machine.Traveller
) -> None:
    asked: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    frozen.move_to(START - timedelta(hours=20))
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        run(app)
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    assert sum("occurrence" in statement for statement in asked) == 1


def test_the_form_keeps_the_choice_and_offers_it_again(
    app: Flask, date: int, client: Any, saved: Saved
) -> None:
    other = saved(lambda: make.occurrence(title="Another").event_id)
    with app.app_context():
        rosa = db.session.scalars(sa.select(Rsvp)).one().person_id
        event_id = db.session.get_one(Occurrence, date).event_id
    accounts.sign_in(client, rosa)
    form = client.page(f"/events/{event_id}/rsvp").form(f"/events/{event_id}/rsvp")
    assert "remind_day" in form
    assert "remind_hours" not in form
    del form["remind_day"]
    client.post(f"/events/{event_id}/rsvp", data=form | {"remind_hours": "y", "answer": "going"})
    with app.app_context():
        kept = db.session.scalars(sa.select(Rsvp)).one()
        assert (kept.remind_day, kept.remind_hours) == (False, True)
    fresh = client.page(f"/events/{other}/rsvp").form(f"/events/{other}/rsvp")
    assert "remind_day" not in fresh
    assert "remind_hours" in fresh


def test_reminding_twice_at_once_is_reminding_once(
    app: Flask, date: int, frozen: time_machine.Traveller
) -> None:
    frozen.move_to(START - timedelta(hours=24))
    with app.app_context(), unit_of_work():
        assert remind(date) == 1
        assert remind(date) == 0
