"""What is measured. Each scenario takes the bench and gives rows of the report."""

from __future__ import annotations

import contextlib
import http.client
import json
import statistics
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import select

from bench import load, servers, town
from bench.browser import Browser, form_of, seen_everywhere, session_cookies
from bench.concerns import concerns
from bench.discussions import discussions
from bench.load import Request
from bench.mail import mail
from bench.report import Row, limit, ratio
from bench.roster import roster
from bench.search import search
from forum.core import clock
from forum.core.transactions import unit_of_work
from forum.events.models import Event, Occurrence
from forum.events.views.rows import occurrence_url
from forum.extensions import db
from forum.neighborhoods.models import Neighborhood


@dataclass
class Bench:
    """A running site and how long to measure."""

    town: town.Town
    site: servers.Server
    seconds: float
    rounds: int
    say: Callable[[str], None]
    failures: list[str] = field(default_factory=list)

    def against(
        self, floor: servers.Server, on: Request, cases: dict[str, list[Request]]
    ) -> dict[str, tuple[float, float]]:
        """Medians of (site, floor) answers a second per case; the floor is measured between the cases of each round."""
        rates: dict[str, list[float]] = {name: [] for name in cases}
        floors: dict[str, list[float]] = {name: [] for name in cases}
        for _ in range(self.rounds):
            before = load.run(floor.url, [on], seconds=self.seconds).rate
            for name, requests in cases.items():
                found = load.run(self.site.url, requests, seconds=self.seconds)
                after = load.run(floor.url, [on], seconds=self.seconds).rate
                rates[name].append(found.rate)
                floors[name].append((before + after) / 2)
                before = after
                if found.errors:
                    self.failures.append(f"{name}: {found.errors} errors")
                self.say(
                    f"{name}: {found.rate:,.0f}/s, floor {floors[name][-1]:,.0f}/s, p99 {found.p99:.0f} ms"
                )
        return {name: (statistics.median(rates[name]), statistics.median(floors[name])) for name in cases}


def pages(town_: town.Town) -> dict[str, str]:
    """The four pages of the table, by name."""
    with town_.app.test_request_context():
        occurrence = town.answerable()
        event, area = occurrence_url(occurrence), db.session.scalars(select(Neighborhood.slug).limit(1)).one()
    return {"/events": "/events", "an event": event, "a neighborhood": f"/neighborhoods/{area}", "home": "/"}


def visitor(bench: Bench) -> Iterator[Row]:
    """Pages as visitors get them, against a bare Flask view."""
    cases = {f"{name}, visitor": [_checked(bench, path)] for name, path in pages(bench.town).items()}
    with servers.floor("bare", town.FOLDER / "floors" / "bare") as floor:
        for name, (site, least) in bench.against(floor, Request("/"), cases).items():
            yield ratio(name, site, least, "bare Flask", 1.5)


def signed_in(bench: Bench) -> Iterator[Row]:
    """The same pages to who is signed in, against one select and one page of Flask and SQLAlchemy."""
    account = next(
        a
        for a in json.loads((bench.town.folder / "demo-accounts.json").read_text())
        if a["role"] == "resident"
    )
    browser = Browser(bench.site.url)
    browser.sign_in(account["email"], account["password"])
    browser.get("/events")  # shows what signing in said, so that it does not wait in the cookie
    headers = {"Cookie": browser.cookie()}
    cases = {
        f"{name}, signed in": [_checked(bench, path, headers)] for name, path in pages(bench.town).items()
    }
    with servers.floor("page", town.FOLDER / "floors" / "page") as floor:
        for name, (site, least) in bench.against(floor, Request("/"), cases).items():
            yield ratio(name, site, least, "Flask + SQLAlchemy", 0.35)


def feed(bench: Bench) -> Iterator[Row]:
    """The calendar of all events, unchanged since last time."""
    zipped = Browser(bench.site.url).get("/events.ics", Accept_Encoding="gzip")
    plain = Browser(bench.site.url).get("/events.ics")
    entries = plain.body.count(b"BEGIN:VEVENT")
    yield Row(
        "entries in /events.ics",
        f"{entries:,}",
        f"{len(plain.body):,} bytes, {len(zipped.body):,} zipped",
        "",
        "",
        None,
    )
    tag = {"Accept-Encoding": "gzip", "If-None-Match": zipped.headers["etag"]}
    cases = {
        "/events.ics, gzip": [_checked(bench, "/events.ics", {"Accept-Encoding": "gzip"})],
        "/events.ics, plain": [_checked(bench, "/events.ics")],
        "/events.ics, 304": [_checked(bench, "/events.ics", tag, status=304)],
    }
    targets = dict(zip(cases, (1.0, 0.3, 2.0), strict=True))
    with servers.floor("bare", town.FOLDER / "floors" / "bare") as floor:
        for name, (site, least) in bench.against(floor, Request("/"), cases).items():
            yield ratio(name, site, least, "bare Flask", targets[name])


def change(bench: Bench) -> Iterator[Row]:
    """How far behind a commit any process is, what the first calendar after it costs, and whether pages go on."""
    lags: list[float] = []
    firsts: list[float] = []
    others: list[float] = []
    _retitle(bench.town, "Warm")  # what is made at the first use is made by now, here and there
    for path in ("/events", "/events.ics"):
        load.run(bench.site.url, [Request(path)], seconds=1)
    for number in range(5):
        title = f"Changed {time.time_ns()}"
        with _pages_meanwhile(bench, others):
            _retitle(bench.town, title)
            committed = time.monotonic()
            lags.append(seen_everywhere(bench.site.url, "/events", title.encode(), committed))
            firsts.append(_first_feed(bench))
        bench.say(
            f"change {number + 1}: seen after {lags[-1]:.2f} s, feed {firsts[-1]:.0f} ms, page {max(others):.0f} ms"
        )
    yield limit(
        "behind a commit, in every process", max(lags), "s", 2.0, "the worst of 5 changes, 16 connections"
    )
    yield limit("/events.ics, first answer after a change", max(firsts), "ms", 250, "the worst of 5")
    yield limit("/events meanwhile", max(others), "ms", 250, f"the slowest of {len(others):,}")


def rsvp(bench: Bench) -> Iterator[Row]:
    """16 people answer, durably, against a bare Flask view that commits one durable INSERT."""
    with bench.town.app.test_request_context():
        occurrence = town.answerable()
        path = f"/events/{occurrence.event_id}/rsvp/{occurrence.original_date.isoformat()}"
    forms = [
        form_of(bench.site.url, path, cookie) for cookie in session_cookies(bench.town.app, load.CONNECTIONS)
    ]
    requests = []
    for answer, party in (("going", 1), ("going", 2), ("maybe", 1), ("not_going", 1)):
        for cookie, token in forms:
            body = urllib.parse.urlencode({"answer": answer, "party_size": party, "csrf_token": token})
            headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
            requests.append(Request(path, "POST", headers, body))
    with servers.floor("insert", town.FOLDER / "floors" / "insert") as floor:
        for name, (site, least) in bench.against(
            floor, Request("/", "POST"), {"RSVP, 16 people": requests}
        ).items():
            yield ratio(name, site, least, "one INSERT", 0.25)


def large(bench: Bench) -> Iterator[Row]:
    """The same pages, signed in, and the calendar after a change, with 500,000 events."""
    big = town.large(bench.town, bench.say)
    port = servers.free_port()
    command = servers.granian("wsgi:app", port)
    server = servers.Server(command, port, big.environment(port), big.folder / "server.log")
    try:
        server.wait("/healthz")
        yield from _compared(bench, big, server)
    finally:
        server.stop()


def memory(bench: Bench) -> Iterator[Row]:
    """What the two workers and the job worker hold after all this."""
    found = bench.site.memory()
    note = " + ".join(f"{size:.0f}" for size in sorted(found))
    yield limit("memory, two workers and the job worker", sum(found), "MB", 400, note)


def _compared(bench: Bench, big: town.Town, server: servers.Server) -> Iterator[Row]:
    rates: dict[str, tuple[list[float], list[float]]] = {}
    paths = pages(bench.town)
    (small_cookie,) = session_cookies(bench.town.app, 1)
    (big_cookie,) = session_cookies(big.app, 1)
    for path in (
        *paths.values(),
        "/events.ics",
    ):  # a server that has just started compiles its templates first
        load.run(server.url, [Request(path, headers={"Cookie": big_cookie})], seconds=1)
        load.run(server.url, [Request(path)], seconds=1)
    for number in range(bench.rounds):
        for name, path in paths.items():
            kept = rates.setdefault(name, ([], []))
            sites = [(bench.site, small_cookie, kept[0]), (server, big_cookie, kept[1])]
            for site, cookie, into in sites if number % 2 else reversed(sites):
                asked = [Request(path, headers={"Cookie": cookie})]
                into.append(load.run(site.url, asked, seconds=bench.seconds).rate)
            bench.say(f"{name}: {kept[0][-1]:,.0f}/s, with 500,000 events {kept[1][-1]:,.0f}/s")
    for name, (few, many) in rates.items():
        slower = statistics.median(few) / statistics.median(many)
        note = f"{statistics.median(few):,.0f}/s before, {statistics.median(many):,.0f}/s with them"
        yield limit(f"{name}, 500,000 events", slower, "times slower", 1.3, note)
    feeds = ([], [])  # type: tuple[list[float], list[float]]
    for site, where, into in ((bench.site, bench.town, feeds[0]), (server, big, feeds[1])):
        for _ in range(7):
            _retitle(where, f"Changed {time.time_ns()}")
            time.sleep(2.1)
            began = time.perf_counter()
            Browser(site.url).get("/events.ics", Accept_Encoding="gzip")
            into.append((time.perf_counter() - began) * 1000)
    note = f"{statistics.median(feeds[0]):.0f} ms before, {statistics.median(feeds[1]):.0f} ms with them"
    yield limit("/events.ics after a change, 500,000 events", statistics.median(feeds[1]) / statistics.median(feeds[0]),
                "times slower", 1.3, note)  # fmt: skip


def _checked(bench: Bench, path: str, headers: dict[str, str] | None = None, status: int = 200) -> Request:
    """The request, once it was seen to be answered as it should be."""
    answer = Browser(bench.site.url).get(path, **{k.replace("-", "_"): v for k, v in (headers or {}).items()})
    if answer.status != status:
        bench.failures.append(f"{path} answers {answer.status}, not {status}")
    return Request(path, headers=headers or {})


def _retitle(where: town.Town, title: str) -> None:
    """Change the next event's title, as another process: its row, and the calendar's stored bytes."""
    from forum.events.operations.changes import touched

    with where.app.app_context():
        upcoming = select(Occurrence.event_id).where(Occurrence.listed, Occurrence.ends_at > clock.now())
        with unit_of_work():
            found = db.session.scalars(upcoming.order_by(Occurrence.starts_at, Occurrence.id).limit(1)).one()
            event = db.session.get_one(Event, found)
            event.title = title
            touched(event)


def _first_feed(bench: Bench) -> float:
    """Milliseconds of the slowest of 8 calendars, each over a connection of its own: one a process is the first."""
    took = []
    for _ in range(8):
        began = time.perf_counter()
        Browser(bench.site.url).get("/events.ics", Accept_Encoding="gzip")
        took.append((time.perf_counter() - began) * 1000)
    return max(took)


@contextlib.contextmanager
def _pages_meanwhile(bench: Bench, took: list[float]) -> Iterator[None]:
    """Keep asking for a page in another thread; its milliseconds go into *took*."""
    stop = threading.Event()

    def ask() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", bench.site.port, timeout=10)
        while not stop.is_set():
            began = time.perf_counter()
            connection.request("GET", "/events")
            connection.getresponse().read()
            took.append((time.perf_counter() - began) * 1000)
            time.sleep(0.005)
        connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


ALL = {
    "visitor": visitor,
    "signed-in": signed_in,
    "feed": feed,
    "change": change,
    "rsvp": rsvp,
    "roster": roster,
    "concerns": concerns,
    "discussions": discussions,
    "search": search,
    "mail": mail,
    "large": large,
    "memory": memory,
}
