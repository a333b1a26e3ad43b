"""Boston's year of concerns: the public list, the desk's queue, and sending a new one."""

from __future__ import annotations

import contextlib
import secrets
import shutil
import statistics
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

from bench import load, servers, town
from bench.browser import Browser, form_of, session_cookies
from bench.load import Request
from bench.report import Row, limit, ratio
from forum import create_app
from forum.accounts.models import Role
from forum.concerns.receipts import new_code
from forum.config import Config
from forum.extensions import db

if TYPE_CHECKING:
    from bench.scenarios import Bench

ZONE = "America/New_York"
LIST, QUEUE, NEW = "/concerns", "/desk/concerns?whose=all", "/concerns/new"
MOST_QUERIES = 10
# Concerns made ready for each second of a load, more than any rate: the same one sent again would be no new one.
READY = 4000
ADDRESSES = 1 << 24


@dataclass(frozen=True)
class Boston(town.Town):
    """A site of Boston's, behind a proxy: a form may be sent five times from one address, and a load has but one."""

    def environment(self, port: int) -> dict[str, str]:
        return super().environment(port) | {"FORUM_AGENCY_ZONE": ZONE, "FORUM_TRUSTED_PROXIES": "1"}


def concerns(bench: Bench) -> Iterator[Row]:
    """All of it, over a server of its own."""
    with boston_site(bench) as (boston, server):
        yield from _read(bench, boston, server)
        yield from _send(bench, server)


@contextlib.contextmanager
def boston_site(bench: Bench) -> Iterator[tuple[Boston, servers.Server]]:
    """Boston's database and a server over it."""
    boston = _boston(bench)
    port = servers.free_port()
    command = servers.granian("wsgi:app", port)
    server = servers.Server(command, port, boston.environment(port), boston.folder / "server.log")
    try:
        server.wait("/healthz")
        yield boston, server
    finally:
        server.stop()


def _boston(bench: Bench) -> Boston:
    """The database, loaded once for each schema."""
    from forum.core.migrations import upgrade_if_needed
    from forum.demo.concerns import load as load_boston
    from forum.demo.town import silent

    folder = town.FOLDER / "boston"
    stamp, schema = folder / "made-of", town._schema()
    fresh = not stamp.exists() or stamp.read_text() != schema
    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
    config = Config(
        environment="demonstration", instance_dir=folder, base_url=town.BASE_URL, agency_zone=ZONE
    ).completed()
    boston = Boston(create_app(config), folder)
    if fresh:
        bench.say("loading Boston's concerns")
        with boston.app.app_context():
            upgrade_if_needed()
            load_boston(silent)
        stamp.write_text(schema)
    return boston


def _read(bench: Bench, boston: Boston, server: servers.Server) -> Iterator[Row]:
    (resident,) = session_cookies(boston.app, 1)
    (supervisor,) = session_cookies(boston.app, 1, role=Role.SUPERVISOR)
    yield limit("desk's queue, questions to the database", _queries(boston, supervisor), "", MOST_QUERIES)
    name = "of 33,428 concerns"
    reads = (
        ("bare", "bare Flask", 1.5, f"public list {name}, visitor", LIST, {}),
        ("page", "Flask + SQLAlchemy", 0.35, f"public list {name}, signed in", LIST, {"Cookie": resident}),
        ("page", "Flask + SQLAlchemy", 0.2, f"desk's queue {name}", QUEUE, {"Cookie": supervisor}),
    )
    for kind, against, least, what, path, headers in reads:
        status = Browser(server.url).get(path, **headers).status
        if status != 200:
            bench.failures.append(f"{path} answers {status}")
            continue
        request = Request(path, headers=headers)
        with servers.floor(kind, town.FOLDER / "floors" / kind) as floor:
            rates = [
                (
                    _rate(bench, server, [request], what),
                    load.run(floor.url, [Request("/")], seconds=bench.seconds).rate,
                )
                for _ in range(bench.rounds)
            ]
        yield ratio(what, *_medians(rates), against, least)


def _send(bench: Bench, server: servers.Server) -> Iterator[Row]:
    """16 people send a new concern, durably, against a bare Flask view that commits one durable INSERT."""
    what = "a new concern, 16 people"
    if (status := Browser(server.url).get(NEW).status) != 200:
        bench.failures.append(f"{NEW} answers {status}")
        return
    forms = [form_of(server.url, NEW, "") for _ in range(load.CONNECTIONS)]
    ready = round(READY * bench.seconds)
    rates, number = [], secrets.randbelow(ADDRESSES)  # another run has used up what an address may send
    with servers.floor("insert", town.FOLDER / "floors" / "insert") as floor:
        for _ in range(bench.rounds):
            requests = [_concern((number + n) % ADDRESSES, *forms[n % len(forms)]) for n in range(ready)]
            number += ready
            site = _rate(bench, server, requests, what)
            rates.append((site, load.run(floor.url, [Request("/", "POST")], seconds=bench.seconds).rate))
    yield ratio(what, *_medians(rates), "one INSERT", 0.2)


def _concern(number: int, cookie: str, token: str) -> Request:
    """The last step of the form as it is sent, from an address that nobody else has."""
    fields = {
        "csrf_token": token, "step": "review", "mode": "private", "category": "speeding", "code": new_code(),
        "title": f"Cars race down our street {number}", "story": "Every evening after nine. Children cross there.",
        "language": "en", "same": "y", "warned": "y", "email": f"sender-{number}@example.org",
    }  # fmt: skip
    headers = {
        "Cookie": cookie,
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
    }
    return Request(NEW, "POST", headers, urllib.parse.urlencode(fields))


def _rate(bench: Bench, server: servers.Server, requests: list[Request], what: str) -> float:
    found = load.run(server.url, requests, seconds=bench.seconds)
    if found.errors:
        bench.failures.append(f"{what}: {found.errors} errors")
    bench.say(f"{what}: {found.rate:,.0f}/s, p99 {found.p99:.0f} ms")
    return found.rate


def _medians(rates: list[tuple[float, float]]) -> tuple[float, float]:
    return statistics.median(site for site, _ in rates), statistics.median(floor for _, floor in rates)


def _queries(boston: Boston, cookie: str) -> int:
    """What the queue asks the database, counted in this process."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    with boston.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        answer = boston.app.test_client(use_cookies=False).get(QUEUE, headers={"Cookie": cookie})
    finally:
        event.remove(engine, "before_cursor_execute", note)
    if answer.status_code != 200:
        return MOST_QUERIES + 1  # a page that is not there asks nothing
    return sum(statement.lstrip().upper().startswith(("SELECT", "WITH")) for statement in asked)
