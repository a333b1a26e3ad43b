"""`flask serve`: web processes and the job worker under one supervisor."""

from __future__ import annotations

import json
import os
import resource
import shutil
import socket
import sys
from pathlib import Path
from typing import NoReturn

import click
from flask import current_app

from forum.config import Config

ROOT = Path(__file__).resolve().parent.parent.parent
# Threads a web worker answers with. Eight answer no more requests a second than four (Python runs one at a time), and
# each weighs 6 MB once warm: 149 instead of 124 MB a worker after the same load.
THREADS = 4

# Connections a web worker holds, idle ones included. At granian's default of 512 a thousand browsers that left theirs
# open, or somebody who opened them on purpose, kept everybody else waiting until they timed out: 30 s measured.
CONNECTIONS = 4096


def run() -> None:
    """Serve at FORUM_HOST:FORUM_PORT until Ctrl-C or SIGTERM."""
    config: Config = current_app.config["FORUM"]
    require_free_port(config)
    require_newest_schema()
    supervise(config, f"{config.agency_name} is at {config.base_url} (port {config.port}). Ctrl-C stops it.")


def require_newest_schema() -> None:
    """ClickException when migrations are missing: a release must not run over a schema it does not know."""
    from forum.core.migrations import current_revision, newest_revision

    if current_revision() != newest_revision():
        raise click.ClickException(
            "The database is not at this release's schema. Run: flask --app wsgi db upgrade"
        )


def require_free_port(config: Config) -> None:
    """ClickException in plain words when the port is taken or not ours to take."""
    with socket.socket(socket.AF_INET6 if ":" in config.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.host, config.port))
            probe.listen(1)
        except OSError as error:
            raise click.ClickException(
                f"Port {config.port} on {config.host} cannot be used ({os.strerror(error.errno or 0)}): is the site "
                f"running already? Another port: make run PORT={config.port + 1}, or FORUM_PORT={config.port + 1}."
            ) from error


def supervise(config: Config, announce: str) -> NoReturn:
    """Become the supervisor of this site; never returns."""
    metrics = config.instance_dir / "metrics"
    shutil.rmtree(metrics, ignore_errors=True)  # one file a process: those of the last run mean nothing now
    metrics.mkdir(parents=True)
    host = "127.0.0.1" if config.host in ("0.0.0.0", "::") else config.host  # noqa: S104 - where to ask, not to listen
    specification = {
        "ready": f"http://{f'[{host}]' if ':' in host else host}:{config.port}/healthz",
        "announce": announce,
        "children": [
            {"name": "The web server", "command": web_command(config)},
            {
                "name": "The job worker",
                "command": [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "run"],
            },
        ],
    }
    environment = {
        "MALLOC_ARENA_MAX": "1",  # glibc otherwise gives each thread an arena that keeps tens of megabytes
        "PYTHONOPTIMIZE": "2",  # docstrings take 7 MB of each process, and nobody reads them in a server
        **os.environ,
        "PROMETHEUS_MULTIPROC_DIR": str(metrics),
        "FORUM_INSTANCE_DIR": str(config.instance_dir),
    }
    _allow_open_files(2 * CONNECTIONS)
    sys.stdout.flush()
    os.chdir(ROOT)
    script = str(Path(__file__).with_name("supervisor.py"))
    handed_over = str(_handed_over(json.dumps(specification)))
    os.execve(sys.executable, [sys.executable, "-I", script, handed_over], environment)  # noqa: S606


def _handed_over(text: str) -> int:
    """An open file, which survives ``exec``, from which *text* (shorter than a pipe holds) is read once."""
    reading, writing = os.pipe()
    os.set_inheritable(reading, True)
    with open(writing, "w", encoding="utf-8") as file:
        file.write(text)
    return reading


def _allow_open_files(wanted: int) -> None:
    """Raise this process's limit of open files, which its children inherit, as far as the system lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def web_command(config: Config) -> list[str]:
    """How granian is started. Measured on two cores; docs/operations.md says what to turn for other machines."""
    return [
        *(sys.executable, "-m", "granian", "wsgi:app", "--interface", "wsgi", "--http", "1", "--no-ws"),
        *("--host", config.host, "--port", str(config.port), "--workers", str(config.workers)),
        *("--blocking-threads", str(THREADS), "--backlog", "2048", "--backpressure", str(CONNECTIONS)),
        *("--http1-header-read-timeout", "10000"),
        *("--respawn-failed-workers", "--respawn-interval", "0.5", "--workers-kill-timeout", "5"),
        *("--log-level", "error", "--no-access-log"),
    ]
