"""Loopback ports, and waiting for another process with a deadline."""

import contextlib
import random
import socket
import time
from collections.abc import Callable

import psutil

LOOPBACK = "127.0.0.1"
NOT_GIVEN_OUT = range(20_000, 32_000)  # Linux gives out 32,768 and above, others 49,152 and above


def free_port() -> int:
    """A TCP port of the loopback address that is free, of those that no system gives to connections going out: so
    that none has it by the time a server has started."""
    for port in random.SystemRandom().sample(NOT_GIVEN_OUT, 100):  # the other one is seeded, alike for all
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind((LOOPBACK, port))
            return port
    raise RuntimeError("none of a hundred ports is free")


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
