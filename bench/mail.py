"""5,000 people are told that a date has moved: how long that takes, and what the site's readers notice of it."""

from __future__ import annotations

import contextlib
import http.client
import shutil
import sqlite3
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from bench import servers, town
from bench.browser import session_cookies
from bench.report import Row, limit
from forum.accounts.models import Person
from forum.core import clock
from forum.core.transactions import unit_of_work
from forum.events.models import Answer, Channel, EventKind, Occurrence, Place, Rsvp
from forum.events.operations.details import EventDetails
from forum.events.operations.events import create_event, publish_event
from forum.events.operations.occurrences import move_occurrence
from forum.extensions import db

if TYPE_CHECKING:
    from bench.scenarios import Bench

PEOPLE = 5000
READERS = 4  # of each kind, who look at a page, wait a moment, and look at the next
PAUSE = 0.1
BEFORE = 5.0  # seconds of the same readers without any mail, for comparison
PATIENCE = 180.0


def mail(bench: Bench) -> Iterator[Row]:
    """A site of its own with a mail server; its job worker sends while people read /events."""
    where = _copy(bench.town)
    notes = where.folder / "taken"
    sink_port, port = servers.free_port(), servers.free_port()
    environment = where.environment(port) | {"FORUM_SMTP_URL": f"smtp://127.0.0.1:{sink_port}"}
    sink = subprocess.Popen(
        [sys.executable, "-m", "bench.sink", str(sink_port), str(notes)], cwd=servers.ROOT
    )
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve"]
    site = servers.Server(command, port, environment, where.folder / "server.log")
    try:
        site.wait("/healthz")
        occurrence_id = _crowded(where)
        (cookie,) = session_cookies(where.app, 1)
        readers = {"visitor": "", "signed in": cookie}
        before: dict[str, list[float]] = {who: [] for who in readers}
        took: dict[str, list[float]] = {who: [] for who in readers}
        with _readers(site.port, readers, before):
            time.sleep(BEFORE)
        with _readers(site.port, readers, took):
            seconds = _move_and_wait(where, occurrence_id, notes)
    finally:
        site.stop()
        sink.kill()
        sink.wait()
    counts = Counter(_told(notes))
    if len(counts) != PEOPLE or set(counts.values()) != {1}:
        bench.failures.append(
            f"{len(counts):,} of {PEOPLE:,} were told, some {max(counts.values(), default=0)} times"
        )
    bench.say(f"{sum(counts.values()):,} mails in {seconds:.0f} s")
    rate = f"{len(counts):,} people, one mail each, {len(counts) / seconds:,.0f}/s"
    yield limit("5,000 change mails to a local mail server", seconds, "s", 60, rate)
    for who, found in took.items():
        half, quiet = statistics.median(found), _p99(before[who])
        note = f"99% of {len(found):,}, half below {half:.0f} ms; {quiet:.0f} ms without"
        yield limit(f"/events meanwhile, {who}", _p99(found), "ms", 300, note)


def _copy(origin: town.Town) -> town.Town:
    """The town with a folder of its own, so that no other worker takes its mail."""
    folder = town.FOLDER / "mail"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copyfile(origin.folder / "secret-key", folder / "secret-key")
    with contextlib.closing(sqlite3.connect(origin.folder / "forum.db")) as database:
        database.execute("VACUUM INTO ?", (str(folder / "forum.db"),))
    return town.open_town(folder)


def _crowded(where: town.Town) -> int:
    """A date to which PEOPLE come."""
    start = clock.now().replace(tzinfo=None, microsecond=0) + timedelta(days=30)
    with where.app.app_context(), unit_of_work():
        kind = db.session.scalars(select(EventKind.id).order_by(EventKind.position)).first()
        assert kind is not None
        details = EventDetails(
            title="An evening that moves",
            kind_id=kind,
            zone=clock.agency_zone().key,
            starts_local=start,
            ends_local=start + timedelta(hours=2),
            place_name="Town hall",
        )
        event = create_event(actor=None, details=details)
        publish_event(actor=None, event=event)
        occurrence: Occurrence = event.occurrences[0]
        _answer(occurrence.id)
        return occurrence.id


def _answer(occurrence_id: int) -> None:
    now = clock.now()
    addresses = [f"moves-{n}@example.org" for n in range(PEOPLE)]
    people = [
        {"email": address, "email_folded": address, "name": f"Resident {n}", "confirmed_at": now}
        for n, address in enumerate(addresses)
    ]
    answered = {
        "occurrence_id": occurrence_id,
        "channel": Channel.SITE,
        "answer": Answer.GOING,
        "place": Place.CONFIRMED,
    }
    ids = db.session.scalars(insert(Person).returning(Person.id), people).all()
    db.session.execute(insert(Rsvp), [answered | {"person_id": number} for number in ids])


def _move_and_wait(where: town.Town, occurrence_id: int, notes: Path) -> float:
    """Seconds from the commit of the move until the last mail is there."""
    start = clock.now().replace(tzinfo=None, microsecond=0) + timedelta(days=31)
    with where.app.app_context(), unit_of_work():
        occurrence = db.session.get_one(Occurrence, occurrence_id)
        move_occurrence(
            actor=None,
            occurrence=occurrence,
            starts_local=start,
            ends_local=start + timedelta(hours=2),
            reason="The hall is being painted.",
        )
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE and len(_told(notes)) < PEOPLE:
        time.sleep(0.25)
    return time.monotonic() - began


def _told(notes: Path) -> list[str]:
    """Who got a mail about the move; what the town had to say besides does not count."""
    return [line for line in notes.read_text().splitlines() if line.startswith("moves-")]


@contextlib.contextmanager
def _readers(port: int, cookies: dict[str, str], took: dict[str, list[float]]) -> Iterator[None]:
    """People of each kind read /events during the block; their milliseconds go into *took*."""
    stop = threading.Event()

    def read(who: str, cookie: str) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while not stop.is_set():
            began = time.perf_counter()
            connection.request("GET", "/events", headers={"Cookie": cookie} if cookie else {})
            connection.getresponse().read()
            took[who].append((time.perf_counter() - began) * 1000)
            stop.wait(PAUSE)
        connection.close()

    threads = [threading.Thread(target=read, args=pair) for pair in cookies.items() for _ in range(READERS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _p99(found: list[float]) -> float:
    return sorted(found)[int(len(found) * 0.99)]
