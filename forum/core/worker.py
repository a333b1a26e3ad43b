"""The job worker's process: huey's threads take what is asked for, and a thread of our own begins what is due."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable

import structlog
from flask import Flask
from huey.consumer import Consumer

from forum.core import jobs

log = structlog.get_logger(__name__)


class _Consumer(Consumer):
    """huey's consumer, ended in good order by SIGINT as by SIGTERM."""

    def stop(self, graceful: bool = False) -> None:
        jobs.stopping.set()
        super().stop(graceful=graceful)


def work(app: Flask, *, threads: int = 2, interval: float = 5.0) -> None:
    """Run jobs until SIGTERM or SIGINT; the piece in hand is finished first. Blocks; main thread only.

    *interval* is how often, in seconds, due periodic jobs are looked for.
    """
    jobs.stopping.clear()
    logging.getLogger("huey").setLevel(logging.WARNING)
    queue: jobs.Queue = app.extensions["jobs"]
    queue.clear_waiting()
    consumer = _Consumer(
        queue.huey,
        workers=threads,
        periodic=False,
        initial_delay=0.1,
        max_delay=0.5,
        check_worker_health=True,
        shutdown_timeout=20,
        graceful_signal="TERM",
    )
    consumer._signal_actions[signal.SIGINT] = (False, True)
    ticker = threading.Thread(target=_tick, args=(app, interval), name="ticker", daemon=True)
    ticker.start()
    log.info("job worker started", jobs=len(jobs.REGISTRY), periodic=len(jobs.PERIODIC))
    consumer.run()
    ticker.join(timeout=20)
    log.info("job worker stopped")


def _tick(app: Flask, interval: float) -> None:
    """Begin due jobs until asked to stop. The database may be away for a while: then try again."""
    todo: Callable[[], object] = jobs.run_at_start
    while not jobs.stopping.is_set():
        try:
            with app.app_context():
                todo()
            todo = jobs.run_due
        except Exception as error:
            log.warning("due jobs could not be read", error=type(error).__name__)
        jobs.stopping.wait(interval)
