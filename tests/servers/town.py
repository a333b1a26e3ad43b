"""A running site filled through its own operations, and residents who really talk HTTP to it.

The test's process opens an application of its own over the site's database and key: people, events and signed-in
sessions are made there, without a password form in between, and the site's own workers answer the requests.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Flask, session
from flask_wtf.csrf import generate_csrf

from forum import create_app
from forum.accounts.models import Person
from forum.accounts.operations.sessions import start_session
from forum.config import Config
from forum.core.transactions import unit_of_work
from forum.extensions import db
from tests.servers.ports import LOOPBACK
from tests.servers.postgres import postgres_database
from tests.servers.site import Site, running_site

T = TypeVar("T")
KEY = "the-key-of-a-site-under-fire-" + "x" * 30
# What a client sees of a server that is killed.
GONE = (ConnectionError, http.client.HTTPException, TimeoutError)


@dataclass
class Town:
    """``site`` answers; ``make`` writes to its database from here."""

    site: Site
    app: Flask
    database_url: str = field(repr=False)

    def make(self, what: Callable[[], T]) -> T:
        """Run *what* in a unit of work of its own, committed when this returns; return plain values, not models."""
        with self.app.app_context(), unit_of_work():
            return what()

    def browser(self, person_id: int) -> Browser:
        """A browser in which that person is signed in."""

        def open_session() -> str:
            person = db.session.get_one(Person, person_id)
            start_session(person, proof=person.password_hash, stay=True, device="Test browser")
            return str(person.session_token)

        token = self.make(open_session)
        with self.app.test_request_context():
            session["_user_id"] = token
            session.permanent = True
            csrf = generate_csrf()
            jar: Any = self.app.session_interface
            name = self.app.config["SESSION_COOKIE_NAME"]
            cookie = f"{name}={jar._serializer(self.app, name).dumps(dict(session))}"
        return Browser(self.site, cookie, csrf)

    def send(self, person_id: int, path: str, fields: Mapping[str, object]) -> int | None:
        """Send one form as that person and leave; the status."""
        browser = self.browser(person_id)
        try:
            return browser.post(path, fields)[0]
        finally:
            browser.close()


class Browser:
    """One person's browser, reduced to a form: a cookie, a CSRF token and a connection."""

    def __init__(self, site: Site, cookie: str, csrf: str) -> None:
        self.site, self.cookie, self.csrf = site, cookie, csrf
        self.lines: list[http.client.HTTPConnection] = []

    def post(self, path: str, fields: Mapping[str, object], *, times: int = 1) -> list[int | None]:
        """Send the same form *times* at once; the statuses, None for an answer that never came."""
        body = urlencode({**fields, "csrf_token": self.csrf})
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self.cookie}
        while len(self.lines) < times:
            self.lines.append(http.client.HTTPConnection(LOOPBACK, self.site.port, timeout=120))
        lines = self.lines[:times]
        asked = [_answered(line, lambda line=line: _ask(line, path, body, headers)) for line in lines]
        return [
            _answered(line, lambda line=line: _status(line)) if went else None
            for line, went in zip(lines, asked, strict=True)
        ]

    def log_end(self) -> str:
        """What the site said last, for the report of a failure."""
        return self.site.log.read_text()[-3000:]

    def close(self) -> None:
        for line in self.lines:
            line.close()


def _answered(line: http.client.HTTPConnection, act: Callable[[], int]) -> int | None:
    try:
        return act()
    except GONE:
        line.close()  # the next request opens it again
        return None


def _ask(line: http.client.HTTPConnection, path: str, body: str, headers: dict[str, str]) -> int:
    line.request("POST", path, body, headers)
    return 1


def _status(line: http.client.HTTPConnection) -> int:
    with line.getresponse() as answer:
        answer.read()
        return answer.status


@contextlib.contextmanager
def running_town(
    backend: str, *, workers: int = 2, settings: Mapping[str, str] | None = None
) -> Iterator[Town]:
    """A migrated, empty, running site on *backend* (``sqlite`` or ``postgresql``); *settings* are the site's own."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="forum-town-")))
        url = f"sqlite:///{folder}/forum.db"
        if backend == "postgresql":
            url = stack.enter_context(postgres_database("forum_town"))
        environment = {
            "FORUM_DATABASE_URL": url,
            "FORUM_SECRET_KEY": KEY,
            "FORUM_LOG_LEVEL": "ERROR",
            **(settings or {}),
        }
        site = stack.enter_context(running_site(environment, workers=workers, start=False))
        config = Config(
            environment="test",
            secret_key=KEY,
            base_url=site.url,
            database_url=url,
            instance_dir=folder / "instance",
        )
        app = create_app(config.completed())
        site.start()
        yield Town(site, app, url)
        with app.app_context():
            db.engine.dispose()


def backend() -> str:
    """The database that this run of the suite is for."""
    return os.environ.get("FORUM_TEST_DATABASE", "sqlite")
