"""Posts as moderation takes them: whole, and many in one go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask

from forum.discussions.operations.moderating import load, load_many
from forum.extensions import db
from tests.factories import discussions


def test_a_page_of_posts_costs_as_many_questions_as_one(
    work: Flask, count_queries: Callable[[], Any]
) -> None:
    topic = discussions.topic()
    ids = [discussions.post(topic).id for _ in range(3)]
    counts = []
    for wanted in (ids[:1], ids):
        db.session.expire_all()
        with count_queries() as statements:
            assert load_many(wanted).keys() == set(wanted)
        counts.append(len(statements))
    assert counts[1] == counts[0]


def test_who_wrote_as_a_resident_of_a_neighborhood_is_veiled_and_others_are_not(work: Flask) -> None:
    topic = discussions.topic()
    author = discussions.verified()
    veiled = discussions.post(topic, author=author, as_resident=True)
    thing, plain = load(veiled.id), load(discussions.post(topic, author=author).id)
    assert thing is not None
    assert plain is not None
    assert (thing.veiled, plain.veiled) == (True, False)
    assert thing.author_id == plain.author_id == author.id
    assert author.name not in thing.author_name


def test_a_post_that_does_not_exist_is_nothing_to_moderate(work: Flask) -> None:
    assert load(999) is None
