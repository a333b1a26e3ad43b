"""Logs: what they say of a request, and what they never hold."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, abort

from forum.core import logging as logs
from forum.core.access import public_uncached

pytestmark = pytest.mark.once
SCRIPT = """
import sys
from pathlib import Path
from forum import create_app
from forum.config import Config
from forum.core.access import public_uncached
from forum.extensions import db
import sqlalchemy as sa
import structlog, logging

proxies = int(sys.argv[2])
app = create_app(Config(environment="production", instance_dir=Path(sys.argv[1]), secret_key="k" * 40,
    base_url="https://forum.example.org", smtp_url="smtp://localhost", mail_from="a@example.org",
    trusted_proxies=proxies).completed())

@app.get("/test/crash/<token>")
@public_uncached
def crash(token):
    try:
        db.session.execute(sa.text("SELECT :x FROM nowhere"), {"x": "marker-parameter"})
    except sa.exc.SQLAlchemyError as error:
        raise RuntimeError(f"ada@example.org from 198.51.100.77 said {error}") from error

client = app.test_client()
answers = [
    client.get("/healthz"),
    client.get("/robots.txt?email=ada@example.org&token=marker-query"),
    client.get("/calendar/marker-path-token-of-somebody.ics"),
    client.get("/nowhere/marker-unknown-path"),
    client.get("/concerns/track", headers={"User-Agent": "marker-agent"}),
    client.get("/test/crash/marker-crash-token", environ_base={"REMOTE_ADDR": "198.51.100.77"},
        headers={"X-Request-Id": "from-outside-1234", "User-Agent": "marker-agent", "X-Forwarded-For": "203.0.113.9"}),
]
structlog.get_logger().warning("to ada@example.org at 2001:db8::7")
logging.getLogger("some.library").error("to ada@example.org at 198.51.100.77")
print([answer.headers.get("X-Request-Id") for answer in answers])
"""


def run(tmp_path: Path, proxies: int) -> tuple[list[str], list[str | None]]:
    """The lines of the log of a production site that saw a few requests, and the ids that the answers carried."""
    command = [sys.executable, "-c", SCRIPT, str(tmp_path), str(proxies)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return done.stderr.splitlines(), eval(done.stdout)


def test_production_writes_json_without_anything_personal_or_secret(tmp_path: Path) -> None:
    lines, _ids = run(tmp_path, 0)
    entries = [json.loads(line) for line in lines]
    whole = "\n".join(lines)
    for mark in ("ada@", "198.51.100.77", "203.0.113.9", "2001:db8", "marker"):
        assert mark not in whole, mark
    paths = [entry["path"] for entry in entries if entry["event"] == "request"]
    assert "/robots.txt" in paths
    assert "/nowhere/…" in paths
    assert "/test/crash/<token>" in paths
    assert "/healthz" not in paths
    assert "/concerns/track" not in paths  # nothing is kept of when somebody was there
    assert any(entry.get("exception") for entry in entries)


def test_an_answer_tells_the_id_of_its_lines(tmp_path: Path) -> None:
    lines, ids = run(tmp_path, 0)
    crash = [json.loads(line) for line in lines if "/test/crash/<token>" in line]
    assert {entry["request_id"] for entry in crash} == {ids[-1]}
    assert ids[-1] != "from-outside-1234"
    assert len(set(ids)) == len(ids)


def test_an_id_from_outside_counts_behind_a_trusted_proxy_only(tmp_path: Path) -> None:
    _lines, ids = run(tmp_path, 1)
    assert ids[-1] == "from-outside-1234"


@pytest.mark.parametrize(
    ("text", "kept"),
    (
        ("ada.b+c@example.co.uk wrote", "[e-mail] wrote"),
        ("from 198.51.100.77:4431", "from [address]:4431"),
        ("from ::ffff:198.51.100.77", "from ::ffff:[address]"),
        ("from 2001:db8:0:1:2:3:4:5 and 2001:db8::1.", "from [address] and [address]."),
        ("at 2026-11-20T18:04:16.812851Z", "at 2026-11-20T18:04:16.812851Z"),
        ("18:04:16 to 19:00", "18:04:16 to 19:00"),
        ("huey 3.5.4 took 12.5 ms", "huey 3.5.4 took 12.5 ms"),
    ),
)
def test_addresses_are_taken_out_and_times_are_not(text: str, kept: str) -> None:
    assert logs.scrubbed(text) == kept


@pytest.fixture
def small() -> Iterator[Flask]:
    app = Flask("small")

    @app.get("/calendar/<token>.ics")
    @public_uncached
    def calendar(token: str) -> str:
        abort(404)

    yield app


@pytest.mark.parametrize(
    ("path", "logged"),
    (
        ("/calendar/secret.ics", "/calendar/<token>.ics"),
        ("/a", "/a"),
        ("/account/reset/abc", "/account/…"),
        ("/", "/"),
    ),
)
def test_secrets_of_a_path_become_their_names(small: Flask, path: str, logged: str) -> None:
    with small.test_request_context(path):
        assert logs.safe_path() == logged
