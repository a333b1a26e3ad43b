"""Memory that was freed is given back to the system.

What a page, a calendar or a batch of mail needed for a moment lies scattered between what stays, and the C library
keeps it: after the same load a process held 12 to 18 MB that nobody used. Asking for it back takes milliseconds, in
which others wait to allocate; so that happens a little after work was done, not at each piece of it.
"""

from __future__ import annotations

import ctypes
import gc
import threading

from flask import Flask

from forum.core import jobs

PAUSE = 5.0  # seconds between work and giving back what it left

_lock = threading.Lock()
_waiting: threading.Timer | None = None


def settle() -> None:
    """Keep what is there now out of every later search for garbage: it is the application, and stays as long as it."""
    gc.collect()
    gc.freeze()


def give_back() -> None:
    """Return freed memory to the system now; nothing happens where the C library cannot (it is not glibc)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def give_back_soon() -> None:
    """Do so in PAUSE seconds, once for all who ask meanwhile."""
    global _waiting
    if _waiting is not None:
        return
    with _lock:
        if _waiting is None:
            _waiting = threading.Timer(PAUSE, _give_back_later)
            _waiting.daemon = True
            _waiting.start()


def _give_back_later() -> None:
    global _waiting
    _waiting = None  # first: what is freed from now on is for the next time
    give_back()


def _after_job(_name: str, _outcome: str, _seconds: float) -> None:
    give_back_soon()


def init_app(app: Flask) -> None:
    """Give back what requests and jobs left; tests end before it would help."""
    if app.testing:
        return
    if _after_job not in jobs.WATCHERS:
        jobs.WATCHERS.append(_after_job)

    @app.teardown_request
    def request_done(_error: BaseException | None) -> None:
        give_back_soon()
