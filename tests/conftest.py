"""One application and one database a worker; every test finds them as new.

``FORUM_TEST_DATABASE`` is ``sqlite`` (a file copied from a migrated one) or ``postgresql`` (tables emptied).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g
from flask_migrate import upgrade
from hypothesis import HealthCheck, settings
from sqlalchemy import event, text

from forum import create_app
from forum.config import Config
from forum.core import fleeting_limits, limits
from forum.extensions import db
from tests import servers
from tests.pages import Client

BACKEND = os.environ.get("FORUM_TEST_DATABASE", "sqlite")
# How long an example takes says something of the machine's load and nothing of the code.
settings.register_profile("forum", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("forum")
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
    _empty(site_app, database_url)
    yield site_app


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


def _empty(app: Flask, url: str) -> None:
    app.extensions["visitor_cache"].forget()  # it watches the file that is about to be replaced
    with app.app_context():
        if BACKEND == "sqlite":
            _template(url, save=False)
        else:
            tables = ", ".join(f'"{t.name}"' for t in db.metadata.sorted_tables if t.name not in KEPT)
            with db.engine.begin() as connection:
                connection.execute(
                    text("SET LOCAL session_replication_role = replica")
                )  # passes the ledger's trigger
                connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
        if BACKEND == "postgresql":
            _sow()
    for name in ("mail", "uploads", "concern-pictures"):
        shutil.rmtree(Path(app.instance_path) / name, ignore_errors=True)
    with app.app_context():
        limits.reset()
        fleeting_limits.reset()
