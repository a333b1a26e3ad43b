"""Keeps the site's processes running: one Ctrl-C or SIGTERM stops all, one that dies is started again.

Run as a script, it imports nothing but the standard library: it lives as long as the site does and should weigh little.
Its argument is the number of an open file that holds JSON:
``{"ready": url, "children": [{"name": ..., "command": [...]}, ...], "announce": text}``. It is not on the command line,
which anyone on the machine can read: what is announced may hold passwords. Children are started in order, the second
once *ready* answers. Exit status 1 when one cannot start, else 0.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import Any

PAUSES = (0.0, 0.5, 1.0, 2.0, 5.0)  # seconds before each new start in a row
SHORT_LIFE = 5.0  # a process that ends sooner than this after its start did not really start
GRACE = 20.0  # seconds for an orderly end
READY_WITHIN = 60.0


class Child:
    """One process and how often it failed in a row. It leads a process group, so that its own children end with it."""

    def __init__(self, name: str, command: list[str]) -> None:
        self.name = name
        self.command = command
        self.failures = 0
        self.process: subprocess.Popen[bytes] | None = None
        self.started = 0.0
        self.restart_at = 0.0

    def start(self) -> None:
        """Start it, in a group of its own that a Ctrl-C on the terminal does not reach."""
        self.process = subprocess.Popen(self.command, start_new_session=True, preexec_fn=_die_with_parent)  # noqa: S603
        self.started = time.monotonic()

    def ended(self) -> bool:
        """True once after it ended by itself; whatever it left behind is killed."""
        if self.process is None or self.process.poll() is None:
            return False
        _signal_group(self.process.pid, signal.SIGKILL)
        short = time.monotonic() - self.started < SHORT_LIFE
        self.failures = self.failures + 1 if short else 1
        print(
            f"{self.name} ended with status {self.process.returncode}; starting it again.",
            file=sys.stderr,
            flush=True,
        )
        self.restart_at = time.monotonic() + PAUSES[min(self.failures, len(PAUSES)) - 1]
        self.process = None
        return True

    def due(self) -> bool:
        """True when it is down and its pause is over."""
        return self.process is None and self.started > 0 and time.monotonic() >= self.restart_at

    def ask_to_end(self) -> None:
        """SIGTERM to the process alone: it ends its own children in good order."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait_or_kill(self, deadline: float) -> None:
        """Wait until *deadline* (monotonic), then kill the whole group."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.1, deadline - time.monotonic()))
        _signal_group(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Supervisor:
    """Runs the children until told to stop."""

    def __init__(self, children: list[Child], ready: str, announce: str) -> None:
        self.children = children
        self.ready = ready
        self.announce = announce
        self.stopping = False

    def run(self) -> int:
        """Serve until a signal; the exit status."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        try:
            self.children[0].start()
            if not self._becomes_ready():
                return 0 if self.stopping else 1
            for child in self.children[1:]:
                child.start()
            print(self.announce, flush=True)
            return self._watch()
        finally:
            self._end_all()

    def _watch(self) -> int:
        while not self.stopping:
            for child in self.children:
                if child.ended() and child.failures >= len(PAUSES):
                    print(f"{child.name} cannot start; stopping everything.", file=sys.stderr, flush=True)
                    return 1
                if child.due():
                    child.start()
            time.sleep(0.2)
        return 0

    def _becomes_ready(self) -> bool:
        deadline = time.monotonic() + READY_WITHIN
        first = self.children[0]
        while not self.stopping and time.monotonic() < deadline:
            if first.process is not None and first.process.poll() is not None:
                print(
                    f"{first.name} could not start (status {first.process.returncode}).",
                    file=sys.stderr,
                    flush=True,
                )
                return False
            if _answers(self.ready):
                return True
            time.sleep(0.05)
        return False

    def _stop(self, _number: int, _frame: Any) -> None:
        self.stopping = True

    def _end_all(self) -> None:
        deadline = time.monotonic() + GRACE
        for child in self.children:
            child.ask_to_end()
        for child in self.children:
            child.wait_or_kill(deadline)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own address
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def _signal_group(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def _die_with_parent() -> None:
    """On Linux, SIGTERM when the supervisor itself is killed, so that nobody is left holding the port."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def main(specification: str) -> int:
    """Run what *specification* (JSON, see above) describes."""
    wanted = json.loads(specification)
    children = [Child(child["name"], child["command"]) for child in wanted["children"]]
    return Supervisor(children, wanted["ready"], wanted["announce"]).run()


if __name__ == "__main__":
    with open(int(sys.argv[1]), encoding="utf-8") as handed_over:
        asked = handed_over.read()
    sys.exit(main(asked))
