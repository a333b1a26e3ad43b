"""`flask serve`: one command starts all, one signal stops all, and what dies is started again."""

from __future__ import annotations

import contextlib
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.servers import free_port, running_site, wait_until

pytestmark = pytest.mark.once
ROOT = Path(__file__).parents[2]


class Served:
    """A site served by the command, and its processes."""

    def __init__(self, environment: dict[str, str], port: int, log: Path) -> None:
        self.environment, self.port, self.log = environment, port, log
        self.command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve"]

    def __enter__(self) -> Served:
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        wait_until(lambda: "Ctrl-C stops it" in self.log.read_text(), what="the announcement")
        wait_until(lambda: len(self.family()) >= 4, what="the workers")
        return self

    def __exit__(self, *_error: object) -> None:
        family = self.family()
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(120)
        for one in [*family, psutil.Process(self.process.pid)] if self.process.poll() is None else family:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()

    def family(self) -> list[psutil.Process]:
        try:
            return psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def named(self, words: str) -> list[psutil.Process]:
        return [one for one in self.family() if words in _command(one)]

    def status(self) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=60) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Served]]:
    """Gives the installation as it is served, and serves it anew once a test has ended it: a start takes seconds."""
    folder = tmp_path_factory.mktemp("served")
    with running_site(start=False) as site, contextlib.ExitStack() as ends:
        found: list[Served] = []

        def give() -> Served:
            if not found or found[-1].process.poll() is not None:
                environment = {**site.environment, "FORUM_WORKERS": "2"}
                fresh = Served(environment, site.port, folder / f"log-{len(found)}")
                found.append(ends.enter_context(fresh))
            return found[-1]

        yield give


@pytest.fixture
def served(running: Callable[[], Served]) -> Served:
    return running()


def _command(process: psutil.Process) -> str:
    """How a process was started; nothing once it has ended."""
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def web_server(served: Served) -> psutil.Process:
    """The parent of the web workers."""
    return next(one for one in served.named("granian") if one.ppid() == served.process.pid)


def gone(processes: list[psutil.Process]) -> bool:
    return not [one for one in processes if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.parametrize("number", (signal.SIGINT, signal.SIGTERM))
def test_one_signal_ends_everything_in_good_order(served: Served, number: signal.Signals) -> None:
    assert served.status() == 200
    family = served.family()
    served.process.send_signal(number)
    assert served.process.wait(120) == 0
    assert gone(family)
    assert "Traceback" not in served.log.read_text()


def test_nobody_holds_the_port_after_the_supervisor_was_killed(served: Served) -> None:
    family = served.family()
    served.process.kill()
    served.process.wait()
    wait_until(lambda: gone(family), what="the end of the children")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", served.port))


def test_metrics_are_summed_over_the_processes(served: Served) -> None:
    for _request in range(20):
        served.status()
    with urllib.request.urlopen(f"http://127.0.0.1:{served.port}/metrics", timeout=60) as answer:
        text = answer.read().decode()
    counted = re.search(r'forum_requests_total\{endpoint="health.healthz".*\} (\S+)', text)
    assert counted is not None
    assert float(counted.group(1)) >= 20
    wait_until(lambda: "forum_jobs_total" in _metrics(served.port), what="the first jobs")


def test_no_command_line_holds_what_is_announced(served: Served) -> None:
    """The demonstration announces passwords; who else is on the machine sees every command line."""
    announced = served.log.read_text()
    assert "Ctrl-C stops it" in announced
    for one in [psutil.Process(served.process.pid), *served.family()]:
        assert "Ctrl-C" not in _command(one)


def test_what_is_killed_is_started_again(served: Served) -> None:
    (worker,) = served.named("jobs run")
    worker.kill()
    wait_until(lambda: served.named("jobs run") not in ([], [worker]), what="a new job worker")
    main = web_server(served)
    killed = next(web for web in served.named("granian") if web.ppid() == main.pid)
    killed.kill()
    wait_until(lambda: gone([killed]) and len(served.named("granian")) == 3, what="a new web worker")
    wait_until(lambda: served.status() == 200, what="an answer")


def test_a_killed_web_server_is_started_again_on_its_port(served: Served) -> None:
    before = served.named("granian")
    web_server(served).kill()
    wait_until(lambda: gone(before) and len(served.named("granian")) == 3, what="a new server")
    wait_until(lambda: served.status() == 200, what="an answer")


def test_a_taken_port_is_said_in_words(tmp_path: Path) -> None:
    with socket.socket() as holder, running_site(start=False, migrate=False) as site:
        holder.bind(("127.0.0.1", 0))
        holder.listen(1)
        port = holder.getsockname()[1]
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve"]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**site.environment, "FORUM_PORT": str(port)},
            capture_output=True,
            text=True,
        )
    assert done.returncode == 1
    assert f"Port {port} on 127.0.0.1 cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_release_does_not_serve_a_schema_it_does_not_know() -> None:
    with running_site(start=False, migrate=False) as site:
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve"]
        done = subprocess.run(
            command, cwd=ROOT, env=site.environment, capture_output=True, text=True, timeout=120
        )
    assert done.returncode == 1
    assert "flask --app wsgi db upgrade" in done.stderr


def test_a_site_that_cannot_start_ends_with_a_status(tmp_path: Path) -> None:
    import json

    specification = {
        "ready": f"http://127.0.0.1:{free_port()}/healthz",
        "announce": "never",
        "children": [{"name": "The web server", "command": [sys.executable, "-c", "raise SystemExit(3)"]}],
    }
    command = [sys.executable, "-I", str(ROOT / "forum/cli/supervisor.py"), "0"]
    asked = json.dumps(specification)
    done = subprocess.run(command, input=asked, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert "The web server could not start (status 3)." in done.stderr


def _metrics(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=60) as answer:
        return str(answer.read().decode())
