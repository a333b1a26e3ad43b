"""Limits of addresses where nothing may be kept: counts that live in memory alone, under a key that lives an hour.

The workers share them through a SQLite file in ``/dev/shm``, which is memory and gone with the machine; where there is
no such folder each process counts for itself. Not in Redis, which may write to a disk. What is counted by is an HMAC
under a random key that lies beside the counts and is replaced every hour: afterwards nobody, with whatever keys of the
installation, can ask whether an address was here. Failing forgives; it never fails a request.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
import sqlite3
import time
from pathlib import Path
from typing import cast

import structlog
from flask import Flask, current_app
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from forum.core.limit_store import FileStorage
from forum.core.limits import address_network, item

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - made below as a folder of our own, 0700
HOUR = 3600
log = structlog.get_logger(__name__)
_EXTENSION = "fleeting_limits"


class SharedCounts(FileStorage):
    """Counts in a file of shared memory, with the key of the hour beside them."""

    def key(self) -> bytes:
        """The random key of this hour, the same in every worker; the one before is overwritten."""
        hour = int(time.time() // HOUR)
        database = self._connection()
        found = database.execute("SELECT key FROM secret WHERE hour = ?", (hour,)).fetchone()
        if found is None:
            database.execute("BEGIN IMMEDIATE")
            database.execute("DELETE FROM secret WHERE hour <> ?", (hour,))
            database.execute("INSERT OR IGNORE INTO secret VALUES (?, ?)", (hour, secrets.token_bytes(32)))
            found = database.execute("SELECT key FROM secret WHERE hour = ?", (hour,)).fetchone()
            database.execute("COMMIT")
        return bytes(found[0])

    def _open(self) -> sqlite3.Connection:
        folder = Path(self.path).parent
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.stat().st_uid != os.getuid():
            raise sqlite3.OperationalError("the folder is somebody else's")
        os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = super()._open()
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("CREATE TABLE IF NOT EXISTS secret (hour INTEGER PRIMARY KEY, key BLOB NOT NULL)")
        return connection


class OwnCounts(MemoryStorage):
    """Counts of this process alone."""

    def __init__(self) -> None:
        super().__init__()
        self._key = (0, b"")

    def key(self) -> bytes:
        """The random key of this hour."""
        hour = int(time.time() // HOUR)
        if self._key[0] != hour:
            self._key = (hour, secrets.token_bytes(32))
        return self._key[1]


def hit(name: str, key: str, limit: str) -> bool:
    """Count one under *name* for *key*; False when that exceeds *limit* ("10 per 10 minutes"). See ``limits.hit``."""
    return _ask("hit", name, key, limit, unknown=True)


def blocked(name: str, key: str, limit: str) -> bool:
    """True when *limit* is used up; counts nothing."""
    return not _ask("test", name, key, limit, unknown=True)


def retry_after(name: str, key: str, limit: str) -> int:
    """Seconds until one more is let through, at least 1."""
    with contextlib.suppress(sqlite3.Error):
        window = _limiter().get_window_stats(item(limit), name, _hidden(key))
        return max(1, int(window.reset_time - time.time()) + 1)
    return 1


def address() -> str:
    """What to count a client by: the address as ProxyFix left it, an IPv6 one by its /64. Hidden before it is kept."""
    return address_network()


def reset() -> None:
    """Forget every count; for tests."""
    _limiter().storage.reset()


def init_app(app: Flask) -> None:
    """Give *app* its counts."""
    config = app.config["FORUM"]
    storage: SharedCounts | OwnCounts = OwnCounts()
    if os.access(SHARED_MEMORY, os.W_OK):
        mark = hashlib.sha256(f"{os.getuid()}:{config.instance_dir}".encode()).hexdigest()[:16]
        storage = SharedCounts(str(SHARED_MEMORY / f"forum-{mark}" / "counts.db"))
    app.extensions[_EXTENSION] = MovingWindowRateLimiter(storage)


def _ask(what: str, name: str, key: str, limit: str, *, unknown: bool) -> bool:
    try:
        return bool(getattr(_limiter(), what)(item(limit), name, _hidden(key)))
    except sqlite3.Error as error:
        log.warning("counting in memory failed", error=type(error).__name__)
        return unknown


def _hidden(key: str) -> str:
    storage = cast(SharedCounts | OwnCounts, _limiter().storage)
    return hmac.digest(storage.key(), key.encode(), "sha256").hex()[:32]


def _limiter() -> MovingWindowRateLimiter:
    return cast(MovingWindowRateLimiter, current_app.extensions[_EXTENSION])
