"""Posts of a topic: as threads, or by time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from forum.discussions.models import Post, PostState, Revision, Topic, VeiledAuthor
from forum.discussions.policy import Viewer
from forum.discussions.queries.topics import seen

PAGE = 20
_WITH = (joinedload(Post.author), joinedload(Post.resident_of))


def threaded(topic_id: int, *, after: str = "", before: str = "", under: str = "") -> Select[Post]:
    """Places of a topic in the order of its threads, from the path *after* on, or backwards from *before*.

    *under*: only the post of that path and what answers it.

    Every place is there, also of what was deleted, hidden or is held: what of it is read is policy's.
    """
    found = select(Post).options(*_WITH).where(Post.topic_id == topic_id)
    if under:
        found = found.where(Post.path >= under, Post.path <= under + "99999999." * 3)
    if before:
        return found.where(Post.path < before).order_by(Post.path.desc())
    return found.where(Post.path > after).order_by(Post.path)


def by_time(topic_id: int, *, after: int = 0, before: int = 0) -> Select[Post]:
    """The same in the order of numbers, which is that of time."""
    found = select(Post).options(*_WITH).where(Post.topic_id == topic_id)
    if before:
        return found.where(Post.number < before).order_by(Post.number.desc())
    return found.where(Post.number > after).order_by(Post.number)


def post_by_id(viewer: Viewer, post_id: int, now: datetime, *, verified: bool | None = False) -> Select[Post]:
    """A post in a topic that they may see, with its topic and forum."""
    return (
        select(Post)
        .join(Post.topic)
        .join(Topic.forum)
        .options(contains_eager(Post.topic).contains_eager(Topic.forum), *_WITH)
        .where(Post.id == post_id, *seen(viewer, now, verified=verified))
    )


def whole_posts(post_ids: Collection[int]) -> Select[Post]:
    """These posts in whatever state, each with its topic and forum: for moderation."""
    topic = joinedload(Post.topic)
    with_topic = topic.joinedload(Topic.forum), topic.selectinload(Topic.tags)
    return select(Post).options(*with_topic, *_WITH).where(Post.id.in_(post_ids))


def post_of(post_id: int) -> Select[Post]:
    """A post with what its line shows, of a topic that was found already."""
    return select(Post).options(*_WITH).where(Post.id == post_id)


def post_numbered(topic_id: int, number: int) -> Select[Post]:
    """The post at one place of a topic."""
    return select(Post).where(Post.topic_id == topic_id, Post.number == number)


def path_numbered(topic_id: int, number: int) -> Select[str]:
    """The path of the post at one place of a topic."""
    return select(Post.path).where(Post.topic_id == topic_id, Post.number == number)


def numbers_of(post_ids: Collection[int]) -> Select[int, int]:
    """(id, number) of these posts."""
    return select(Post.id, Post.number).where(Post.id.in_(post_ids))


def number_on(topic_id: int, moment: datetime) -> Select[int]:
    """The number of the first post at or after *moment*. Where topics were merged, that of the oldest of those."""
    return (
        select(Post.number)
        .where(Post.topic_id == topic_id, Post.created_at >= moment)
        .order_by(Post.created_at, Post.number)
        .limit(1)
    )


def last_of_person(topic_id: int, person_id: int) -> Select[datetime]:
    """When somebody last wrote in a topic, under their name or as a resident of somewhere."""
    veiled = select(VeiledAuthor.post_id).where(VeiledAuthor.person_id == person_id)
    own = or_(Post.author_id == person_id, Post.id.in_(veiled))
    return select(func.max(Post.created_at)).where(Post.topic_id == topic_id, own)


def revisions(post_id: int) -> Select[Revision]:
    """What a post said before, the oldest first."""
    return select(Revision).where(Revision.post_id == post_id).order_by(Revision.number)


def edited_by_staff(post_ids: Collection[int]) -> Select[int]:
    """Those of *post_ids* that staff have changed."""
    return select(Revision.post_id).where(Revision.post_id.in_(post_ids), Revision.by_staff).distinct()


def published_count(topic_id: int) -> Select[Any]:
    """What ``Topic.posts_count`` has to be."""
    return select(func.count()).where(Post.topic_id == topic_id, Post.state == PostState.PUBLISHED)


def first_of(topic_ids: Sequence[int]) -> Select[Post]:
    """The posts that began these topics, where they can still be read."""
    return select(Post).where(
        Post.topic_id.in_(topic_ids), Post.number == 1, Post.state == PostState.PUBLISHED
    )


def last_published(topic_id: int) -> Select[datetime]:
    """When the last post that everybody reads was written."""
    return select(func.max(Post.created_at)).where(
        Post.topic_id == topic_id, Post.state == PostState.PUBLISHED
    )


def newest_in(topic_id: int, most: int) -> Select[Post]:
    """The last published posts of a topic, for its feed."""
    return (
        select(Post)
        .options(*_WITH)
        .where(Post.topic_id == topic_id, Post.state == PostState.PUBLISHED)
        .order_by(Post.number.desc())
        .limit(most)
    )


def renamed(topic_ids: Collection[int]) -> Select[int, int]:
    """(topic, its first post) of those of these topics that were called something else before."""
    return (
        select(Post.topic_id, Post.id)
        .join(Revision, Revision.post_id == Post.id)
        .where(Post.topic_id.in_(topic_ids), Post.number == 1, Revision.title.is_not(None))
        .distinct()
    )
