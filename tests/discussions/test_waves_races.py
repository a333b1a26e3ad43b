"""Two moderators press at the same moment, one of them twice, while a reader reports: each post is decided once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import sqlalchemy as sa
from flask import Flask

from forum.accounts.models import Person, Role
from forum.core.transactions import unit_of_work
from forum.discussions.models import Post, PostState, Topic
from forum.discussions.operations.moderating import KIND
from forum.extensions import db
from forum.moderation.models import Decision, Turn, Wave, WaveItem
from forum.moderation.operations.reporting import report
from forum.moderation.operations.waves import hide_wave, undo_wave
from tests.factories import accounts
from tests.factories import discussions as make

Saved = Callable[[Callable[[], Any]], Any]


def test_presses_at_the_same_moment_decide_each_post_once(app: Flask, saved: Saved) -> None:
    def prepare() -> tuple[list[int], list[int], int]:
        topic = make.topic()
        posts = [make.post(topic, text=f"Best roofs in town {number}.").id for number in range(6)]
        return posts, [accounts.person(Role.OFFICER).id for _ in range(2)], accounts.person().id

    posts, (first, second), reader = saved(prepare)

    def at_once(work: Callable[[], Any]) -> None:
        with app.app_context(), unit_of_work():
            work()

    def press(officer: int, key: str, chosen: list[int]) -> Callable[[], Any]:
        return lambda: hide_wave(
            actor=db.session.get_one(Person, officer), key=key, things=[(KIND, each) for each in chosen],
            rule_number=5, words="Again and again.",
        )  # fmt: skip

    def complain() -> None:
        report(actor=db.session.get_one(Person, reader), kind=KIND, thing_id=post, rule_number=5, words="")

    post = posts[0]
    presses = [press(first, "a", posts[:4]), press(second, "b", posts[2:]), press(first, "a", posts[:4])]
    with ThreadPoolExecutor(4) as threads:
        ending = [threads.submit(at_once, work) for work in (*presses, complain)]
    for each in ending[:3]:
        each.result()  # the report may come too late, or lose its race: its reader is told so
    with app.app_context():
        left = db.session.scalars(sa.select(WaveItem).where(WaveItem.state == Turn.WAITING)).all()
        hidden = db.session.scalars(sa.select(Post.id).where(Post.state == PostState.HIDDEN)).all()
        decided = db.session.scalars(sa.select(Decision.case_id)).all()
        assert left == []
        assert len(decided) == len(set(decided)) == len(hidden)
        assert set(posts[1:]) <= set(hidden)
        made = db.session.scalars(sa.select(Wave.id)).all()
        assert len(made) == 2
        officers = {wave.id: wave.made_by_id for wave in db.session.scalars(sa.select(Wave))}
    undo = [
        lambda number=number: undo_wave(
            actor=db.session.get_one(Person, officers[number]), wave=db.session.get_one(Wave, number)
        )
        for number in made
    ]
    with ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(at_once, work) for work in (*undo, *undo)]:
            done.result()
    with app.app_context():
        assert db.session.scalars(sa.select(Topic.posts_count)).one() == 7
