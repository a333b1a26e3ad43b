"""Where limits count: Redis when there is one, a SQLite file of its own, and memory as the last resort."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import structlog
from limits.storage import MemoryStorage, MovingWindowSupport, RedisStorage, Storage

R = TypeVar("R")
PAUSE = 10.0  # seconds a store that failed is left alone
PURGE = 60.0  # seconds between removals of what has expired
log = structlog.get_logger(__name__)

SCHEMA = """
CREATE TABLE IF NOT EXISTS hit (key TEXT NOT NULL, at REAL NOT NULL, until REAL NOT NULL);
CREATE INDEX IF NOT EXISTS hit_key ON hit (key, at);
CREATE INDEX IF NOT EXISTS hit_until ON hit (until);
"""


class FileStorage(Storage, MovingWindowSupport):
    """A log of hits in a SQLite file that every process of the site shares; losing it forgives, nothing more."""

    STORAGE_SCHEME = None
    base_exceptions = sqlite3.Error

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self._local = threading.local()
        self._purged = 0.0

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Add *amount* hits unless that makes more than *limit* in the last *expiry* seconds."""
        now = time.time()
        database = self._connection()
        self._purge(database, now)
        database.execute("BEGIN IMMEDIATE")
        try:
            taken = self._count(database, key, now - expiry)
            allowed = taken + amount <= limit
            if allowed:
                rows = [(key, now, now + expiry)] * amount
                database.executemany("INSERT INTO hit (key, at, until) VALUES (?, ?, ?)", rows)
        except BaseException:
            database.execute("ROLLBACK")
            raise
        database.execute("COMMIT")
        return allowed

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """When the oldest hit of the window was (Unix seconds), and how many there are."""
        now = time.time()
        query = "SELECT min(at), count(*) FROM hit WHERE key = ? AND at > ?"
        oldest, count = self._connection().execute(query, (key, now - expiry)).fetchone()
        return (oldest or now, int(count))

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        self.acquire_entry(key, 2**31, expiry, amount)
        return self.get(key)

    def get(self, key: str) -> int:
        query = "SELECT count(*) FROM hit WHERE key = ? AND until > ?"
        return int(self._connection().execute(query, (key, time.time())).fetchone()[0])

    def get_expiry(self, key: str) -> float:
        query = "SELECT min(until) FROM hit WHERE key = ? AND until > ?"
        return float(self._connection().execute(query, (key, time.time())).fetchone()[0] or time.time())

    def check(self) -> bool:
        self._connection().execute("SELECT 1")
        return True

    def reset(self) -> int | None:
        return int(self._connection().execute("DELETE FROM hit").rowcount)

    def clear(self, key: str) -> None:
        self._connection().execute("DELETE FROM hit WHERE key = ?", (key,))

    def _count(self, database: sqlite3.Connection, key: str, since: float) -> int:
        return int(
            database.execute("SELECT count(*) FROM hit WHERE key = ? AND at > ?", (key, since)).fetchone()[0]
        )

    def _purge(self, database: sqlite3.Connection, now: float) -> None:
        if now - self._purged > PURGE:
            self._purged = now
            database.execute("DELETE FROM hit WHERE until <= ?", (now,))

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            try:
                connection = self._open()
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:
                # After a power cut the unsynced file may be damaged. It holds minutes of counts: begin a new one.
                self._discard()
                connection = self._open()
            self._local.connection = connection
        return connection

    def _open(self) -> sqlite3.Connection:
        Path(self.path).parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self.path, timeout=2, isolation_level=None, check_same_thread=False)
        for pragma in ("busy_timeout=2000", "journal_mode=WAL", "synchronous=OFF", "cache_size=-512"):
            connection.execute(f"PRAGMA {pragma}")
        connection.executescript(SCHEMA)
        return connection

    def _discard(self) -> None:
        log.warning("limits file was damaged and is begun anew")
        for suffix in ("", "-wal", "-shm"):
            Path(self.path + suffix).unlink(missing_ok=True)


class ForumStorage(Storage, MovingWindowSupport):
    """The first store that answers: Redis (when given), the file, memory. One that failed rests for PAUSE seconds."""

    STORAGE_SCHEME = None
    base_exceptions = Exception

    def __init__(self, *, path: str, redis_url: str = "") -> None:
        super().__init__()
        self._stores: list[Storage] = [FileStorage(path), MemoryStorage()]
        if redis_url:
            self._stores.insert(0, _redis(redis_url))
        self._resting: dict[int, float] = {}

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        return self._first(lambda store: store.acquire_entry(key, limit, expiry, amount))

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        return self._first(lambda store: store.get_moving_window(key, limit, expiry))

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        return self._first(lambda store: store.incr(key, expiry, amount))

    def get(self, key: str) -> int:
        return self._first(lambda store: store.get(key))

    def get_expiry(self, key: str) -> float:
        return self._first(lambda store: store.get_expiry(key))

    def check(self) -> bool:
        return self._first(lambda store: store.check())

    def reset(self) -> int | None:
        return self._first(lambda store: store.reset())

    def clear(self, key: str) -> None:
        self._first(lambda store: store.clear(key))

    def _first(self, ask: Callable[[Any], R]) -> R:
        for place, store in enumerate(self._stores[:-1]):
            if time.monotonic() < self._resting.get(place, 0.0):
                continue
            try:
                return ask(store)
            except Exception as error:
                self._resting[place] = time.monotonic() + PAUSE
                log.warning(
                    "a store of limits failed", store=type(store).__name__, error=type(error).__name__
                )
        return ask(self._stores[-1])


def _redis(url: str) -> RedisStorage:
    return RedisStorage(url, socket_connect_timeout=0.3, socket_timeout=0.5, key_prefix="forum-limits")
