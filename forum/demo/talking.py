"""The town's forums: made by the operations that everyone uses, then moved to the days when they are said to happen."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from forum.accounts.models import Person
from forum.core import clock
from forum.core.transactions import operation
from forum.demo.said import Talk, Word, forums, talks
from forum.discussions.models import Audience, Forum, Post, Topic
from forum.discussions.operations.boards import ForumDetails, save_forum
from forum.discussions.operations.official import mark_official
from forum.discussions.operations.order import lock_conversation, pin_topic, slow_down
from forum.discussions.operations.residents import verify_resident
from forum.discussions.operations.states import renew_topic
from forum.discussions.operations.writing import reply, start_topic
from forum.discussions.operations.written import Written
from forum.extensions import db
from forum.neighborhoods.models import Neighborhood

VERIFIED = {"resident": "Uptown", "resident2": "Englewood"}


@operation
def play(people: dict[str, Person]) -> None:
    """Forums with what is said in them, in one unit of work; nothing where there is a forum already."""
    if db.session.scalar(sa.select(sa.exists().where(Forum.id.is_not(None)))):
        return
    made: dict[str, Forum] = {}
    for row in forums():
        details = ForumDetails(names=row["name"], abouts=row["about"], starters=Audience(row["starters"]))
        made[row["name"]["en"]] = save_forum(actor=people["administrator"], details=details)
    for who, area in VERIFIED.items():
        found = db.session.scalars(sa.select(Neighborhood).where(Neighborhood.name == area)).one_or_none()
        if found is not None:
            verify_resident(actor=people["officer"], person=people[who], area=found)
    for talk in talks():
        _happen(talk, people, made[talk.forum])


def _happen(talk: Talk, people: dict[str, Person], forum: Forum) -> None:
    first, *others = talk.posts
    topic = start_topic(
        actor=people[first.who],
        forum=forum,
        title=talk.title,
        written=Written(text=first.text),
        tags=talk.tags,
    )
    posts = [db.session.scalars(sa.select(Post).where(Post.topic_id == topic.id)).one()]
    for word in others:
        posts.append(_say(word, people, topic, posts))
    _redate(topic, posts, talk)
    keeper = people["supervisor"]
    if talk.pinned:
        pin_topic(actor=keeper, topic=topic, pinned=True)
    if talk.locked:
        lock_conversation(actor=keeper, topic=topic, reason=talk.locked)
    if talk.slow:
        ends = clock.now() + timedelta(days=3)
        slow_down(actor=keeper, topic=topic, minutes=15, reason=talk.slow, ends_at=ends)


def _say(word: Word, people: dict[str, Person], topic: Topic, posts: list[Post]) -> Post:
    parent = posts[word.to - 1] if word.to else None
    post = reply(actor=people[word.who], topic=topic, written=Written(text=word.text), parent=parent)
    if word.official:
        mark_official(actor=people[word.who], post=post)
    return post


def _redate(topic: Topic, posts: list[Post], talk: Talk) -> None:
    """Move the topic and its posts to the hours when they are said to be written."""
    began: datetime = clock.now() - timedelta(days=talk.days)
    for post, word in zip(posts, talk.posts, strict=True):
        post.created_at = min(began + timedelta(hours=word.after), clock.now())
    topic.created_at, topic.posted_at = began, posts[-1].created_at
    renew_topic(topic)
