"""Work done outside requests: named jobs, and periodic ones.

huey carries the queue (a SQLite file of its own, or Redis) and is at most once: a killed worker loses what it held.
So a job only ever says "look now"; what must happen stands in the database (the outbox, the ledger), and a periodic
run finds what a lost call missed. A queue that is full, locked or down never fails a request, and periodic work does
not need it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
import structlog
from flask import Flask, current_app
from sqlalchemy.orm import Mapped, mapped_column

from forum.core import clock
from forum.core.inserting import insert_into
from forum.core.transactions import unit_of_work
from forum.core.unused import without
from forum.extensions import db

if TYPE_CHECKING:
    from huey.api import Huey

Function = Callable[..., None]
PAUSE = 15.0  # seconds a queue that failed is left alone
TOGETHER = 2.0  # seconds that a call for later may come after its moment, to serve more than one
SKEW = timedelta(minutes=5)  # how far the clocks of two workers may be apart
log = structlog.get_logger(__name__)


class Tick(db.Model):
    """The last moment a periodic job was due and was begun, by whichever worker came first."""

    __tablename__ = "job_tick"

    name: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    slot: Mapped[datetime]


@dataclass(frozen=True)
class Periodic:
    """A job that comes due by itself: every so many minutes, or daily at a time on the agency's clock."""

    name: str
    function: Function
    minutes: int = 0
    daily: str = ""  # "03:30"
    at_start: bool = False

    def slot(self, now: datetime, zone: ZoneInfo) -> datetime:
        """The last moment at or before *now* when this was due (aware, UTC)."""
        if self.minutes:
            seconds = self.minutes * 60
            return datetime.fromtimestamp(now.timestamp() // seconds * seconds, UTC)
        hour, minute = map(int, self.daily.split(":"))
        local = now.astimezone(zone).replace(
            hour=hour, minute=minute, second=0, microsecond=0, tzinfo=None, fold=0
        )
        moment = clock.to_utc(local, zone)
        return moment if moment <= now else clock.to_utc(local - timedelta(days=1), zone)


REGISTRY: dict[str, Function] = {}
PERIODIC: dict[str, Periodic] = {}
stopping = threading.Event()  # set when the worker is asked to end: long jobs stop after the piece in hand


def job(name: str) -> Callable[[Function], Function]:
    """Register a function under *name*. It runs in an app context, takes ids only, and may run twice or never."""

    def register(function: Function) -> Function:
        REGISTRY[name] = function
        return function

    return register


def periodic(
    name: str, *, minutes: int = 0, daily: str = "", at_start: bool = False
) -> Callable[[Function], Function]:
    """Register a job that runs every *minutes*, or *daily* at "HH:MM" of the agency's zone (late if missed).

    *at_start*: also whenever a worker starts, to take over at once from one that died.
    """
    if bool(minutes) == bool(daily):
        raise ValueError("a periodic job has either minutes or a time of day")

    def register(function: Function) -> Function:
        PERIODIC[name] = Periodic(name, function, minutes, daily, at_start)
        return job(name)(function)

    return register


def enqueue(name: str, *ids: int | str) -> bool:
    """Ask the worker to run job *name* soon; True when the queue took it. Never raises: a sweep will find the work.

    A job without ids that already waits is not queued a second time.
    """
    queue: Queue = current_app.extensions["jobs"]
    return queue.put(name, ids)


def enqueue_later(name: str, seconds: float) -> None:
    """Ask the worker to run job *name* in *seconds*, or up to TOGETHER later. Never raises.

    One call serves everybody in this process who asks for about the same moment.
    """
    queue: Queue = current_app.extensions["jobs"]
    queue.put_later(name, seconds)


def run(name: str, *ids: int | str) -> None:
    """Run a job now, in this process and app context; its failure is logged, never raised."""
    started = time.monotonic()
    outcome = "done"
    try:
        REGISTRY[name](*ids)
    except Exception:
        outcome = "failed"
        db.session.rollback()
        log.exception("job failed", job=name)
    finally:
        db.session.remove()
        for watch in WATCHERS:
            watch(name, outcome, time.monotonic() - started)


# Called with name, outcome and seconds after each run; metrics adds one.
WATCHERS: list[Callable[[str, str, float], None]] = []


def run_due() -> list[str]:
    """Run every periodic job that is due and that no other worker has begun; returns their names."""
    begun = []
    now, zone = clock.now(), clock.agency_zone()
    for name, item in sorted(PERIODIC.items()):
        if stopping.is_set():
            break
        if _claim(name, item.slot(now, zone), now):
            begun.append(name)
            run(name)
    return begun


def run_at_start() -> None:
    """Run what a worker does first."""
    for name, item in sorted(PERIODIC.items()):
        if item.at_start:
            run(name)


def _claim(name: str, slot: datetime, now: datetime) -> bool:
    """True for the one worker that begins job *name* for *slot*.

    A run that lies ahead was begun by a clock that was wrong and has been put back: it counts for nothing, or the job
    would rest until that moment comes.
    """
    seen: dict[str, datetime] = current_app.extensions["jobs"].slots
    if slot <= seen.get(name, datetime.min.replace(tzinfo=UTC)) <= now + SKEW:
        return False
    with unit_of_work():
        statement = insert_into(Tick).values(name=name, slot=slot)
        statement = statement.on_conflict_do_update(
            index_elements=["name"],
            set_={"slot": statement.excluded.slot},
            where=sa.or_(Tick.slot < statement.excluded.slot, Tick.slot > now + SKEW),
        ).returning(Tick.name)
        claimed = db.session.execute(statement).first() is not None
    seen[name] = slot
    return claimed


class Queue:
    """One application's queue; huey is imported and its file opened at the first use."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.slots: dict[str, datetime] = {}  # what this process knows to be begun, to spare the database
        self._huey: Huey | None = None
        self._task: Any = None
        self._lock = threading.Lock()
        self._resting_until = 0.0
        self._called_for: dict[str, float] = {}  # job: the last moment it was asked to run at (monotonic)

    @property
    def huey(self) -> Huey:
        """The engine behind the queue."""
        with self._lock:
            if self._huey is None:
                self._huey = _engine(self.app)
                self._task = self._huey.task(name="run")(self._perform)
            return self._huey

    def open(self) -> Huey:
        """Import huey and open its file now, not at the first use."""
        return self.huey

    def put(self, name: str, ids: tuple[int | str, ...]) -> bool:
        """Queue one call; False (and a line in the log) when the queue is not to be had."""
        if time.monotonic() < self._resting_until:
            return False
        try:
            storage = self.huey.storage
            if not ids and not storage.put_if_empty(_waiting(name), b"1"):
                return True
            self._task(name, *ids)
        except Exception as error:
            self._resting_until = time.monotonic() + PAUSE
            log.warning("job queue unavailable", job=name, error=type(error).__name__)
            return False
        return True

    def put_later(self, name: str, seconds: float) -> None:
        """Queue one call for later, unless one is on its way that comes just after that."""
        wanted = time.monotonic() + seconds
        if (
            wanted <= self._called_for.get(name, 0.0) <= wanted + TOGETHER
            or wanted - seconds < self._resting_until
        ):
            return
        self._called_for[name] = wanted + TOGETHER
        try:
            self.open()
            self._task.schedule((name,), delay=seconds + TOGETHER)
        except Exception as error:
            self._resting_until = time.monotonic() + PAUSE
            log.warning("job queue unavailable", job=name, error=type(error).__name__)

    def clear_waiting(self) -> None:
        """Forget which jobs wait: a worker killed between taking a call and noting it would block it for ever."""
        for name in REGISTRY:
            try:
                self.huey.storage.delete_data(_waiting(name))
            except Exception as error:
                log.warning("job queue unavailable", error=type(error).__name__)
                return

    def _perform(self, name: str, *ids: int | str) -> None:
        if not ids:
            self.huey.storage.delete_data(_waiting(name))
        with self.app.app_context():
            run(name, *ids)


def _waiting(name: str) -> str:
    return f"waiting.{name}"


def _engine(app: Flask) -> Huey:
    """huey over Redis when configured, else over ``instance/jobs.db``; messages are signed, since huey pickles them."""
    config = app.config["FORUM"]
    # huey imports the clients of every queue that it knows and finds installed: 25 MB a process, for a file.
    with without(*(() if config.redis_url or app.testing else ("redis", "psycopg"))):
        from huey import RedisHuey, SqliteHuey
        from huey.serializer import SignedSerializer

    options = {"results": False, "serializer": SignedSerializer(secret=config.secret_key, salt="jobs")}
    if config.redis_url:
        from redis import ConnectionPool

        pool = ConnectionPool.from_url(config.redis_url, socket_connect_timeout=0.5, socket_timeout=5)
        return RedisHuey("forum", connection_pool=pool, **options)
    path = str(config.instance_dir / "jobs.db")
    # fsync off: a power cut may lose the queue, which holds nothing that matters, and a request need not wait for it.
    return SqliteHuey("forum", filename=path, fsync=False, cache_mb=1, timeout=2, **options)


def init_app(app: Flask) -> None:
    """Give *app* its queue."""
    app.extensions["jobs"] = Queue(app)
