"""A town that has talked for three years: a million posts in 50,000 topics, one of them with a hundred thousand.

For measuring lists that are long. The sentences are made up from a few hundred words, the same ones at every loading;
nobody said them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app

from forum.accounts.models import Person, Role
from forum.core import clock, markdown, search
from forum.core.transactions import operation, unit_of_work
from forum.demo import people
from forum.discussions.models import Forum, Post, Topic, TopicTag
from forum.discussions.operations.boards import ForumDetails, save_forum
from forum.extensions import db

Progress = Callable[[int, int, str], None]
POSTS, TOPICS, LONGEST, NEIGHBORS, BOARDS = 1_000_000, 50_000, 100_000, 2_000, 12
BATCH = 500  # topics a transaction: ten thousand posts, and the long one alone
YEARS = timedelta(days=3 * 365)
SUBJECTS = (
    "lamp crossing speeding parking noise park bike bus school patrol meeting fireworks alley graffiti garage theft"
    " window fence dog snow tree light camera drone stop search report station desk bridge market playground"
).split()
OTHERS = (
    "street corner block morning night weekend neighbor officer child driver driveway sidewalk letter answer question"
    " week month plan budget sign signal line house shop door river station avenue summer winter training number map"
).split()
VERBS = "saw heard asked reported counted noticed wrote mended moved painted closed opened watched missed found".split()
SENTENCES = 1000


class Occupied(Exception):
    """The database holds forums already."""


@dataclass
class _Said:
    """Ready sentences: as they are typed, as they are shown, and as search keeps them."""

    texts: list[str]
    htmls: list[str]
    plains: list[str]


def load(progress: Progress, part: int = 1) -> int:
    """Load one *part*-th of the town (1: all of it) into an empty database; returns how many posts there are.

    Raises Occupied, before anything is written, for a database with forums.
    """
    if db.session.scalar(sa.select(sa.exists().where(Forum.id.is_not(None)))):
        raise Occupied("This database holds forums already.")
    chance = random.Random(5)  # noqa: S311 - the same town at every loading
    said = _sentences(chance)
    hashed = people.hashes(people.ready_accounts(current_app.config["FORUM"].instance_dir))
    with unit_of_work():
        cast = people.add_cast(hashed)
        officer = cast["officer"].id
        forums = _forums()
        authors = _neighbors(NEIGHBORS // part)
    lengths = _lengths(chance, TOPICS // part, POSTS // part, LONGEST // part)
    post_id = 0
    for start in range(0, len(lengths), BATCH):
        with unit_of_work():
            writer = _Writer(chance, said, forums, authors, officer, post_id)
            for topic_id, length in enumerate(lengths[start : start + BATCH], start + 1):
                writer.topic(topic_id, length)
            post_id = writer.flush()
        progress(post_id, POSTS // part, "Posts")
    with unit_of_work():
        _settle()
    return post_id


def _sentences(chance: random.Random) -> _Said:
    texts = []
    for _ in range(SENTENCES):
        one, four = chance.choice(SUBJECTS), chance.choice(SUBJECTS)
        two, three = chance.choice(OTHERS), chance.choice(OTHERS)
        tail = chance.choice(("again", "at last", "for nothing", "together", "since Monday", "twice"))
        texts.append(
            f"We {chance.choice(VERBS)} the {one} by the {two} and the {three} {tail}, {four} or not."
        )
    htmls = [markdown.render(text).strip() for text in texts]
    return _Said(texts, htmls, [markdown.plain(text) for text in texts])


@operation
def _forums() -> list[int]:
    names = (
        "Streets",
        "Parks",
        "Noise",
        "Schools",
        "Shops",
        "Night",
        "Ask",
        "Ideas",
        "Lost",
        "Help",
        "Meetings",
    )
    rows = [f"{name} forum" for name in (*names, "Everything")][:BOARDS]
    return [
        save_forum(
            actor=None, details=ForumDetails(names={"en": name}, abouts={"en": "What happens here."})
        ).id
        for name in rows
    ]


@operation
def _neighbors(count: int) -> list[int]:
    now = clock.now()
    rows = [
        {
            "email": f"neighbor{number}@example.org", "email_folded": f"neighbor{number}@example.org",
            "name": f"Neighbor {number}", "role": Role.RESIDENT, "confirmed_at": now, "created_at": now,
        }
        for number in range(1, count + 1)
    ]  # fmt: skip
    db.session.execute(sa.insert(Person), rows)
    wanted = sa.select(Person.id).where(Person.email.like("neighbor%")).order_by(Person.id)
    return list(db.session.scalars(wanted))


def _lengths(chance: random.Random, topics: int, posts: int, longest: int) -> list[int]:
    """How many posts each topic has: most a few, some many, one *longest*, *posts* in all."""
    rest, weights = posts - longest - topics + 1, [chance.paretovariate(1.5) for _ in range(topics - 1)]
    scale = rest / sum(weights)
    lengths = [1 + int(weight * scale) for weight in weights]
    lengths[0] += posts - longest - sum(lengths)
    lengths.insert(topics // 2, longest)
    return lengths


class _Writer:
    """Makes the rows of some topics and writes them at once."""

    def __init__(
        self,
        chance: random.Random,
        said: _Said,
        forums: list[int],
        authors: list[int],
        officer: int,
        post_id: int,
    ) -> None:
        self.chance, self.said, self.forums = chance, said, forums
        self.authors, self.officer, self.post_id = authors, officer, post_id
        self.now = clock.now()
        self.topics: list[dict[str, Any]] = []
        self.tags: list[dict[str, Any]] = []
        self.posts: list[dict[str, Any]] = []
        self.found: list[search.Entry] = []

    def topic(self, topic_id: int, length: int) -> None:
        """A topic of *length* posts; every tenth has an official answer."""
        began = self.now - YEARS * self.chance.random()
        step = min(timedelta(hours=5), (self.now - began) / (length + 1))
        first = self.post_id + 1
        one, two = self.chance.sample(SUBJECTS, 2)
        title = f"The {one} and the {two}, number {topic_id}"
        official = first + 1 if length > 1 and topic_id % 10 == 0 else None
        for post, plain in self._posts(topic_id, length, began, step):
            if post["id"] == official:
                post.update(author_id=self.officer, official_role=str(Role.OFFICER))
            self.posts.append(post)
            self.found.append(
                search.Entry(
                    subject_id=post["id"],
                    title=title if post["number"] == 1 else "",
                    text=plain,
                    at=post["created_at"],
                )
            )
        self.topics.append(
            {
                "id": topic_id, "forum_id": self.chance.choice(self.forums), "slug": f"the-{one}-and-the-{two}",
                "title": title, "author_id": self.posts[-length]["author_id"],
                "posts_count": length, "last_number": length, "official_id": official, "created_at": began,
                "published_at": began, "posted_at": began + step * (length - 1),
            }
        )  # fmt: skip
        self.tags += [{"topic_id": topic_id, "word": word} for word in (one, two)]

    def flush(self) -> int:
        """Write what was made; returns the last post's id."""
        _insert([(Topic, self.topics), (TopicTag, self.tags), (Post, self.posts)])
        _let_be_found(self.found)
        return self.post_id

    def _posts(
        self, topic_id: int, length: int, began: datetime, step: timedelta
    ) -> Iterator[tuple[dict[str, Any], str]]:
        """Rows of posts, each with its words as search keeps them."""
        above: list[tuple[int, int, str]] = []  # (id, depth, path) of what can be answered
        for number in range(1, length + 1):
            self.post_id += 1
            parent = self.chance.choice(above[-40:]) if above and self.chance.random() < 0.5 else None
            depth, path = (parent[1] + 1, parent[2]) if parent else (0, "")
            path = f"{path}{number:08d}."
            if depth < 3:
                above.append((self.post_id, depth, path))
            chosen = [self.chance.randrange(SENTENCES) for _ in range(self.chance.randint(1, 3))]
            yield {
                "id": self.post_id, "topic_id": topic_id, "number": number, "parent_id": parent[0] if parent else None,
                "depth": depth, "path": path, "author_id": self.chance.choice(self.authors), "official_role": None,
                "text": "\n\n".join(self.said.texts[each] for each in chosen),
                "html": "\n".join(self.said.htmls[each] for each in chosen), "renderer": markdown.RENDERER,
                "created_at": began + step * (number - 1),
            }, " ".join(self.said.plains[each] for each in chosen)  # fmt: skip


@operation
def _insert(tables: list[tuple[Any, list[dict[str, Any]]]]) -> None:
    if db.engine.dialect.name == "sqlite":  # indexes of a million rows are written all over: they should fit
        db.session.execute(sa.text("PRAGMA cache_size = -400000"))
    for model, rows in tables:
        for start in range(0, len(rows), 5000):
            db.session.execute(sa.insert(model.__table__), rows[start : start + 5000])


@operation
def _let_be_found(entries: list[search.Entry]) -> None:
    for start in range(0, len(entries), 500):
        search.put("post", *entries[start : start + 500])


@operation
def _settle() -> None:
    """Let new rows come after these, and the database know how many there are."""
    if db.engine.dialect.name == "postgresql":
        for model in (Topic, Post):
            last = sa.select(sa.func.max(model.id)).scalar_subquery()
            name = sa.func.pg_get_serial_sequence(model.__tablename__, "id")
            db.session.execute(sa.select(sa.func.setval(name, last)))
    db.session.execute(sa.text("ANALYZE"))
