"""Nobody counts what they may not see: lists, feeds and figures of forums, for every role, against the policy."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from forum.accounts.models import STAFF, Person, Role, Visitor
from forum.core import clock
from forum.discussions import policy
from forum.discussions.models import Audience, Forum, Post, PostState, Topic
from forum.discussions.operations import moderating, moderating_topics
from forum.discussions.operations.joining import merge_topics
from forum.discussions.operations.order import schedule_topic
from forum.discussions.queries import answers, boards, topics
from forum.extensions import db
from tests.factories import accounts
from tests.factories import discussions as make
from tests.pages import Client, Page


def fill(forum: Forum, author: Person, officer: Person) -> None:
    """A topic in each state that takes it from somebody's sight, with an answer; and one that all its readers see."""
    ways = ("plain", "whole", "held", "hidden", "back", "later", "merged", "draft", "talk")
    made = {way: make.topic(forum, author=author if way != "plain" else None, title=way) for way in ways}
    for topic in made.values():
        make.post(topic, author=author)
    first = {way: db.session.scalars(make.posts_of(topic)).all()[0].id for way, topic in made.items()}
    moderating_topics.hide(made["whole"].id, 3)
    moderating.hold(first["held"])
    moderating.hide(first["hidden"], 3)
    moderating.give_back(first["back"])
    schedule_topic(actor=officer, topic=made["later"], opens_at=clock.now() + timedelta(hours=1))
    merge_topics(actor=officer, source=made["merged"], target=made["plain"])
    for way in ("draft", "talk"):  # about an event: one that is not public, one whose talk was hidden whole
        made[way].about_kind, made[way].about_id = "event", made[way].id
    made["draft"].about_public = False
    db.session.flush()
    moderating_topics.hide(made["talk"].id, 3)


@pytest.fixture
def board(work: Flask) -> dict[str, Any]:
    officer, authors = accounts.person(Role.OFFICER), [resident() for _audience in Audience]
    for audience, author in zip(Audience, authors, strict=True):
        make.verified(author)
        forum = make.forum(slug=str(audience))
        fill(forum, author, officer)
        forum.readers = audience
    db.session.flush()
    return {"authors": authors}


def resident() -> Person:
    """Somebody who is here for long: what a new account begins beyond five topics waits."""
    return accounts.person(created_at=clock.now() - timedelta(days=60))


def viewers(authors: list[Person]) -> list[Person | Visitor]:
    return [Visitor(), *authors, make.verified(), *(accounts.person(role) for role in Role)]


def seen_by(viewer: Person | Visitor, forum: Forum) -> list[Topic]:
    """What is in a forum for them, told from the topics themselves."""
    now, verified = clock.now(), boards.is_verified(viewer)
    found = db.session.scalars(sa.select(Topic).where(Topic.forum_id == forum.id))
    return [
        topic
        for topic in found
        if topic.merged_into_id is None and policy.can_see_topic(viewer, topic, now, verified=verified)
    ]


def published_in(found: list[Topic]) -> int:
    shown = sa.select(sa.func.count()).where(Post.state == PostState.PUBLISHED)
    return db.session.scalar(shown.where(Post.topic_id.in_([topic.id for topic in found]))) or 0


def test_every_role_counts_and_is_listed_what_it_may_see_and_nothing_else(board: dict[str, Any]) -> None:
    now, figures = clock.now(), set()
    for viewer in viewers(board["authors"]):
        verified = boards.is_verified(viewer)
        found = list(db.session.scalars(boards.forums(viewer, verified=verified)))
        counted = {
            row[0]: row for row in db.session.execute(topics.counts(viewer, [f.id for f in found], now))
        }
        asked = dict(db.session.execute(answers.asked_count(viewer, now - timedelta(days=1), now)).all())
        newest = set(db.session.scalars(topics.newest(viewer, now, 100, verified=verified)))
        for forum in found:
            seen = seen_by(viewer, forum)
            row = counted[forum.id]
            assert (row[1], int(row[2])) == (len(seen), published_in(seen)), (viewer.role, forum.slug)
            assert set(db.session.scalars(topics.topics_of(viewer, forum, now, verified=verified))) == set(
                seen
            )
            assert set(db.session.scalars(topics.lately_of(viewer, forum, now))) <= set(seen)
            assert newest & set(seen_by(viewer, forum)) == set(seen)
            if viewer.role in STAFF:
                assert asked.get(forum.id, 0) == sum(topic.posts_count > 0 for topic in seen)
            figures.add((viewer.role, len(seen)))
    assert len({count for _role, count in figures}) > 2  # who sees more counts more


def test_the_page_of_forums_counts_what_a_visitor_reads(app: Flask, saved: Any, client: Client) -> None:
    def prepare() -> None:
        fill(make.forum(), resident(), accounts.person(Role.OFFICER))

    saved(prepare)
    page: Page = client.page("/forums")
    assert "1 topic" in page.text()
    assert "4 posts" in page.text()
