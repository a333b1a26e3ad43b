"""A running site with events of every shape, and what a calendar should show of them."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.message import Message
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select

from forum import create_app
from forum.config import Config
from forum.core import clock
from forum.core.transactions import unit_of_work
from forum.events.feeds.vevent import is_cancelled
from forum.events.models import Event, EventStatus, Occurrence
from forum.events.operations.events import cancel_event, postpone_event
from forum.events.operations.occurrences import cancel_occurrence, move_occurrence
from forum.extensions import db
from tests import servers
from tests.factories import events, neighborhoods

CHICAGO = ZoneInfo("America/Chicago")  # where the town is
DAYS = 300  # how far ahead clients are asked: across both clock changes, well inside the window
HOSTILE = 'Café; "déjà vu", \\n 10:30\u2028ok 🚓🚒 ' + "長い名前" * 12


@dataclass(frozen=True, order=True)
class Shown:
    """One entry of a calendar: moments in UTC, or dates (the end exclusive) when all-day."""

    start: str
    end: str
    title: str
    status: str


@dataclass
class Town:
    """The site in its own processes, and an application of ours over the same database to change it."""

    site: servers.Site
    app: Flask

    def change(self, what: Callable[[], Any]) -> Any:
        """Run *what* as one unit of work, committed."""
        with self.app.app_context(), unit_of_work():
            return what()

    def get(self, path: str, **headers: str) -> tuple[bytes, Message]:
        """Body and headers of a plain GET; HTTPError for anything but 200."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        asked = urllib.request.Request(self.site.url + path, headers=named)
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return answer.read(), answer.headers

    def body(self, path: str = "/events.ics") -> bytes:
        return self.get(path)[0]

    def truth(self, uid: str | None = None) -> list[Shown]:
        """What a calendar should show from today on for DAYS days."""
        with self.app.app_context():
            first = clock.today()
            rows = db.session.scalars(
                select(Occurrence).join(Occurrence.event).where(Occurrence.listed)
            ).all()
            shown = [(local_day(row), shown_of(row), row.event.uid) for row in rows]
            return sorted(
                entry
                for day, entry, of in shown
                if first <= day < first + timedelta(DAYS) and uid in (None, of)
            )

    def wait_for(self, path: str, before: bytes) -> bytes:
        """The feed once it differs from *before*: at most 2 s after the commit."""
        servers.wait_until(lambda: self.body(path) != before, what=f"{path} to follow the commit")
        return self.body(path)


def local_day(row: Occurrence) -> date:
    return row.starts_at.astimezone(row.event.tz).date()


def shown_of(row: Occurrence) -> Shown:
    event = row.event
    start, end = (moment.astimezone(event.tz) for moment in (row.starts_at, row.ends_at))
    title = event.title.replace("\u2028", "")
    status = "CONFIRMED"
    if is_cancelled(event, row):
        status, title = "CANCELLED", f"Cancelled: {title}"
    elif event.status == EventStatus.POSTPONED:
        status, title = "TENTATIVE", f"Postponed: {title}"
    if event.all_day:
        return Shown(start.date().isoformat(), end.date().isoformat(), title, status)
    return Shown(utc(start), utc(end), title, status)


def utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%MZ")


def local(written: str) -> datetime:
    """What ``utc`` wrote, on the town's wall clock: its evening is the next day in UTC, but not in summer."""
    moment = datetime.strptime(written, "%Y-%m-%d %H:%MZ").replace(tzinfo=UTC)
    return moment.astimezone(CHICAGO).replace(tzinfo=None)


@pytest.fixture(scope="session")
def town() -> Iterator[Town]:
    """Events of every shape: see ``build``."""
    with servers.running_site({"FORUM_AGENCY_NAME": "Springfield; Police, Dept."}, start=False) as site:
        config = Config.from_env({k: v for k, v in site.environment.items() if k.startswith("FORUM_")})
        built = Town(site, create_app(config))
        built.change(build)
        site.start()
        yield built


def build() -> None:
    """Two zones, days and times, rules with exceptions of each kind, text that breaks parsers, every status."""
    monday = clock.today() + timedelta(days=7 - clock.today().weekday())
    evening = datetime.combine(monday, datetime.min.time()).replace(hour=18, minute=30)
    single_events(evening)
    rules(evening)
    weekly_with_exceptions(evening + timedelta(days=1))
    whole_days(evening.replace(hour=0, minute=0))


def single_events(evening: datetime) -> None:
    story = "**Bring** questions; we answer.\n\n- one, two\n- три " + "é" * 200
    described = {"story": story, "contact_email": "beat@town.example", "latitude": 41.9, "longitude": -87.7}
    events.event(title=HOSTILE, starts_local=evening, **described)
    events.event(
        title="Night shift", starts_local=evening.replace(hour=23), ends_local=evening + timedelta(hours=9)
    )
    online = {"online_url": "https://meet.town.example/x?a=b,c;d", "place_name": "", "place_address": ""}
    events.event(title="Online", starts_local=evening + timedelta(days=3), **online)
    off = events.event(title="Off", starts_local=evening + timedelta(days=4))
    cancel_event(actor=None, event=off, reason="No room.")
    later = events.event(title="Later", starts_local=evening + timedelta(days=5))
    postpone_event(actor=None, event=later, reason="?")


def rules(evening: datetime) -> None:
    tuesday = (evening + timedelta(days=1)).replace(hour=12)
    nth = (tuesday.day - 1) // 7 + 1
    until = (evening + timedelta(days=200)).strftime("%Y%m%d")
    monthly = f"FREQ=MONTHLY;BYDAY={nth if nth < 5 else -1}TU;UNTIL={until}"
    events.event(title="Monthly", starts_local=tuesday, rrule=monthly)
    thrice = "FREQ=WEEKLY;INTERVAL=3;COUNT=9"
    events.event(title="Nine times", starts_local=evening + timedelta(days=2, hours=-6), rrule=thrice)
    abroad = evening.replace(hour=9)
    events.event(title="Berlin", zone="Europe/Berlin", starts_local=abroad, rrule="FREQ=WEEKLY;BYDAY=MO,TH")


def weekly_with_exceptions(start: datetime) -> None:
    area = neighborhoods.neighborhood("Austin")
    series = events.event(
        title="Weekly coffee",
        kind="coffee",
        starts_local=start,
        rrule="FREQ=WEEKLY",
        neighborhood_ids=(area.id,),
        skipped_starts=(start + timedelta(days=21),),
        extra_starts=(start + timedelta(days=23), start + timedelta(days=149)),
    )
    events.event(
        title="Twin of it", starts_local=start, rrule="FREQ=WEEKLY"
    )  # the same moments under another UID
    second, third, fourth = [one for one in series.occurrences if one.original_start.weekday() == 1][1:4]
    move(second, timedelta(days=1, hours=1), place_name="Church, annex", place_address="1 Elm St.")
    cancel_occurrence(actor=None, occurrence=third, reason="Snow.")
    move(fourth, timedelta(days=40))


def whole_days(midnight: datetime) -> None:
    events.event(title="Fair", all_day=True, starts_local=midnight, ends_local=midnight + timedelta(days=2))
    days = {"all_day": True, "starts_local": midnight, "ends_local": midnight + timedelta(days=1)}
    street = events.event(title="Street days", rrule="FREQ=WEEKLY;INTERVAL=2", **days)
    cancel_occurrence(actor=None, occurrence=street.occurrences[2], reason="Rain.")


def move(one: Occurrence, shift: timedelta, **place: str) -> None:
    """Move a date by *shift*, two hours long from now on."""
    start = one.original_start + shift
    move_occurrence(
        actor=None, occurrence=one, starts_local=start, ends_local=start + timedelta(hours=2), **place
    )


def event_titled(title: str) -> Event:
    """For ``town.change``: one of the town's events."""
    return db.session.scalars(select(Event).where(Event.title == title)).one()
