"""Databases to measure on: the demonstration town, and the same with 500,000 events; kept in ``instance/bench``."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from bench.servers import ROOT
from forum import create_app
from forum.config import Config
from forum.core import clock
from forum.core.transactions import unit_of_work
from forum.events.models import Answer, Event, EventKind, Occurrence
from forum.extensions import db

FOLDER = ROOT / "instance" / "bench"
UPCOMING = 1000  # entries of the feed that is measured
LARGE = 500_000
# Stored calendar bytes hold the site's address: one for all runs, whatever port is free.
BASE_URL = "http://localhost:8000"


@dataclass(frozen=True)
class Town:
    """An instance directory with its application, bound in this process too."""

    app: Flask
    folder: Path

    @property
    def config(self) -> Config:
        config: Config = self.app.config["FORUM"]
        return config

    def environment(self, port: int) -> dict[str, str]:
        """What a server of this town is started with."""
        return {
            "FORUM_ENVIRONMENT": "demonstration",
            "FORUM_INSTANCE_DIR": str(self.folder),
            "FORUM_BASE_URL": BASE_URL,
            "FORUM_PORT": str(port),
            "FORUM_LOG_LEVEL": "WARNING",
        }


def demonstration(say: Callable[[str], None]) -> Town:
    """The town of today with a feed of UPCOMING entries; loaded once a day."""
    folder = FOLDER / "town"
    stamp = folder / "made-on"
    today = clock.now().date().isoformat() + _schema()
    if not stamp.exists() or stamp.read_text() != today:
        shutil.rmtree(folder, ignore_errors=True)
        town = open_town(folder)
        say("loading the town")
        with town.app.app_context():
            _load()
            _fill_up()
        stamp.write_text(today)
        return town
    return open_town(folder)


def large(town: Town, say: Callable[[str], None]) -> Town:
    """A copy of *town* with LARGE events; all the added ones lie before the feed's window."""
    folder = FOLDER / "large"
    stamp = folder / "made-on"
    origin = (town.folder / "made-on").read_text()
    if not stamp.exists() or stamp.read_text() != origin:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        shutil.copyfile(town.folder / "secret-key", folder / "secret-key")
        say(f"making {LARGE:,} events")
        began = time.monotonic()
        database = sqlite3.connect(town.folder / "forum.db")
        database.execute("VACUUM INTO ?", (str(folder / "forum.db"),))
        database.close()
        _multiply(folder / "forum.db")
        say(f"made in {time.monotonic() - began:.0f} s")
        stamp.write_text(origin)
    return open_town(folder)


def open_town(folder: Path) -> Town:
    config = Config(environment="demonstration", instance_dir=folder, base_url=BASE_URL).completed()
    return Town(create_app(config), folder)


def _schema() -> str:
    return " " + max(path.name for path in (ROOT / "migrations" / "versions").glob("*.py"))


def _load() -> None:
    from forum.core.migrations import upgrade_if_needed
    from forum.demo import town

    upgrade_if_needed()
    town.load(lambda done, total, text: None)


def _fill_up() -> None:
    """Add single events until the feed has UPCOMING entries (a series is one, however many dates it has)."""
    from forum.events.operations.details import EventDetails
    from forum.events.operations.events import create_event, publish_event
    from forum.events.queries.feeds import Window, public_feed
    from forum.events.queries.filters import EventFilters

    window = Window.current()
    entries = db.session.execute(public_feed(window, EventFilters())).all()
    missing = UPCOMING - len(entries)
    kind = db.session.scalars(select(EventKind.id).order_by(EventKind.position)).first()
    assert kind is not None
    with unit_of_work():
        for number in range(max(0, missing)):
            start = clock.now().replace(tzinfo=None, microsecond=0) + timedelta(days=7 + number % 365)
            details = EventDetails(
                title=f"Community meeting {number}", kind_id=kind, zone=clock.agency_zone().key, starts_local=start,
                ends_local=start + timedelta(hours=1), story="We meet, you ask, we answer. Everyone is welcome.",
                place_name="Pulaski Park fieldhouse", place_address="1419 W. Blackhawk",
            )  # fmt: skip
            publish_event(actor=None, event=create_event(actor=None, details=details))


def _multiply(path: Path) -> None:
    """Copy single past events, with their areas, until there are LARGE; each copy lies 60 days to 20 years back."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode=OFF")
    database.execute("PRAGMA synchronous=OFF")
    database.execute("PRAGMA cache_size=-200000")
    events, highest = database.execute("SELECT count(*), max(id) FROM event").fetchone()
    columns = [row[1] for row in database.execute("PRAGMA table_info(event)")]
    made = {
        "id": "? + n", "uid": "'bench-' || n", "source_key": "NULL",
        "title": "title || ' ' || n", "status": "'published'",
        "rrule": "NULL", "extra_starts": "'[]'", "skipped_starts": "'[]'", "materialized_until": "NULL",
        "published_at": "coalesce(published_at, created_at)",
        "starts_local": "strftime('%Y-%m-%d %H:%M:00.000000', 'now', '-60 days', '-' || (n * 21) || ' minutes')",
    }  # fmt: skip
    chosen = ", ".join(made.get(column, f'"{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    database.execute("BEGIN")
    database.execute(
        "CREATE TEMP TABLE model AS SELECT id, row_number() OVER (ORDER BY id) - 1 AS turn FROM event"
    )
    database.execute(
        "CREATE TEMP TABLE copy AS WITH RECURSIVE c(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM c WHERE n < ?) "
        "SELECT n, model.id AS of FROM c JOIN model ON model.turn = n % ?",
        (LARGE - events, events),
    )
    database.execute(
        f"INSERT INTO event ({names}) SELECT {chosen} FROM copy JOIN event ON event.id = copy.of", (highest,)
    )
    database.execute(
        "INSERT INTO event_neighborhood (event_id, neighborhood_id) SELECT ? + n, neighborhood_id "
        "FROM copy JOIN event_neighborhood ON event_id = of",
        (highest,),
    )
    database.execute(
        "INSERT INTO occurrence (event_id, original_date, original_start, starts_at, ends_at, listed, kind_id, moved, "
        "cancelled, reason, sequence, updated_at, places_taken, places_offered, waiting, next_ticket, "
        "walk_ins) "
        "SELECT id, date(starts_local), starts_local, strftime('%Y-%m-%d %H:%M:00.000000', starts_local, '6 hours'), "
        "strftime('%Y-%m-%d %H:%M:00.000000', starts_local, '7 hours'), 1, kind_id, 0, 0, '', 0, updated_at, "
        "0, 0, 0, 1, 0 "
        "FROM event WHERE id > ?",
        (highest,),
    )
    database.execute("COMMIT")
    database.execute("ANALYZE")
    database.execute("PRAGMA journal_mode=WAL")
    database.close()


def answerable() -> Occurrence:
    """A date ahead that anybody may answer to, without a limit."""
    found = (
        select(Occurrence)
        .join(Occurrence.event)
        .where(
            Occurrence.listed, ~Occurrence.cancelled, Occurrence.starts_at > clock.now() + timedelta(days=2)
        )
        .where(Event.capacity.is_(None), Event.status == "published", Event.rsvp_policy == "welcome")
        .order_by(Occurrence.starts_at)
    )
    occurrence = db.session.scalars(found.limit(1)).first()
    assert occurrence is not None, "the town has no event to answer to"
    return occurrence


ANSWERS = tuple(str(answer) for answer in Answer)
