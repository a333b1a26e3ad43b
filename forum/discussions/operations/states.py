"""The lock that every write in a topic holds, and what changes with a post's state."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.orm import contains_eager

from forum.core import clock, search
from forum.core.db import row_id
from forum.core.transactions import operation
from forum.discussions.models import Post, PostState, Topic
from forum.discussions.operations.telling import renew_telling_of, tell_of, withdraw_telling_of
from forum.discussions.queries.search import ids_in
from forum.extensions import db

_HELD = (
    select(Topic)
    .join(Topic.forum)
    .options(contains_eager(Topic.forum))
    .where(Topic.id == bindparam("topic_id"))
    .with_for_update(of=Topic)
    .execution_options(populate_existing=True)
)


def lock_topic(topic: Topic) -> Topic:
    """Hold the topic's row to the end of the unit of work and read it afresh, with its forum."""
    asked = {"topic_id": row_id(topic)}
    held = db.session.scalars(_HELD, asked).one_or_none()
    # Where it went to another forum while this waited for it, PostgreSQL joins it to the old one: ask again.
    return held if held is not None else db.session.scalars(_HELD, asked).one()


def hold_post(post: Post) -> Topic:
    """Hold the topic that *post* is in, read the post afresh, and return the topic.

    Somebody may have moved the post to another topic while this waited for the lock; then that one is held as well.
    """
    topic = lock_topic(post.topic)
    db.session.refresh(post)
    return topic if post.topic_id == topic.id else hold_post(post)


def set_state(topic: Topic, post: Post, state: PostState) -> None:
    """Move *post* of a locked *topic* to *state* and keep the topic's count; what is shown at last is news."""
    topic.posts_count += int(state is PostState.PUBLISHED) - int(post.is_published)
    if state is PostState.PUBLISHED and post.state is PostState.HELD and post.number == topic.last_number:
        topic.posted_at = clock.now()
    was_shown, post.state = post.is_published, state
    _keep_official(topic, post)
    note_shown(topic, post)
    db.session.flush()
    search.renew("post", post.id)
    if post.is_published:
        renew_telling_of(post)
        tell_of(post)  # whom it names and who was told of it before is not told again
    elif was_shown:
        withdraw_telling_of(post)


def _keep_official(topic: Topic, post: Post) -> None:
    """What others do not read is no answer of the agency's, until it is back; unless another one is that now."""
    if post.official_role is None:
        return
    if not post.is_published and topic.official_id == post.id:
        topic.official_id = None
    elif post.is_published and topic.official_id is None:
        topic.official_id = post.id
    elif post.is_published and topic.official_id != post.id:
        post.official_role = None


@operation
def renew_topic(topic: Topic) -> None:
    """All its posts are found anew: where they stand has changed, or who reads them."""
    db.session.flush()
    search.renew("post", *db.session.scalars(ids_in(topic.id)))


def note_shown(topic: Topic, post: Post) -> None:
    """A topic is there for others while its first post is, since its title is part of that; a talk about something
    else has no words of its author's in its title."""
    if post.number != 1:
        return
    before = topic.published_at
    if topic.hidden_rule is not None:
        return  # a decision about the whole topic stands, whatever becomes of its first post
    if post.is_published:
        topic.published_at = before or clock.now()
    elif post.state is not PostState.DELETED and topic.about_kind is None:
        topic.published_at = None
    if topic.last_number > 1 and (before is None) != (topic.published_at is None):
        renew_topic(topic)
