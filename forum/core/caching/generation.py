"""The database's generation: a value that changes with every commit, by whichever process.

SQLite tells by ``PRAGMA data_version`` on a connection that does nothing else (it changes when *another* connection
commits, and every other connection of this process is another); PostgreSQL by its current snapshot.
"""

from __future__ import annotations

import atexit
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Hashable
from urllib.parse import quote

import sqlalchemy as sa

GRACE = 1.5  # seconds for which a copy may outlive its last confirmation; with the interval it makes the promised 2 s
OUTAGE = 60.0  # the same while the database cannot be asked


class Generation:
    """One state of the database. ``confirmed_at`` is when it was last known to be the current one (monotonic)."""

    __slots__ = ("confirmed_at", "value")

    def __init__(self, value: Hashable, confirmed_at: float) -> None:
        self.value = value
        self.confirmed_at = confirmed_at


class GenerationWatch:
    """Knows the current generation; asks *read* again when *interval* seconds have passed, in one thread at a time."""

    def __init__(
        self,
        read: Callable[[], Hashable],
        *,
        interval: float = 0.5,
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read = read
        self._interval = interval
        self._tick = tick
        self._lock = threading.Lock()
        self._due = float("-inf")
        self._away = False
        self.current: Generation | None = None

    def look(self, now: float) -> Generation | None:
        """The current generation, read anew when that is due; None when it cannot be told."""
        if now < self._due:
            return self.current
        # When somebody else is asking already, wait only if what is known has become too old to be served.
        wait = self._must_know(now)
        if self._lock.acquire(blocking=wait, timeout=GRACE if wait else -1):
            try:
                if now >= self._due:
                    self._ask()
            finally:
                self._lock.release()
        elif wait:
            self._away = True  # whoever asks hangs: the database counts as away until it answers
        return self.current

    def exact(self) -> Generation | None:
        """The generation at this moment, asked for now; None when the database is away."""
        if not self._lock.acquire(timeout=0.2):
            return None
        try:
            self._ask()
            return None if self._away else self.current
        finally:
            self._lock.release()

    def forget(self) -> None:
        """Start again with a connection of its own: the database file was replaced (restored from a backup, a test)."""
        with self._lock:
            close = getattr(self._read, "close", None)
            if close is not None:
                close()
            self.current, self._due, self._away = None, float("-inf"), False

    def soon(self) -> None:
        """Ask at the next request: this process has just written."""
        self._due = float("-inf")

    def fresh(self, generation: Generation, now: float) -> bool:
        """Whether an answer made under *generation* is right, as far as can be told while the database is away."""
        if generation is not self.current:
            return False
        return now - generation.confirmed_at <= (OUTAGE if self._away else GRACE)

    @staticmethod
    def bearable(generation: Generation, now: float) -> bool:
        """Whether an answer made under *generation* was right a moment ago: it serves while another is made."""
        return now - generation.confirmed_at <= GRACE

    def _must_know(self, now: float) -> bool:
        return not self._away and (self.current is None or now - self.current.confirmed_at > GRACE)

    def _ask(self) -> None:
        asked_at = self._tick()
        try:
            value = self._read()
        except (sqlite3.Error, sa.exc.SQLAlchemyError, OSError):
            self._away = True
        else:
            self._away = False
            if self.current is not None and self.current.value == value:
                self.current.confirmed_at = asked_at
            else:
                self.current = Generation(value, asked_at)
        self._due = asked_at + self._interval


def reader_for(database_url: str) -> Callable[[], Hashable]:
    """A function that reads the generation of the database at *database_url*; it keeps a connection of its own."""
    url = sa.make_url(database_url)
    if url.get_backend_name() != "sqlite":
        return _PostgreSQL(url)
    if not url.database or url.database == ":memory:":
        return object  # a database of one connection cannot be watched: every state is new, nothing is kept
    return _SQLite(url.database)


class _SQLite:
    """Reads ``PRAGMA data_version``: a few microseconds, no lock taken."""

    def __init__(self, path: str) -> None:
        # mode=rw: a database that is not there yet must not be made empty by looking.
        self._uri = f"file:{quote(os.path.abspath(path))}?mode=rw"
        self._connection: sqlite3.Connection | None = None
        self._owner = (0, 0)

    def __call__(self) -> Hashable:
        connection = self._connected()
        try:
            version: int = connection.execute("PRAGMA data_version").fetchone()[0]
        except sqlite3.Error:
            self._connection = None
            raise
        return self._owner, version

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> sqlite3.Connection:
        # A connection must not be carried over a fork. Versions of two connections cannot be compared, hence the owner.
        if self._connection is None or self._owner[0] != os.getpid():
            self._connection = sqlite3.connect(
                self._uri, uri=True, timeout=0.2, isolation_level=None, check_same_thread=False
            )
            self._owner = (os.getpid(), self._owner[1] + 1)
        return self._connection


class _PostgreSQL:
    """Reads the current snapshot: it names every transaction that is under way or done."""

    def __init__(self, url: sa.URL) -> None:
        self._url = url
        self._connection: sa.Connection | None = None
        self._pid = 0
        atexit.register(self.close)

    def __call__(self) -> Hashable:
        connection = self._connected()
        try:
            return str(connection.exec_driver_sql("SELECT pg_current_snapshot()::text").scalar_one())
        except sa.exc.SQLAlchemyError:
            connection.invalidate()
            self.close()
            raise

    def close(self) -> None:
        if self._connection is not None and self._pid == os.getpid():
            self._connection.close()
        self._connection = None

    def _connected(self) -> sa.Connection:
        if self._connection is None or self._pid != os.getpid():
            engine = sa.create_engine(
                self._url,
                poolclass=sa.NullPool,
                isolation_level="AUTOCOMMIT",
                connect_args={"connect_timeout": 2, "options": "-c statement_timeout=1000"},
            )
            self._connection, self._pid = engine.connect(), os.getpid()
        return self._connection
