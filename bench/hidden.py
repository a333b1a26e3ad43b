"""Can the clock tell that there are matches which one may not see? Two towns alike but for what hidden posts say."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import statistics
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from bench.crowd import HUNDREDTH, crowd, serving
from bench.report import Row, limit
from forum.core import search as searching
from forum.core.search import Entry
from forum.core.search.models import SearchEntry, is_sqlite
from forum.core.transactions import unit_of_work
from forum.discussions.models import Audience, Post
from forum.extensions import db

if TYPE_CHECKING:
    from bench.scenarios import Bench
    from bench.servers import Server

HIDDEN = 20_000  # for staff, each with all words that are asked for: more than ten times what everybody finds
BATCH = 500
OTHERS = "quagga barn and zeppelin nor aurora by obelisk an igloo"  # as many, none of which is asked for
MOST = 5.0  # percent


def hidden_matches(
    bench: Bench, url: str, name: str, asked: Sequence[tuple[str, list[str]]], words: str
) -> Iterator[Row]:
    """The median time of a visitor's page in either town, in turns; *asked*: addresses by the order of their results,
    *words*: all that those ask for."""
    full, plain = (crowd(bench.say, HUNDREDTH, url, beside=f"hidden-{what}") for what in ("match", "other"))
    for each, said in ((full, words), (plain, OTHERS)):
        with each.app.app_context():
            _fill(said)
            searching.settle()
            _tidy()
    found: dict[str, list[tuple[float, float, float]]] = {order: [] for order, _paths in asked}
    # Two processes that do the very same are some percent apart: other ones each time, and another one started first.
    for number in range(2 * bench.rounds):
        with contextlib.ExitStack() as stack:
            started = {each: stack.enter_context(serving(each)) for each in (full, plain)[:: (-1) ** number]}
            for order, paths in asked:
                found[order].append(_round(bench, order, (started[full], started[plain]), paths))
    for order, rounds in found.items():
        change, with_, without = (statistics.median(each) for each in zip(*rounds, strict=True))
        what = f"{HIDDEN:,} hidden posts that match change the median of a search, {order}, {name}, by"
        note = f"{with_:.2f} and {without:.2f} ms, the median of {len(rounds)} rounds"
        yield limit(what, 100 * abs(change), "%", MOST, note)


def _fill(words: str) -> None:
    """Let the town have them, among its posts in time."""
    staff = str(Audience.STAFF)
    there = db.session.scalar(sa.select(sa.func.count()).where(SearchEntry.audience == staff)) or 0
    first, last = db.session.execute(
        sa.select(sa.func.min(Post.created_at), sa.func.max(Post.created_at))
    ).one()
    first, last = (
        moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment for moment in (first, last)
    )
    apart: timedelta = (last - first) / HIDDEN
    for start in range(there, HIDDEN, BATCH):
        entries = (
            Entry(subject_id=10**9 + each, title="", text=words, at=first + each * apart, audience=staff)
            for each in range(start, start + BATCH)
        )
        with unit_of_work():
            searching.put("post", *entries)


def _tidy() -> None:
    """Nothing of what was written last waits to be put in order, in either town."""
    if is_sqlite():
        with unit_of_work():
            db.session.execute(sa.text("INSERT INTO search_index(search_index) VALUES ('optimize')"))
        return
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE search_entry"))


def _round(
    bench: Bench, order: str, servers: tuple[Server, Server], paths: Sequence[str]
) -> tuple[float, float, float]:
    """(by which part the first one takes longer, both medians in milliseconds), a page here and a page there in turns.

    What else the machine does meets both pages of a pair alike, so pairs are compared.
    """
    ways = [http.client.HTTPConnection("127.0.0.1", server.port, timeout=30) for server in servers]
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(5):  # a process makes much at its first use
        for path in paths:
            for way in ways:
                _get(bench, way, path)
    until = time.monotonic() + bench.seconds
    for number, path in enumerate(itertools.cycle(paths)):
        for side in (0, 1) if number % 2 else (1, 0):
            taken[side].append(_get(bench, ways[side], path))
        if time.monotonic() > until and not (number + 1) % len(paths):
            break
    for way in ways:
        way.close()
    with_, without = (1000 * statistics.median(each) for each in taken)
    bench.say(f"hidden matches, {order}: {with_:.2f} and {without:.2f} ms, {len(taken[0]):,} pages each")
    apart = statistics.median(one / other for one, other in zip(*taken, strict=True))
    return apart - 1, with_, without


def _get(bench: Bench, way: http.client.HTTPConnection, path: str) -> float:
    """Seconds that the page takes."""
    began = time.perf_counter()
    way.request("GET", path)
    answer = way.getresponse()
    answer.read()
    taken = time.perf_counter() - began
    if answer.status != 200:
        bench.failures.append(f"{path} answers {answer.status}")
    return taken
