"""Search of three words, in the town's events and in Boston's 33,428 concerns."""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bench import load, servers, town
from bench.browser import Browser
from bench.concerns import boston_site
from bench.load import Request
from bench.report import Row, ratio
from forum.core import search as searching

if TYPE_CHECKING:
    from bench.scenarios import Bench

TOWN_WORDS = (
    "police meeting street",
    "community beat school",
    "officer park district",
    "church street meeting",
)
BOSTON_WORDS = (
    "street light out",
    "sidewalk repair request",
    "parking enforcement street",
    "trash pick street",
)
LEAST = 0.1


def search(bench: Bench) -> Iterator[Row]:
    """Best match first and newest first, from 16 connections, none of it kept by any cache."""
    with bench.town.app.app_context():
        searching.rebuild()
    yield from _measured(bench, bench.site, "town", TOWN_WORDS)
    with boston_site(bench) as (boston, server):
        with boston.app.app_context():
            searching.rebuild()
        yield from _measured(bench, server, "33,428 concerns", BOSTON_WORDS)


def _measured(bench: Bench, site: servers.Server, what: str, questions: tuple[str, ...]) -> Iterator[Row]:
    for order, words in (("best", "best first"), ("newest", "newest first")):
        asked = [f"/search?{urllib.parse.urlencode({'q': q, 'order': order})}" for q in questions]
        for path in asked:
            if (status := Browser(site.url).get(path).status) != 200:
                bench.failures.append(f"{path} answers {status}")
        name = f"search, three words, {words}, {what}"
        rates = []
        with servers.floor("page", town.FOLDER / "floors" / "page") as floor:
            for _ in range(bench.rounds):
                found = load.run(site.url, [Request(path) for path in asked], seconds=bench.seconds)
                if found.errors:
                    bench.failures.append(f"{name}: {found.errors} errors")
                rates.append((found.rate, load.run(floor.url, [Request("/")], seconds=bench.seconds).rate))
                bench.say(
                    f"{name}: {rates[-1][0]:,.0f}/s, floor {rates[-1][1]:,.0f}/s, p99 {found.p99:.0f} ms"
                )
        site_rate, floor_rate = (sorted(each)[len(each) // 2] for each in zip(*rates, strict=True))
        yield ratio(name, site_rate, floor_rate, "Flask + SQLAlchemy", LEAST)
