"""Processes under test: floors and the site, under the same granian with the same options."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

import psutil

from forum.cli.serve import web_command
from forum.config import Config

ROOT = Path(__file__).resolve().parent.parent
WORKERS = 2


class Server:
    """A started command; ``url`` has no slash at its end."""

    def __init__(self, command: list[str], port: int, environment: Mapping[str, str], log: Path) -> None:
        self.port, self.url, self.log = port, f"http://127.0.0.1:{port}", log
        log.parent.mkdir(parents=True, exist_ok=True)
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("FORUM_")}
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**inherited, **environment},
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def wait(self, path: str, seconds: float = 60) -> None:
        """Return once *path* is answered; raise with the log's end when that does not happen."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                urllib.request.urlopen(self.url + path, timeout=2).close()
                return
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(
            f"nothing answered on {self.url}{path}; {self.log} ends with:\n{self.log.read_text()[-3000:]}"
        )

    def memory(self) -> list[float]:
        """Megabytes of each process that works, not of those that watch over others; shared pages count in each."""
        found = []
        for process in psutil.Process(self.process.pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):
                if not process.children():
                    found.append(process.memory_info().rss / 1e6)
        return found

    def stop(self) -> None:
        """End the process group, which is this one's own."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def granian(target: str, port: int) -> list[str]:
    """The command that serves *target* just as ``flask serve`` serves the site."""
    command = web_command(dataclasses.replace(Config(), port=port, workers=WORKERS))
    return [target if part == "wsgi:app" else part for part in command]


@contextlib.contextmanager
def floor(name: str, folder: Path) -> Iterator[Server]:
    """The floor *name* (a module of bench.floors), started and answering."""
    folder = folder.resolve()  # relative sqlite paths would be taken from Flask's instance folder
    folder.mkdir(parents=True, exist_ok=True)
    for leftover in folder.glob("*.db*"):
        leftover.unlink()
    port = free_port()
    command = granian(f"bench.floors.{name}:app", port)
    server = Server(command, port, {"BENCH_FLOOR_DIR": str(folder)}, folder / f"{name}.log")
    try:
        server.wait("/")
        yield server
    finally:
        server.stop()


def free_port() -> int:
    """A port of the loopback address that nothing listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
