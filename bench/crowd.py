"""The town that has talked for three years (``flask demo load-forum``) and parts of it, on either database, kept."""

from __future__ import annotations

import contextlib
import hashlib
import inspect
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from bench import postgres, servers, town
from forum import create_app
from forum.accounts.models import Person
from forum.config import Config
from forum.core import clock
from forum.core.transactions import unit_of_work
from forum.extensions import db

WHOLE, TENTH, HUNDREDTH = 1, 10, 100


@dataclass(frozen=True)
class Crowd(town.Town):
    """One *part*-th of it, in the database at *url*."""

    url: str
    part: int

    def environment(self, port: int) -> dict[str, str]:
        return super().environment(port) | {"FORUM_DATABASE_URL": self.url}


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """The server that the towns on PostgreSQL are in."""
    with postgres.server(town.FOLDER / "postgresql") as url:
        yield url


def crowd(say: Callable[[str], None], part: int = WHOLE, server: str = "", *, beside: str = "") -> Crowd:
    """The town on SQLite, or in a database of its own on the PostgreSQL *server*; loaded when it is not there yet.

    *beside* names one more like it, for who changes something there.
    """
    from forum.core.migrations import upgrade_if_needed
    from forum.demo import crowd as loading

    name = f"crowd-{part}" + (f"-{beside}" if beside else "") + ("-postgresql" if server else "")
    folder = town.FOLDER / name
    stamp, made_of = folder / "made-of", hashlib.sha256(inspect.getsource(loading).encode()).hexdigest()
    fresh = not stamp.exists() or stamp.read_text() != made_of
    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
    url = f"sqlite:///{folder / 'forum.db'}"
    if server:
        url = postgres.database(server, name.replace("-", "_"), fresh=fresh)
    config = Config(
        environment="demonstration", instance_dir=folder, base_url=town.BASE_URL, database_url=url
    )
    found = Crowd(create_app(config.completed()), folder, url, part)
    with found.app.app_context():
        upgrade_if_needed()
        if fresh:
            say(f"loading {loading.POSTS // part:,} posts" + (" into PostgreSQL" if server else ""))
            loading.load(lambda _done, _total, _text: None, part)
        with unit_of_work():  # filters hold what a new account writes on and on
            long = clock.now() - timedelta(days=30)
            db.session.execute(sa.update(Person).where(Person.created_at > long).values(created_at=long))
    stamp.write_text(made_of)
    return found


@contextlib.contextmanager
def serving(found: Crowd) -> Iterator[servers.Server]:
    """A server over it."""
    port = servers.free_port()
    server = servers.Server(
        servers.granian("wsgi:app", port), port, found.environment(port), found.folder / "server.log"
    )
    try:
        server.wait("/healthz")
        yield server
    finally:
        server.stop()
