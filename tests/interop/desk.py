"""What is done at the desk and by a resident while calendars are recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import select

from forum.accounts.models import Person
from forum.core import clock
from forum.events.models import Answer, Occurrence, Rsvp
from forum.events.operations.calendars import create_calendar_token
from forum.events.operations.details import details_of, details_since
from forum.events.operations.events import cancel_event, withdraw_event
from forum.events.operations.occurrences import cancel_occurrence
from forum.events.operations.rsvp import answer
from forum.events.operations.series import change_series
from forum.extensions import db
from tests.factories import accounts, events
from tests.interop.conftest import CHICAGO, Shown, Town, event_titled, move, shown_of

WEEK = 3  # the date in question, counted from 1


@dataclass(frozen=True)
class Change:
    """*does* is done to the series called *title*; *personal*: seen in the calendar of who answered for a date."""

    words: str
    title: str
    does: Callable[[str], Any]
    personal: bool = False


@cache  # a run that goes on over a Sunday's midnight counts from the Monday that it began with
def monday() -> datetime:
    """Midnight of the next one: weeks count from here."""
    today = clock.today(CHICAGO)
    return datetime.combine(today + timedelta(days=7 - today.weekday()), datetime.min.time())


def build() -> str:
    """Six Tuesdays at 18:30 for each change, two answers; returns the token of the resident's calendar."""
    person = accounts.person()
    start = monday() + timedelta(days=1, hours=18, minutes=30)
    for change in CHANGES:
        events.event(title=change.title, starts_local=start, rrule="FREQ=WEEKLY;COUNT=6")
        if change.personal:
            say(change.title, Answer.GOING)
    return create_calendar_token(actor=person, name="Phone")


def meant(town: Town, change: Change) -> list[Shown]:
    """What a calendar should show now of what *change* is about."""
    if not change.personal:
        return [entry for entry in town.truth() if entry.title.endswith(change.title)]
    with town.app.app_context():
        going = select(Rsvp).where(Rsvp.occurrence == the_date(change.title), Rsvp.answer == Answer.GOING)
        return [shown_of(rsvp.occurrence) for rsvp in db.session.scalars(going)]


def the_date(title: str) -> Occurrence:
    return event_titled(title).occurrences[WEEK - 1]


def move_by(days: int) -> Callable[[str], None]:
    return lambda title: move(the_date(title), timedelta(days=days))


def cancel_date(title: str) -> None:
    cancel_occurrence(actor=None, occurrence=the_date(title), reason="Snow.")


def split(title: str) -> None:
    """This date and all that follow begin at 20:00."""
    event, since = event_titled(title), the_date(title).original_date
    details = details_since(event, since)
    start = details.starts_local.replace(hour=20, minute=0)
    later = replace(details, starts_local=start, ends_local=start + timedelta(hours=1))
    change_series(actor=None, event=event, details=later, since=since)


def every_other_week(title: str) -> None:
    event = event_titled(title)
    change_series(
        actor=None, event=event, details=replace(details_of(event), rrule="FREQ=WEEKLY;INTERVAL=2;COUNT=6")
    )


def cancel_all(title: str) -> None:
    cancel_event(actor=None, event=event_titled(title), reason="No room.")


def withdraw(title: str) -> None:
    withdraw_event(actor=None, event=event_titled(title))


def say(title: str, what: Answer) -> None:
    person = db.session.scalars(select(Person)).one()
    answer(actor=person, occurrence=the_date(title), answer=what)


CHANGES = (
    Change("One date moves to Wednesday, two hours long", "Coffee", move_by(1)),
    Change("One date is cancelled", "Chess club", cancel_date),
    Change("This and all following move to 20:00: the series splits", "Night walk", split),
    Change("The rule becomes every other week, still six times", "Reading hour", every_other_week),
    Change("The whole series is cancelled", "Street watch", cancel_all),
    Change("The whole series is withdrawn: a draft again", "Youth night", withdraw),
    Change("A date that the person goes to moves to Thursday", "Beat meeting", move_by(2), personal=True),
    Change(
        "The person takes the answer back",
        "Town hall",
        lambda title: say(title, Answer.NOT_GOING),
        personal=True,
    ),
)
