"""Limits: what they count, what they survive and what they keep."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from forum.core import limits
from tests.servers import free_port, redis_url

pytestmark = pytest.mark.once
START = datetime(2026, 11, 20, 12, tzinfo=UTC)


def application(folder: Path, redis: str = "") -> Flask:
    """An application with limits and nothing else."""
    from forum.config import Config

    app = Flask("limits")
    app.config["FORUM"] = Config(environment="test", instance_dir=folder, redis_url=redis)
    app.config["SECRET_KEY"] = "k" * 40
    limits.init_app(app)
    return app


@pytest.fixture
def limited(tmp_path: Path) -> Iterator[Flask]:
    app = application(tmp_path)
    with app.app_context():
        yield app


@pytest.mark.usefixtures("limited")
def test_the_sixth_failure_in_any_minute_is_refused_and_the_wait_is_at_most_a_minute() -> None:
    with time_machine.travel(START, tick=False) as clock:
        for second in range(5):
            clock.move_to(START + timedelta(seconds=second * 10))
            assert limits.hit("sign-in", "ada@example.org", "5 per minute")
        assert not limits.hit("sign-in", "ada@example.org", "5 per minute")
        assert limits.blocked("sign-in", "ada@example.org", "5 per minute")
        assert 1 <= limits.retry_after("sign-in", "ada@example.org", "5 per minute") <= 60
        assert not limits.blocked("sign-in", "bob@example.org", "5 per minute")
        clock.move_to(START + timedelta(seconds=61))
        assert limits.hit("sign-in", "ada@example.org", "5 per minute")
        assert not limits.hit("sign-in", "ada@example.org", "5 per minute")


@pytest.mark.usefixtures("limited")
def test_a_success_forgives_what_was_counted() -> None:
    for _attempt in range(5):
        limits.hit("sign-in", "ada@example.org", "5 per minute")
    limits.forget("sign-in", "ada@example.org", "5 per minute")
    assert not limits.blocked("sign-in", "ada@example.org", "5 per minute")
    assert limits.retry_after("sign-in", "ada@example.org", "5 per minute") == 0


def test_neither_address_nor_name_is_stored(limited: Flask, tmp_path: Path) -> None:
    with limited.test_request_context(environ_base={"REMOTE_ADDR": "198.51.100.77"}):
        limits.hit("sign-in", "ada@example.org", "5 per minute")
        limits.hit("register", limits.client_address(), "5 per minute")
        limits.hit("register", limits.address_key(), "5 per minute")
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert len(kept) > 4096
    assert b"198.51.100.77" not in kept
    for part in (b"ada@", b"example"):  # three letters may well stand in an HMAC of some day
        assert part not in kept


@pytest.mark.usefixtures("limited")
def test_keys_of_two_days_cannot_be_joined() -> None:
    with time_machine.travel(START, tick=False) as clock:
        today = limits.anonymous("198.51.100.77")
        assert today == limits.anonymous("198.51.100.77")
        clock.move_to(START + timedelta(days=1))
        assert limits.anonymous("198.51.100.77") != today


def test_an_ipv6_network_counts_as_one(limited: Flask) -> None:
    keys = set()
    for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"):
        with limited.test_request_context(environ_base={"REMOTE_ADDR": address}):
            keys.add(limits.address_key())
    assert len(keys) == 2


def test_a_forwarded_header_does_not_change_whose_request_it_is(limited: Flask) -> None:
    forged = {"X-Forwarded-For": "203.0.113.9", "Forwarded": "for=203.0.113.9", "X-Real-IP": "203.0.113.9"}
    with limited.test_request_context(headers=forged, environ_base={"REMOTE_ADDR": "198.51.100.77"}):
        assert limits.client_address() == "198.51.100.77"


def test_processes_share_one_count_and_a_killed_one_forgives_nothing(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys; from pathlib import Path\n"
        "from tests.core.test_limits import application; from forum.core import limits\n"
        "with application(Path(sys.argv[1])).app_context():\n"
        "    print(sum(limits.hit('sign-in', 'ada', '50 per hour') for _ in range(40)), flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert sum(int(process.communicate(timeout=120)[0]) for process in running) == 50
    with application(tmp_path).app_context():
        assert limits.blocked("sign-in", "ada", "50 per hour")


def test_a_damaged_file_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "limits.db").write_bytes(b"not a database at all" * 100)
    with application(tmp_path).app_context():
        assert limits.hit("sign-in", "ada", "1 per minute")
        assert not limits.hit("sign-in", "ada", "1 per minute")


def test_redis_counts_when_there_is_one(tmp_path: Path) -> None:
    with redis_url() as url:
        for _process in range(2):
            with application(tmp_path, url).app_context():
                limits.hit("sign-in", "ada", "2 per minute")
        with application(tmp_path, url).app_context():
            assert limits.blocked("sign-in", "ada", "2 per minute")
    assert not (tmp_path / "limits.db").exists()


def test_a_redis_that_is_down_leaves_the_file_to_count(tmp_path: Path) -> None:
    dead = f"redis://127.0.0.1:{free_port()}/0"
    with application(tmp_path, dead).app_context():
        assert limits.hit("sign-in", "ada", "1 per minute")
        assert limits.blocked("sign-in", "ada", "1 per minute")
    assert (tmp_path / "limits.db").exists()
