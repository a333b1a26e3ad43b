"""Loopback ports, and waiting for another process with a deadline."""

import socket
import time
from collections.abc import Callable

import psutil

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """A TCP port of the loopback address that nothing listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((LOOPBACK, port)) == 0


def runs(pid: int) -> bool:
    """Whether the process is there and does something; a dead one that nobody has buried yet does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_until(ready: Callable[[], bool], *, seconds: float = 120.0, what: str = "the server") -> None:
    """Poll *ready* every 20 ms; raise TimeoutError naming *what* when *seconds* have passed."""
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds:g} s for {what}")
        time.sleep(0.02)
