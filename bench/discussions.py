"""The town that has talked for three years: reading a topic and a forum, its far end, writing, and its size."""

from __future__ import annotations

import secrets
import time
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bench import load, servers, town
from bench.browser import Browser, form_of, seen_everywhere, session_cookies
from bench.counting import questions
from bench.crowd import HUNDREDTH, Crowd, crowd, serving
from bench.load import Request
from bench.report import Row, limit, ratio
from forum.accounts.models import Person
from forum.core.transactions import unit_of_work
from forum.demo.crowd import TOPICS
from forum.discussions.models import Forum, Post, Reaction, ReactionKind, Topic
from forum.discussions.operations.taking_part import mark_read, react
from forum.discussions.operations.writing import reply, start_topic
from forum.discussions.operations.written import Written
from forum.discussions.queries.posts import PAGE
from forum.extensions import db

if TYPE_CHECKING:
    from bench.scenarios import Bench

MOST_QUERIES = 10
ANEW = 600  # addresses of one page, more than a process keeps: each is made anew
SENT = 4000  # replies in one load, each with words and a form's key of its own
REACTING = 8
UNREAD = 8  # topics of the forum's first page with something new in them
LATE = "the town a hundredth the size"


@dataclass(frozen=True)
class Places:
    """Addresses of what is measured. *far*: the last page of the long topic, as threads and by time."""

    topic: str
    forum: str
    long: str
    far: tuple[str, str]
    talks: tuple[str, ...]  # where replies go


def discussions(bench: Bench) -> Iterator[Row]:
    """All of it, over servers of its own."""
    whole, part = crowd(bench.say), crowd(bench.say, HUNDREDTH)
    with serving(whole) as large, serving(part) as small:
        here, there = replace(bench, town=whole, site=large), replace(bench, town=part, site=small)
        place, other = _places(whole), _places(part)
        readers = [_reader(found, at) for found, at in ((whole, place), (part, other))]
        yield from _visitor(here, place)
        yield from _behind(here, place)
        yield from _signed_in(here, place, readers[0])
        yield from _far(here, place, readers[0])
        yield from _reply(here, there, place, other)
        yield from _size(here, there, [(place, readers[0]), (other, readers[1])])


def _visitor(bench: Bench, place: Places) -> Iterator[Row]:
    cases = {
        "topic of 20 posts, visitor": [checked(bench, place.topic)],
        "forum, visitor": [checked(bench, place.forum)],
    }
    warm(*((bench, requests) for requests in cases.values()))
    with servers.floor("bare", town.FOLDER / "floors" / "bare") as floor:
        for name, (site, least) in bench.against(floor, Request("/"), cases).items():
            yield ratio(name, site, least, "bare Flask", 1.5)


def _behind(bench: Bench, place: Places) -> Iterator[Row]:
    """How far behind a commit of another process a topic and its forum are to a visitor."""
    lags = []
    for turn in range(3):
        words = f"Lately {time.time_ns()}"
        with bench.town.app.app_context(), unit_of_work():
            board = db.session.scalars(
                select(Forum).where(Forum.slug == place.forum.rpartition("/")[2])
            ).one()
            topic = start_topic(
                actor=_neighbor(turn), forum=board, title=words, written=Written(text="Is it so?")
            )
            number, path = topic.id, f"/topics/{topic.id}-{topic.slug}"
        lags.append(seen_everywhere(bench.site.url, place.forum, words.encode(), time.monotonic()))
        load.run(bench.site.url, [Request(path)], seconds=1)
        with bench.town.app.app_context(), unit_of_work():
            reply(
                actor=_neighbor(turn),
                topic=db.session.get_one(Topic, number),
                written=Written(text=f"It is. {words}"),
            )
        lags.append(seen_everywhere(bench.site.url, path, f"It is. {words}".encode(), time.monotonic()))
    yield limit("topic and forum behind a commit, in every process", max(lags), "s", 2.0, "the worst of 6")


def _neighbor(turn: int) -> Person:
    """Another one at each turn: what somebody begins beyond twenty topics in a day waits for a person."""
    email = f"neighbor{turn + 1}@example.org"
    return db.session.scalars(select(Person).where(Person.email == email)).one()


def _signed_in(bench: Bench, place: Places, cookie: str) -> Iterator[Row]:
    """The same pages, kept, and made anew for each look as after a change."""
    headers: dict[str, str] = {"Cookie": cookie}
    cases: dict[str, list[Request]] = {}
    for name, path in (("topic of 20 posts", place.topic), ("forum", place.forum)):
        asked = questions(bench.town.app, path, headers)
        yield limit(
            f"{name}, signed in, questions to the database", asked[0], "", MOST_QUERIES, f"again {asked[1]}"
        )
        cases[f"{name}, signed in"] = [checked(bench, path, headers)]
        cases[f"{name}, signed in, made anew"] = _anew(path, headers)
    warm(*((bench, requests) for requests in cases.values()))
    with servers.floor("page", town.FOLDER / "floors" / "page") as floor:
        for name, (site, least) in bench.against(floor, Request("/"), cases).items():
            yield ratio(name, site, least, "Flask + SQLAlchemy", 0 if "anew" in name else 0.3)


def _far(bench: Bench, place: Places, cookie: str) -> Iterator[Row]:
    """The last page of the long topic against its first one, each made anew for every look."""
    headers = {"Cookie": cookie}
    with bench.town.app.app_context():
        number = int(place.long.split("/")[2].split("-")[0])
        pages = db.session.get_one(Topic, number).posts_count // PAGE
    for name, first, last in (
        ("as threads", place.long, place.far[0]),
        ("by time", f"{place.long}?view=time", place.far[1]),
    ):
        checked(bench, last, headers)
        sides = (bench, _anew(last, headers)), (bench, _anew(first, headers))
        yield compared(f"page {pages:,} of the long topic against page 1, {name}", sides, 1.2)


def _reply(bench: Bench, small: Bench, place: Places, other: Places) -> Iterator[Row]:
    """16 people reply, durably, against a bare Flask view that commits one durable INSERT."""
    what, before = "reply, 16 people", _count(bench)
    sides = [(each, _writers(each, at)) for each, at in ((bench, place), (small, other))]
    for each, writers in sides:  # so that everybody has the fifty posts of today that filters look at
        load.run(each.site.url, _replies(writers), seconds=2 * bench.seconds)
    rates: list[tuple[float, float, float]] = []
    with servers.floor("insert", town.FOLDER / "floors" / "insert") as floor:
        for _ in range(bench.rounds):
            found = [
                measured(each, _replies(writers), what if each is bench else f"{what}, {LATE}")
                for each, writers in sides
            ]
            least = load.run(floor.url, [Request("/", "POST")], seconds=bench.seconds).rate
            rates.append((found[0], found[1], least))
            bench.say(f"one INSERT: {least:,.0f}/s")
    if (kept := _count(bench) - before) < sum(row[0] for row in rates) * bench.seconds * 0.9:
        bench.failures.append(f"{what}: only {kept} are there")
    site, late, least = (sorted(column)[len(column) // 2] for column in zip(*rates, strict=True))
    yield ratio(what, site, least, "one INSERT", 0.25)
    yield limit(f"{what}, against {LATE}", late / site, "times slower", 1.3, f"{late:,.0f}/s there")


def _size(here: Bench, there: Bench, sides: list[tuple[Places, str]]) -> Iterator[Row]:
    """The same pages in the town a hundredth the size."""
    (place, cookie), (other, guest) = sides
    cases = {
        "topic, visitor": ([Request(place.topic)], [Request(other.topic)]),
        "forum, visitor": ([Request(place.forum)], [Request(other.forum)]),
        "topic, made anew": (
            _anew(place.topic, {"Cookie": cookie}), _anew(other.topic, {"Cookie": guest}),
        ),
        "forum, made anew": (
            _anew(place.forum, {"Cookie": cookie}), _anew(other.forum, {"Cookie": guest}),
        ),
    }  # fmt: skip
    for name, (mine, theirs) in cases.items():
        yield compared(f"{name}, against {LATE}", ((here, mine), (there, theirs)), 1.3)


def compared(
    what: str, sides: tuple[tuple[Bench, list[Request]], tuple[Bench, list[Request]]], most: float
) -> Row:
    """How many times slower the first of *sides* is than the second: the median of rounds in which they take turns."""
    warm(*sides)
    rounds = []
    for _ in range(sides[0][0].rounds):
        first, second = (measured(bench, requests, what) for bench, requests in sides)
        rounds.append((second / first, first, second))
    slower, first, second = sorted(rounds)[len(rounds) // 2]
    return limit(what, slower, "times slower", most, f"{first:,.0f}/s and {second:,.0f}/s")


def warm(*sides: tuple[Bench, list[Request]]) -> None:
    """A first look from all connections, which counts for nothing: a process makes much at its first use."""
    for bench, requests in sides:
        load.run(bench.site.url, requests, seconds=1)


def measured(bench: Bench, requests: list[Request], what: str) -> float:
    """Answers a second."""
    found = load.run(bench.site.url, requests, seconds=bench.seconds)
    if found.errors:
        bench.failures.append(f"{what}: {found.errors} errors")
    bench.say(f"{what}: {found.rate:,.0f}/s, p99 {found.p99:.0f} ms")
    if not found.rate:
        bench.failures.append(f"{what}: nothing was answered")
    return found.rate or 0.001


def checked(bench: Bench, path: str, headers: dict[str, str] | None = None) -> Request:
    """The request, once it was seen to be answered with a page."""
    status = Browser(bench.site.url).get(path, **(headers or {})).status
    if status != 200:
        bench.failures.append(f"{path} answers {status}")
    return Request(path, headers=headers or {})


def _anew(path: str, headers: dict[str, str]) -> list[Request]:
    mark = "&" if "?" in path else "?"
    return [Request(f"{path}{mark}again={number}", headers=headers) for number in range(ANEW)]


def _places(found: Crowd) -> Places:
    """The same ones at every run: a topic with an official answer, and its forum."""
    with found.app.app_context():
        wanted = select(Topic).where(Topic.posts_count >= PAGE, Topic.official_id.is_not(None))
        topic = db.session.scalars(wanted.order_by(Topic.posts_count, Topic.id).limit(1)).one()
        long = db.session.get_one(Topic, TOPICS // found.part // 2 + 1)
        paths = select(Post.path).where(Post.topic_id == long.id).order_by(Post.path.desc())
        before = db.session.scalars(paths.offset(PAGE).limit(1)).one()
        talks = db.session.scalars(select(Topic.id).order_by(Topic.id.desc()).limit(load.CONNECTIONS)).all()
        address = f"/topics/{long.id}-{long.slug}"
        return Places(
            topic=f"/topics/{topic.id}-{topic.slug}",
            forum=f"/forums/{topic.forum.slug}",
            long=address,
            far=(f"{address}?after={before}", f"{address}?view=time&after={long.last_number - PAGE}"),
            talks=tuple(f"/topics/{number}/reply" for number in talks),
        )


def _reader(found: Crowd, place: Places) -> str:
    """The cookie of somebody who has read a little: marks of what is new in both pages, reactions in the topic."""
    cookies = session_cookies(found.app, load.CONNECTIONS)
    number = int(place.topic.split("/")[2].split("-")[0])
    with found.app.app_context(), unit_of_work():
        people = list(
            db.session.scalars(select(Person).where(Person.email.like("bench-resident-%")).limit(REACTING))
        )
        topic = db.session.get_one(Topic, number)
        listed = select(Topic).where(Topic.forum_id == topic.forum_id).order_by(Topic.posted_at.desc())
        for each in {topic, *db.session.scalars(listed.limit(UNREAD))}:
            mark_read(actor=people[0], topic=each, number=1)
        posts = db.session.scalars(select(Post).where(Post.topic_id == number, Post.number <= 2 * PAGE)).all()
        for post in posts:
            said = set(db.session.scalars(select(Reaction.person_id).where(Reaction.post_id == post.id)))
            for turn, person in enumerate(people):
                if person.id not in said:
                    react(actor=person, post=post, kind=list(ReactionKind)[(turn + post.number) % 3])
    return cookies[0]


def _writers(bench: Bench, place: Places) -> list[tuple[str, str, str]]:
    """(address, Cookie, CSRF token) of 16 people, each in a topic of their own."""
    cookies = session_cookies(bench.town.app, load.CONNECTIONS)
    return [
        (path, *form_of(bench.site.url, path, cookie))
        for path, cookie in zip(place.talks, cookies, strict=True)
    ]


def _replies(writers: list[tuple[str, str, str]]) -> list[Request]:
    requests = []
    for number in range(SENT):
        path, cookie, token = writers[number % len(writers)]
        word = secrets.token_urlsafe(9)
        fields = {
            "csrf_token": token,
            "key": word,
            "text": f"I heard it too, by the corner, around nine. {word}",
        }
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        requests.append(Request(path, "POST", headers, urllib.parse.urlencode(fields)))
    return requests


def _count(bench: Bench) -> int:
    with bench.town.app.app_context():
        return db.session.scalar(select(func.max(Post.id))) or 0
