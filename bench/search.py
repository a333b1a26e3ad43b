"""Search of three words: in the town's events, in Boston's concerns, and in a million posts on both databases."""

from __future__ import annotations

import contextlib
import urllib.parse
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from bench import servers, town
from bench.concerns import boston_site
from bench.crowd import HUNDREDTH, TENTH, WHOLE, crowd, postgresql, serving
from bench.discussions import checked, compared, warm
from bench.hidden import hidden_matches
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
CROWD_WORDS = ("street neighbor school", "noise night driver", "park question bench", "the lamp twice")
# A hundredth of the town has more than a thousand posts with these, too: what is ranked is as much.
COMMON_WORDS = ("we the street", "we the neighbor", "the school or", "we the lamp")
ORDERS = (("best", "best first"), ("newest", "newest first"))
LEAST = 0.1


def search(bench: Bench) -> Iterator[Row]:
    """Best match first and newest first, from 16 connections, none of it kept by any cache."""
    with bench.town.app.app_context():
        searching.rebuild()
        searching.settle()
    yield from _measured(bench, "town", TOWN_WORDS)
    with boston_site(bench) as (boston, server):
        with boston.app.app_context():
            searching.rebuild()
            searching.settle()
        yield from _measured(replace(bench, site=server), "33,428 concerns", BOSTON_WORDS)
    yield from _crowds(bench, "", "SQLite")
    yield from _hidden(bench, "", "SQLite")
    with postgresql() as url:
        yield from _crowds(bench, url, "PostgreSQL")
        yield from _hidden(bench, url, "PostgreSQL")


def _hidden(bench: Bench, url: str, name: str) -> Iterator[Row]:
    asked = [(words, _asked(order, COMMON_WORDS)) for order, words in ORDERS]
    return hidden_matches(bench, url, name, asked, " ".join(COMMON_WORDS))


def _crowds(bench: Bench, url: str, name: str) -> Iterator[Row]:
    """A million posts against the floor, and against a tenth and a hundredth of them."""
    found = [crowd(bench.say, part, url) for part in (WHOLE, TENTH, HUNDREDTH)]
    for each in found:
        with each.app.app_context():
            searching.settle()
    with contextlib.ExitStack() as stack:
        whole, tenth, hundredth = (
            replace(bench, town=each, site=stack.enter_context(serving(each))) for each in found
        )
        yield from _measured(whole, f"a million posts, {name}", CROWD_WORDS)
        newest = [Request(path) for path in _asked("newest", CROWD_WORDS)]
        what = f"newest first, a million posts against a tenth, {name}"
        yield compared(what, ((whole, newest), (tenth, newest)), 2)
        for order, words in ORDERS:
            common = [Request(path) for path in _asked(order, COMMON_WORDS)]
            what = f"{words}, a million posts against a hundredth, {name}"
            yield compared(what, ((whole, common), (hundredth, common)), 1.3)


def _measured(bench: Bench, what: str, questions: tuple[str, ...]) -> Iterator[Row]:
    cases = {
        f"search, three words, {words}, {what}": [checked(bench, path) for path in _asked(order, questions)]
        for order, words in ORDERS
    }
    warm(*((bench, requests) for requests in cases.values()))
    with servers.floor("page", town.FOLDER / "floors" / "page") as floor:
        for name, (site, least) in bench.against(floor, Request("/"), cases).items():
            yield ratio(name, site, least, "Flask + SQLAlchemy", LEAST)


def _asked(order: str, questions: tuple[str, ...]) -> list[str]:
    return [f"/search?{urllib.parse.urlencode({'q': q, 'order': order})}" for q in questions]
