"""The site itself, in processes of its own, as an operator runs it."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.servers.ports import LOOPBACK, free_port, runs, wait_until

ROOT = Path(__file__).parents[2]
_migrated: dict[str, bytes] = {}  # an SQLite database with all tables


@dataclass
class Site:
    """A started site. ``url`` has no slash at its end; ``instance`` is its directory, ``log`` its output."""

    port: int
    instance: Path
    environment: dict[str, str] = field(repr=False)
    workers: int = 1
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def log(self) -> Path:
        return self.instance / "site.log"

    def flask(self, *arguments: str) -> str:
        """Run a `flask` command of this site to its end and return what it printed; raise if it failed."""
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"flask {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def start(self) -> None:
        """Start the web processes and wait until all of them are up and answer."""
        earlier = len(self.log.read_text()) if self.log.exists() else 0
        command = [
            *(sys.executable, "-m", "granian", "wsgi:app", "--interface", "wsgi", "--host", LOOPBACK),
            *("--port", str(self.port), "--workers", str(self.workers), "--blocking-threads", "4", "--no-ws"),
        ]
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=output, stderr=output, start_new_session=True
            )
        # granian does not end in good order while one of its workers is still starting, so one answer is not enough.
        wait_until(lambda: self._serves(earlier), what=f"the site (its output is in {self.log})")

    def stop(self) -> None:
        """End all web processes in good order; harmless when they are gone."""
        if self.process is not None:
            self.process.terminate()  # only the parent: it ends its workers, and waits for ever if they went before
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=60)
        self.kill()

    def kill(self) -> None:
        """End all web processes at once, as a power cut would; they are gone when this returns."""
        if self.process is not None:
            workers = self.worker_pids()
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None
            wait_until(lambda: not any(map(runs, workers)), what="killed workers to be gone")

    def worker_pids(self) -> list[int]:
        """The processes that answer requests, for a test that kills one of them."""
        if self.process is None:
            return []
        try:
            return [child.pid for child in psutil.Process(self.process.pid).children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def _serves(self, earlier: int) -> bool:
        """*earlier* is how long the log was before this start."""
        log = self.log.read_text()
        if self.process is None or self.process.poll() is not None:
            raise RuntimeError(f"the site ended while starting; its log says:\n{log[-4000:]}")
        if log[earlier:].count("Started worker-") < self.workers:
            return False
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=10):
                return True
        except urllib.error.HTTPError:
            return True
        except (OSError, urllib.error.URLError):
            return False


def _migrate(site: Site) -> None:
    """As `flask db upgrade` does; an SQLite file is copied from one that was migrated before in this process."""
    url = site.environment.get("FORUM_DATABASE_URL", f"sqlite:///{site.instance}/forum.db")
    if not url.startswith("sqlite:///"):
        site.flask("db", "upgrade")
        return
    path = Path(url.removeprefix("sqlite:///"))
    if "file" in _migrated:
        path.write_bytes(_migrated["file"])
        return
    site.flask("db", "upgrade")
    with contextlib.closing(sqlite3.connect(path)) as made:
        _migrated["file"] = made.serialize()


@contextlib.contextmanager
def running_site(
    environment: Mapping[str, str] | None = None,
    *,
    workers: int = 1,
    migrate: bool = True,
    start: bool = True,
) -> Iterator[Site]:
    """The real application under granian on loopback, with an instance directory of its own, stopped at the end.

    *environment* adds ``FORUM_*`` settings to the site's own (SQLite in the instance directory, environment "test").
    With *start* false it is prepared and migrated only, to be filled by ``site.flask(...)`` before ``site.start()``.
    """
    with tempfile.TemporaryDirectory(prefix="forum-site-") as folder:
        site = Site(free_port(), Path(folder), {}, workers=workers)
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("FORUM_")}
        site.environment = {
            **inherited,
            "FORUM_ENVIRONMENT": "test",
            "FORUM_INSTANCE_DIR": folder,
            "FORUM_BASE_URL": site.url,
            "FORUM_PORT": str(site.port),
            "FORUM_ANSWER_MAIL_PAUSE": "0",
            **(environment or {}),
        }
        if migrate:
            _migrate(site)
        try:
            if start:
                site.start()
            yield site
        finally:
            site.stop()
