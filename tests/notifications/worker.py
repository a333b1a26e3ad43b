"""A job worker that can greet anybody, in a process that is forked from one that has imported everything."""

from __future__ import annotations

import multiprocessing

from forum import create_app
from forum.config import Config
from forum.core.worker import work
from forum.notifications.registry import register_message, register_recipients
from tests.notifications.conftest import KIND, anybody, greet

FORKSERVER = multiprocessing.get_context("forkserver")
FORKSERVER.set_forkserver_preload(["tests.notifications.worker"])


def main(environment: dict[str, str]) -> None:
    """Work until told to stop."""
    app = create_app(Config.from_env(environment))
    register_message(KIND, greet)
    register_recipients(anybody)
    work(app, interval=0.2)


def start(environment: dict[str, str]) -> multiprocessing.process.BaseProcess:
    """Start a worker with these settings."""
    worker = FORKSERVER.Process(target=main, args=(environment,))
    worker.start()
    return worker


def stop(worker: multiprocessing.process.BaseProcess) -> None:
    """End it in good order."""
    worker.terminate()
    worker.join(120)
    assert worker.exitcode == 0
