"""Which worker processes of this installation live: each holds a lock that the kernel lets go when it dies.

A lease names its holder, so after a kill -9 the next worker takes over at once instead of waiting for the lease to end.
"""

from __future__ import annotations

import fcntl
import os
import time
import uuid
from pathlib import Path

from flask import Flask, current_app

COURIER = ".courier"


class Holder:
    """This process's name for leases, alive as long as the process is."""

    def __init__(self, folder: Path) -> None:
        self.process = os.getpid()
        folder.mkdir(parents=True, exist_ok=True)
        while True:
            self.id = str(uuid.uuid4())
            # Kept open for as long as the process lives: closing it would end the lock.
            self.descriptor = os.open(folder / self.id, os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if (folder / self.id).exists():
                return
            os.close(self.descriptor)  # somebody buried it in the instant before it was locked


def own_id() -> str:
    """The id that leases of this process carry."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    holder: Holder | None = app.extensions.get("holder")
    if holder is None or holder.process != os.getpid():
        holder = app.extensions["holder"] = Holder(_folder())
    return holder.id


def courier_lock() -> int:
    """An open, locked descriptor for a courier to inherit: while it carries one, our leases are not free."""
    descriptor = os.open(_folder() / f"{own_id()}{COURIER}", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def is_dead(holder_id: str, patience: float = 5.0) -> bool:
    """True when the process *holder_id* ran here and has ended; False while it lives or is another machine's.

    A courier it left behind is waited for, up to *patience* seconds; after that the holder counts as alive for now.
    """
    path = _folder() / holder_id
    if not holder_id or not path.exists() or not _is_free(path):
        return False
    deadline = time.monotonic() + patience
    while not _is_free(path.with_name(holder_id + COURIER)):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def bury_dead() -> None:
    """Remove the files of processes that have ended; call once nothing names them any more."""
    for path in _folder().glob("*"):
        if _is_free(path):
            path.unlink(missing_ok=True)


def _is_free(path: Path) -> bool:
    """True when no process holds a lock on *path*, or there is no such file."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True


def _folder() -> Path:
    folder: Path = current_app.config["FORUM"].instance_dir / "workers"
    return folder
