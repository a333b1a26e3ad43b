"""Hidden matches cost nothing that could tell of them: what a database does for the whole page of a search, counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from forum.accounts.models import Role
from forum.core import clock, search
from forum.core.search import Order, blocks
from forum.core.search.models import is_sqlite
from forum.core.transactions import unit_of_work
from forum.discussions.models import Audience, Post, Topic
from forum.extensions import db
from tests.effort import Effort, effort
from tests.factories import accounts
from tests.factories import discussions as make

Saved = Callable[[Callable[[], Any]], Any]
SHOWN, HIDDEN = 100, 1000  # posts that everybody reads, and those for staff
MATCH, OTHER = "The lamp in our street is dark again.", "Some moth flew over that old barn."
ASKED = "/search?q=lamp+street+dark&order="
BOUND = 0.05  # a share


@pytest.fixture
def town(app: Flask, saved: Saved) -> dict[str, int]:
    """Matches for everybody, and among them in time ten times as many posts for staff, of something else."""

    def prepare() -> dict[str, int]:
        author, officer = accounts.person(), accounts.person(Role.OFFICER)
        open_, closed = make.topic(author=author), make.topic(author=author)
        closed.forum.readers = Audience.STAFF
        db.session.execute(sa.insert(Post), [*_rows(open_, MATCH, SHOWN), *_rows(closed, OTHER, HIDDEN)])
        search.renew("post", *db.session.scalars(sa.select(Post.id)))
        return {"hidden": closed.id, "resident": author.id, "officer": officer.id}

    made: dict[str, int] = saved(prepare)
    return made


def _rows(topic: Topic, words: str, many: int) -> list[dict[str, Any]]:
    """That many posts of *words*, spread over the same two months."""
    first, apart = clock.now() - timedelta(days=60), timedelta(days=59) / many
    return [
        {
            "topic_id": topic.id, "number": number, "path": f"{number:08d}.", "text": words, "html": f"<p>{words}</p>",
            "renderer": 1, "author_id": topic.author_id, "created_at": first + apart * number,
        }
        for number in range(2, many + 2)
    ]  # fmt: skip


def _say_the_same(hidden: int) -> None:
    """Let the hidden posts match."""
    db.session.execute(sa.update(Post).where(Post.topic_id == hidden, Post.number > 1).values(text=MATCH))
    search.renew("post", *db.session.scalars(sa.select(Post.id).where(Post.topic_id == hidden)))


def _tidy(app: Flask) -> None:
    """Every index as if it had been made anew: nothing of what was written last waits to be put in order, and none is
    larger by what tests before have left, for which PostgreSQL would read another."""
    with app.app_context():
        if is_sqlite():
            with unit_of_work():
                db.session.execute(sa.text("INSERT INTO search_index(search_index) VALUES ('optimize')"))
        else:
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                tables = ", ".join(f'"{table.name}"' for table in db.metadata.sorted_tables)
                connection.execute(sa.text(f"VACUUM FULL {tables}"))
                connection.execute(sa.text("ANALYZE"))


def _asked(app: Flask, town: dict[str, int]) -> dict[str, Effort]:
    """What the database does for the page: by who reads it, and in which order. Each asked for it before."""
    _tidy(app)
    with app.app_context():
        engine = db.engine
    found = {}
    for who in ("visitor", "resident", "officer"):
        client = app.test_client() if who == "visitor" else accounts.sign_in(app.test_client(), town[who])
        for order in Order:
            for _ in range(2):
                assert client.get(ASKED + order).text.count("<mark>lamp</mark>") == 20
            found[f"{who}, {order} first"] = effort(engine, lambda c=client, o=order: c.get(ASKED + o))
    return found


@pytest.mark.parametrize("listed", [False, True])
def test_hidden_matches_change_hardly_anything_of_what_the_database_does(
    app: Flask, saved: Saved, town: dict[str, int], listed: bool
) -> None:
    if listed:
        with app.app_context():
            blocks.settle(size=50, least=1)
    without = _asked(app, town)
    saved(lambda: _say_the_same(town["hidden"]))
    with_ = _asked(app, town)
    for page, before in without.items():
        changes = {what: abs(with_[page][what] - much) / much for what, much in before.items()}
        if "officer" not in page:
            assert max(changes.values()) < BOUND, (page, before, with_[page])
        elif "best" in page:  # who may find them pays for them: so it is counted
            assert max(changes.values()) > 1, (page, before, with_[page])
