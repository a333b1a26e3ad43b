"""One application and one database a worker; every test finds them as new.

``FORUM_TEST_DATABASE`` is ``sqlite`` (a file copied from a migrated one) or ``postgresql`` (tables emptied).
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask, g
from flask_migrate import upgrade
from hypothesis import HealthCheck, settings
from sqlalchemy import event, text

from forum import create_app
from forum.config import Config
from forum.core import fleeting_limits, limits
from forum.core.search import lengths
from forum.extensions import db
from forum.moderation import registry
from tests import servers
from tests.factories.moderation import KIND
from tests.pages import Client

if TYPE_CHECKING:
    from playwright.sync_api import Browser

BACKEND = os.environ.get("FORUM_TEST_DATABASE", "sqlite")
# How long an example takes says something of the machine's load and nothing of the code. The same examples each time:
# whoever changed nothing breaks nothing. FORUM_TEST_EXPLORE=1 draws new ones.
DRAWN_WELL = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
EXPLORE = bool(os.environ.get("FORUM_TEST_EXPLORE"))
settings.register_profile("forum", deadline=None, derandomize=not EXPLORE, suppress_health_check=DRAWN_WELL)
settings.load_profile("forum")
LONG = (
    "tests/test_access", "tests/test_hostile", "tests/test_migrations", "tests/demo", "tests/cli/test_serve",
    "tests/journeys/test_every_page", "tests/events/test_rsvp_under_fire", "tests/events/test_writes_under_fire",
    "tests/notifications/test_killed_workers", "tests/test_injection",
)  # fmt: skip
TURN = 20  # seconds: longer than a test takes that counts by the hour
SEEDED: dict[str, list[Any]] = {}  # what migrations put into those, for tests that change it
KEPT = {
    "alembic_version",
    "concern_category",
    "concern_opening",
    "event_kind",
    "moderation_rule",
    "moderation_rules",
    "moderation_setting",
}
RESTART = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false) FROM pg_sequences
WHERE last_value IS NOT NULL AND sequencename <> ALL(:kept)
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files begin first, so that no worker is left alone with one at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Begin no test right before an hour ends: the keys that limits count by change with it, and days end so, too."""
    left = 3600 - time.time() % 3600
    if left < TURN:
        time.sleep(left + 0.1)


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty database of this worker's own."""
    if BACKEND == "postgresql":
        with servers.postgres_database() as url:
            yield url
    else:
        yield f"sqlite:///{tmp_path_factory.mktemp('database')}/forum.db"


@pytest.fixture(scope="session")
def site_app(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The worker's one application, migrated."""
    config = Config(
        environment="test",
        secret_key="the-key-of-the-tests-" + "x" * 40,
        base_url="http://localhost",
        database_url=database_url,
        instance_dir=tmp_path_factory.mktemp("instance"),
        agency_name="Springfield Police Department",
        answer_mail_pause=0,
    ).completed()
    app = create_app(config)
    app.test_client_class = Client
    with app.app_context():
        upgrade()
        if BACKEND == "sqlite":
            _template(database_url, save=True)
        else:
            SEEDED.update({name: _rows(name) for name in KEPT - {"alembic_version"}})
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    counts = getattr(app.extensions["fleeting_limits"].storage, "path", None)
    if counts is not None:  # it lies in shared memory, which outlives the run
        shutil.rmtree(Path(counts).parent, ignore_errors=True)


@pytest.fixture
def app(site_app: Flask, database_url: str) -> Iterator[Flask]:
    """The application over an empty database."""
    empty(site_app, database_url)
    yield site_app


@pytest.fixture(scope="module", autouse=True)
def no_notes_of_others() -> Iterator[None]:
    """What a module gave to moderate (tests/factories/moderation.py) lies in this process, not in the database."""
    yield
    registry.kinds.pop(KIND, None)


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """An application context for operations and queries. Do not use a client inside it: they would share a session."""
    with app.app_context():
        yield app


@pytest.fixture
def work(context: Flask) -> Iterator[Flask]:
    """Inside an open unit of work: factories and operations may be called one after another."""
    g.writing = True
    yield context
    db.session.rollback()


@pytest.fixture
def client(app: Flask) -> Any:
    """A visitor's browser, whose every page is linted (tests/pages.py)."""
    return app.test_client()


@pytest.fixture(scope="module")  # a process has one driver at a time, and other modules have theirs
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    with servers.running_chromium() as browser:
        yield browser


@pytest.fixture
def saved(app: Flask) -> Callable[[Callable[[], Any]], Any]:
    """``saved(make)`` runs *make* in a unit of work of its own and commits; what it returns is detached but loaded."""

    def run(make: Callable[[], Any]) -> Any:
        with app.app_context():
            g.writing = True
            made = make()
            db.session.flush()
            db.session.expire_on_commit = False  # type: ignore[attr-defined]
            db.session().expire_on_commit = False
            db.session.commit()
            return made

    return run


@pytest.fixture
def count_queries(app: Flask) -> Callable[[], Any]:
    """``with count_queries() as statements:`` collects every SELECT, INSERT, UPDATE and DELETE sent meanwhile."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        statements: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if statement.split(None, 1)[0].upper() in ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH"):
                statements.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            event.remove(engine, "before_cursor_execute", note)

    return counting


def _template(url: str, *, save: bool) -> None:
    path = Path(url.removeprefix("sqlite:///"))
    kept = path.with_suffix(".template")
    db.engine.dispose()
    if save:
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
        shutil.copyfile(path, kept)
        return
    for leftover in (path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        leftover.unlink(missing_ok=True)
    shutil.copyfile(kept, path)


def _rows(name: str) -> list[Any]:
    table = db.metadata.tables[name]
    with db.engine.connect() as connection:
        return [dict(row) for row in connection.execute(table.select().order_by(table.c.id)).mappings()]


def _sow() -> None:
    """Bring back what migrations put into the tables that are kept, where a test has changed it."""
    for table in [table for table in db.metadata.sorted_tables if table.name in SEEDED]:
        rows = SEEDED[table.name]
        if _rows(table.name) != rows:
            with db.engine.begin() as connection:
                connection.execute(table.delete())
                connection.execute(table.insert(), rows)
                # Their ids were given; the next row's comes behind them.
                newest = f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) FROM \"{table.name}\""
                connection.execute(text(newest))


def _delete_rows() -> None:
    """Empty what has rows and restart what has counted: a TRUNCATE of all tables takes longer than most tests."""
    names = [f'"{table.name}"' for table in db.metadata.sorted_tables if table.name not in KEPT]
    filled = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in names)
    with db.engine.begin() as connection:
        # Passes the ledger's trigger and every foreign key.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for name in connection.execute(text(filled)).scalars().all():
            connection.execute(text(f"DELETE FROM {name}"))
        connection.execute(text(RESTART), {"kept": [f"{name}_id_seq" for name in KEPT]})


def empty(app: Flask, url: str) -> None:
    """Leave *app* over its database at *url* as new."""
    app.extensions["visitor_cache"].forget()  # it watches the file that is about to be replaced
    with app.app_context():
        if BACKEND == "sqlite":
            _template(url, save=False)
        else:
            _delete_rows()
            _sow()
    for name in ("mail", "uploads", "concern-pictures"):
        shutil.rmtree(Path(app.instance_path) / name, ignore_errors=True)
    with app.app_context():
        lengths.forget()
        limits.reset()
        fleeting_limits.reset()
