"""Writers of an SQLite file take turns before they ask it for the lock.

SQLite lets one write at a time, and whoever comes second polls, asleep up to 100 ms between two looks: with many
threads in a few processes most of the time goes into sleeping. Here they queue first, the threads of a process for a
mutex, the processes for a kernel lock on a file beside the database, which wakes the next one at once. It is only a
queue: what keeps writes apart is SQLite's own lock, so a process that knows nothing of this, or that is killed or
stopped while it holds a turn, does no harm.
"""

from __future__ import annotations

import ctypes
import fcntl
import io
import os
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import Engine

from forum.core.current import this_request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATIENCE = 15.0  # seconds, as long as SQLite's own busy timeout
# A thread that comes back from SQLite waits so long for the interpreter at most, not the usual 5 ms: a write of ten
# statements would else hold the lock for 50 ms while others compute.
SWITCH_INTERVAL = 0.0005
LOOK_AGAIN = 0.00002
EXACTLY = 1000  # nanoseconds that a sleep of who waits for a turn may be late; usually it is fifty times that
_PR_SET_TIMERSLACK = 29  # prctl(2)
LANE_PATIENCE = 2.0
SMALL = 65_536  # bytes of a body that a request may be read whole for
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_starting = threading.Lock()


class _FileLock:
    """A kernel lock between processes, which one thread of this one asks for at a time and may stop waiting for.

    The kernel's own waiting knows no time limit, so this looks again after some microseconds: only one thread of a
    process does, and a write takes many. It asks to be woken punctually, or each handing over would leave a processor
    idle for a tenth of what an answer takes. Once a wait was in vain (whoever holds the lock is stopped), nobody waits
    until the lock was had again.
    """

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._in_vain = False
        self._punctual = threading.local()

    def take(self, patience: float) -> None:
        """Hold the lock, or give up after *patience* seconds."""
        if not hasattr(self._punctual, "asked"):
            self._punctual.asked = True
            _wake_punctually()
        ends = time.monotonic() + patience
        while not self._had():
            if self._in_vain or time.monotonic() > ends:
                self._in_vain = True
                return
            time.sleep(LOOK_AGAIN)
        self._in_vain = False

    def end(self) -> None:
        """Let the lock go, when it is held."""
        with suppress(OSError):
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def _had(self) -> bool:
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks: SQLite's own will do
            return True
        return True


def _wake_punctually() -> None:
    """Let sleeps of this thread end when they should; where the system is not Linux they end a little later."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None and sys.platform == "linux":
        prctl(_PR_SET_TIMERSLACK, ctypes.c_ulong(EXACTLY), 0, 0, 0)


class Turn:
    """The queue of one process for one database file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mutex = threading.Lock()
        self._lock: _FileLock | None = None
        self._pid = 0

    def take(self, connection: sa.Connection) -> None:
        """Wait for the turn of *connection*; it ends when the connection goes back to its pool.

        After PATIENCE without a turn it returns all the same: SQLite then says that the database is locked.
        """
        if self._pid != os.getpid():
            self._start_anew()
        deadline = time.monotonic() + PATIENCE
        if connection.info.get("turn") or not self._mutex.acquire(timeout=PATIENCE):
            return
        connection.info["turn"] = self
        if self._lock is not None:
            self._lock.take(deadline - time.monotonic())

    def end(self) -> None:
        """Let the next one write."""
        if self._lock is not None:
            self._lock.end()
        self._mutex.release()

    def _start_anew(self) -> None:
        """At the first turn, and in a forked child: a lock on an inherited file would be its parent's too."""
        with _starting:
            if self._pid != os.getpid():
                self._mutex = threading.Lock()
                self._lock = _FileLock(self._path)
                self._pid = os.getpid()


class Lane:
    """Lets one writing request of a process run at a time.

    Two that share one interpreter hand it to and fro at each statement: each costs a third more than alone, and the one
    that holds the database's lock takes twice as long, while the other processes wait with idle hands. It is only a
    matter of order: who waited too long goes on without.
    """

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._mine = threading.local()
        os.register_at_fork(after_in_child=self._start_anew)

    def enter(self) -> None:
        """Wait for the lane, for the rest of this thread's request."""
        if not self._is_in():
            self._mine.held = self._mutex.acquire(timeout=LANE_PATIENCE)

    def leave(self) -> None:
        """Let the next one run."""
        if self._is_in():
            self._mine.held = False
            self._mutex.release()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Step out for the block: for slow work that leaves the interpreter alone, such as hashing a password."""
        was_in = self._is_in()
        if was_in:
            self.leave()
        try:
            yield
        finally:
            if was_in:
                self.enter()

    def _is_in(self) -> bool:
        return bool(getattr(self._mine, "held", False))

    def _start_anew(self) -> None:
        self._mutex, self._mine = threading.Lock(), threading.local()


lane = Lane()


class _ThroughTheLane:
    """Sends unsafe requests through the lane, once their body has come: a slow one must not keep others waiting."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] in SAFE_METHODS or not _is_read(environ):
            return self._application(environ, start_response)
        lane.enter()
        try:
            return self._application(environ, start_response)
        finally:
            lane.leave()


def _is_read(environ: WSGIEnvironment) -> bool:
    """Read a small body to its end; False for a large one, or one that does not say how long it is."""
    length = environ.get("CONTENT_LENGTH") or "0"
    if (
        not length.isascii()
        or not length.isdigit()
        or int(length) > SMALL
        or "HTTP_TRANSFER_ENCODING" in environ
    ):
        return False
    environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(int(length)))
    return True


def init_app(app: Flask) -> None:
    """Send unsafe requests through the lane: small ones whole, large ones once CSRF protection has read them."""
    if not app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        return
    app.wsgi_app = _ThroughTheLane(app.wsgi_app)  # type: ignore[method-assign]

    @app.before_request
    def enter() -> None:
        if this_request().method not in SAFE_METHODS:
            lane.enter()

    @app.teardown_request
    def leave(_error: BaseException | None) -> None:
        lane.leave()


def queue_writers(engine: Engine) -> Turn | None:
    """A queue for *engine*, whose connections leave it when they are given back; None for a database in memory."""
    name = engine.url.database
    if not name or name == ":memory:":
        return None
    sys.setswitchinterval(SWITCH_INTERVAL)
    turn = Turn(Path(f"{name}.writers"))

    @event.listens_for(engine, "checkin")
    def leave(_connection: Any, record: Any) -> None:
        end_turn(record.info)

    return turn


def end_turn(held: dict[str, Any]) -> None:
    """Let the next one write, where the connection to which this information belongs has the turn."""
    turn: Turn | None = held.pop("turn", None)
    if turn is not None:
        turn.end()
