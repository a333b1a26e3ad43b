"""Merging two topics and splitting one: posts get new numbers, threads and permalinks stay whole.

Within a topic an answer's number is always greater than that of what it answers. Both acts keep the order of numbers,
so paths can be made anew in one walk from the first post to the last.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import gettext as _

from forum.accounts.models import Person
from forum.audit.operations import record
from forum.core import clock
from forum.core.db import row_id
from forum.core.errors import Refusal
from forum.core.slugs import slug_of
from forum.core.transactions import operation
from forum.discussions.acts import DiscussionAct
from forum.discussions.models import Interest, Post, Topic, TopicMove, TopicReader, Way
from forum.discussions.operations.order import hold, refresh_standing, require_no_wider
from forum.discussions.operations.states import lock_topic, renew_topic
from forum.discussions.operations.written import LONGEST_TITLE
from forum.discussions.queries.posts import published_count
from forum.extensions import db


@dataclass
class _Place:
    """Where a post stands: what both acts rewrite."""

    id: int
    number: int
    parent_id: int | None
    depth: int = 0
    path: str = ""


@operation
def merge_topics(*, actor: Person, source: Topic, target: Topic, widen: bool = False) -> Topic:
    """Put the posts of *source* after those of *target*; its address leads there from now on.

    Refusal for a topic with itself, for one about an event (its page counts on it), and for one that more people read,
    unless *widen* says that this is meant.
    """
    if row_id(source) == row_id(target):
        raise Refusal(_("Choose another topic to merge this one into."), "number")
    # In the order of ids, so that two who merge the same two topics do not wait for each other for ever.
    for topic in sorted((source, target), key=row_id):
        lock_topic(topic)
    source, target = hold(actor, source), hold(actor, target)
    if source.about_kind is not None:
        raise Refusal(_("This topic belongs to an event. Merge the other one into it instead."), "number")
    _require_shown(source, "number")
    if not source.is_open(clock.now()):
        raise Refusal(_("This topic is not open yet. Open it first."), "number")
    require_no_wider(source.forum, target.forum, widen)
    places = _places(source)
    for number, place in enumerate(places, target.last_number + 1):
        place.number = number
    _rewrite(places, target)
    _bring_followers(source, target)
    target.last_number += len(places)
    target.official_id = target.official_id or source.official_id
    source.official_id, source.merged_into_id = None, row_id(target)
    # Topics that were merged into the source before: one step leads on, not a chain.
    db.session.execute(
        sa.update(Topic).where(Topic.merged_into_id == source.id).values(merged_into_id=target.id)
    )
    _recount(source, target)
    db.session.add(TopicMove(topic_id=target.id, way=Way.MERGED, other_topic_id=source.id))
    renew_topic(target)
    record(actor=actor, act=DiscussionAct.TOPIC_MERGE, subject=source, into=target.id, posts=len(places))
    return target


@operation
def split_topic(*, actor: Person, topic: Topic, post_ids: Collection[int], title: str) -> Topic:
    """Put the posts *post_ids*, with what answers them, into a new topic of the same forum; returns it.

    Refusal for no post, for the first one (the topic is its question), and for a title that is missing or too long.
    """
    topic = hold(actor, topic)
    title = title.strip()
    if not title or len(title) > LONGEST_TITLE:
        raise Refusal(
            _("Give the new topic a title of at most %(most)s characters.", most=LONGEST_TITLE), "title"
        )
    _require_shown(topic, "title")
    places = _places(topic)
    going = _with_answers(places, post_ids)
    if not going:
        raise Refusal(_("Choose the posts that go."), "posts")
    if places[0].id in going:
        raise Refusal(_("The first post stays: move the whole topic instead."), "posts")
    moved, left = [p for p in places if p.id in going], [p for p in places if p.id not in going]
    made = _new_topic(topic, title, db.session.get_one(Post, moved[0].id))
    for number, place in enumerate(moved, 1):
        place.number = number
    _rewrite(moved, made)
    _rewrite(left, topic)
    made.last_number = len(moved)
    if topic.official_id in going:
        made.official_id, topic.official_id = topic.official_id, None
    _recount(topic, made)
    db.session.add_all(
        (
            TopicMove(topic_id=topic.id, way=Way.TO_TOPIC, other_topic_id=made.id),
            TopicMove(topic_id=made.id, way=Way.FROM_TOPIC, other_topic_id=topic.id),
        )
    )
    renew_topic(topic)
    renew_topic(made)
    record(actor=actor, act=DiscussionAct.TOPIC_SPLIT, subject=topic, into=made.id, posts=len(moved))
    return made


def _require_shown(topic: Topic, field: str) -> None:
    """Refusal where its posts would come to more readers than they have now."""
    if topic.hidden_rule is not None:
        raise Refusal(_("This topic is hidden under a rule. Its posts cannot go elsewhere."), field)
    if not topic.about_public:
        raise Refusal(_("The event of this topic is not public. Its posts cannot go elsewhere."), field)


def _bring_followers(source: Topic, target: Topic) -> None:
    """Who followed *source* follows *target*, with new posts to read; who had said what they want there keeps that."""
    there = sa.select(TopicReader.person_id).where(TopicReader.topic_id == target.id)
    db.session.execute(
        sa.update(TopicReader)
        .where(
            TopicReader.topic_id == source.id,
            TopicReader.interest.in_((Interest.FOLLOW, Interest.WATCH)),
            TopicReader.person_id.not_in(there),
        )
        .values(topic_id=target.id, read_number=target.last_number)
        .execution_options(synchronize_session=False)
    )


def _places(topic: Topic) -> list[_Place]:
    """The places of a topic by number; columns alone, for a topic may hold a hundred thousand."""
    found = sa.select(Post.id, Post.number, Post.parent_id).where(Post.topic_id == topic.id)
    return [_Place(*row) for row in db.session.execute(found.order_by(Post.number))]


def _with_answers(places: Iterable[_Place], chosen: Collection[int]) -> set[int]:
    going: set[int] = set()
    for place in places:  # answers come after what they answer
        if place.id in chosen or place.parent_id in going:
            going.add(place.id)
    return going


def _rewrite(places: list[_Place], topic: Topic) -> None:
    """Put *places* into *topic* with the numbers they have now; what they answered and is not among them is left."""
    known: dict[int, _Place] = {}
    for place in places:
        parent = known.get(place.parent_id) if place.parent_id is not None else None
        place.parent_id = parent.id if parent else None
        place.depth = parent.depth + 1 if parent else 0
        place.path = f"{parent.path if parent else ''}{place.number:08d}."
        known[place.id] = place
    rows = [{"topic_id": topic.id, **vars(place)} for place in places]
    if rows:
        db.session.execute(sa.update(Post), rows)
    db.session.expire_all()  # what was read of posts before is no longer so


def _new_topic(topic: Topic, title: str, first: Post) -> Topic:
    made = Topic(
        forum_id=topic.forum_id, title=title, slug=slug_of(title, "topic"), author_id=first.author_id,
        created_at=first.created_at, posted_at=first.created_at, opens_at=topic.opens_at,
        published_at=(topic.published_at or clock.now()) if first.is_published else None,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def _recount(*topics: Topic) -> None:
    for topic in topics:
        topic.posts_count = db.session.scalar(published_count(topic.id)) or 0
        refresh_standing(topic)
