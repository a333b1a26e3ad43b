"""Sixteen people press at the same moment, each of them twice: every form is one post, and numbers have no gaps."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import sqlalchemy as sa
from flask import Flask

from forum.accounts.models import Person
from forum.core import search
from forum.core.search.models import SearchEntry
from forum.core.transactions import unit_of_work
from forum.discussions.models import Post, Topic
from forum.discussions.operations.writing import reply
from forum.discussions.operations.written import Written
from forum.extensions import db
from tests.factories import accounts
from tests.factories import discussions as make

WRITERS = 16
Saved = Callable[[Callable[[], Any]], Any]


def test_forms_sent_twice_at_the_same_moment_are_one_post_each(app: Flask, saved: Saved) -> None:
    topic, people = saved(lambda: (make.topic().id, [accounts.person().id for _ in range(WRITERS)]))

    def press(turn: int) -> int:
        written = Written(text=f"I heard it as well, number {turn // 2}.", key=f"form {turn // 2}")
        with app.app_context(), unit_of_work():
            actor = db.session.get_one(Person, people[turn // 2])
            return reply(actor=actor, topic=topic, written=written).id

    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(press, range(2 * WRITERS)))
    assert made[::2] == made[1::2]
    with app.app_context():
        numbers = db.session.scalars(sa.select(Post.number).order_by(Post.number)).all()
        assert numbers == list(range(1, WRITERS + 2))
        found = db.session.get_one(Topic, topic)
        assert (found.posts_count, found.last_number) == (WRITERS + 1, WRITERS + 1)
        search.let_in()
        assert db.session.scalar(sa.select(sa.func.count()).select_from(SearchEntry)) == WRITERS + 1
