"""Who holds leases, and lives: each run of a job has a lock that ends with it, or that the kernel frees at a kill -9.

A lease names its holder, so the next run takes over at once what a killed worker, or a job that failed half-way, left
behind, instead of waiting for the lease to end. A run, not a process: threads of one process that share a name would
each have to know whether another has made it, and a job that fails would take its leases along for as long as its
process lives.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from flask import current_app

COURIER = ".courier"


class Holder:
    """The name of one run for its leases, alive until the block ends or the process does."""

    def __init__(self) -> None:
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True)
        while True:
            self.id = str(uuid.uuid4())
            self._path = folder / self.id
            self._descriptor = _locked(self._path)
            if self._path.exists():
                return
            os.close(self._descriptor)  # somebody buried it in the instant before it was locked

    def __enter__(self) -> Holder:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.end()

    def end(self) -> None:
        """Let go. What it still leases is anybody's; its files stay until nothing names them (``bury``)."""
        os.close(self._descriptor)

    def courier_lock(self) -> int:
        """An open, locked descriptor for a courier to inherit: while it carries one, these leases are not free."""
        return _locked(self._path.with_name(self.id + COURIER))


def is_dead(holder_id: str, patience: float = 5.0) -> bool:
    """True when the run *holder_id* was here and has ended; False while it lasts or is another machine's.

    A courier it left behind is waited for, up to *patience* seconds; after that the holder counts as alive for now.
    """
    path, courier = _files(holder_id)
    if not holder_id or not path.exists() or not _is_free(path):
        return False
    deadline = time.monotonic() + patience
    while not _is_free(courier):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def ended() -> set[str]:
    """The runs that were here and have ended, with their couriers; none of them takes another lease."""
    names = {path.name for path in _folder().glob("*") if path.suffix != COURIER}
    return {name for name in names if all(_is_free(path) for path in _files(name))}


def bury(holder_ids: set[str]) -> None:
    """Remove the files of runs that have ended and that no lease names; without a file nobody is found dead.

    A run that is only beginning has its file before its lock, and looks ended for that instant. So the lock is taken
    first: then the file is either its own by now and stays, or gone when it looks again (Holder).
    """
    for name in holder_ids:
        path, courier = _files(name)
        with _taken(path) as taken:
            if taken:
                courier.unlink(missing_ok=True)
                path.unlink(missing_ok=True)


def _files(holder_id: str) -> tuple[Path, Path]:
    path = _folder() / holder_id
    return path, path.with_name(holder_id + COURIER)


def _locked(path: Path) -> int:
    """A descriptor of *path* that holds the lock. Who looks whether it is free has it for an instant: wait for that."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


def _is_free(path: Path) -> bool:
    """True when nobody holds the lock on *path*, or there is no such file. Two that look do not see each other."""
    with _taken(path, fcntl.LOCK_SH) as taken:
        return taken


@contextlib.contextmanager
def _taken(path: Path, lock: int = fcntl.LOCK_EX) -> Iterator[bool]:
    """Hold *lock* on *path* for the block, without waiting: False when another has it. No file needs no lock."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        yield True
        return
    try:
        fcntl.flock(descriptor, lock | fcntl.LOCK_NB)
    except OSError:
        yield False
    else:
        yield True
    finally:
        os.close(descriptor)


def _folder() -> Path:
    folder: Path = current_app.config["FORUM"].instance_dir / "workers"
    return folder
