"""How every page of discussions finds its forum, topic or post: what may not be read is not found."""

from __future__ import annotations

from flask import abort, g
from flask_login import current_user
from sqlalchemy.orm.attributes import set_committed_value

from forum.core import clock
from forum.discussions.models import Audience, Forum, Post, Topic
from forum.discussions.policy import Viewer
from forum.discussions.queries import boards, posts, topics
from forum.extensions import db


def reader_is_verified() -> bool:
    """Whether staff have seen the reader's address; asked once a request."""
    if "is_verified" not in g:
        g.is_verified = boards.is_verified(current_user)
    return bool(g.is_verified)


def is_verified_for(forum: Forum) -> bool:
    """The same, asked only where it opens something in *forum*."""
    asked = Audience.VERIFIED in (forum.readers, forum.starters, forum.repliers)
    return asked and reader_is_verified()


def forum_for(viewer: Viewer, slug: str, *, verified: bool | None = False) -> Forum | None:
    """The forum of an address, where it is there for *viewer*. With None for *verified* the question asks that too."""
    wanted, asked = boards.forum_by_slug(viewer, slug, verified=verified)
    found: Forum | None = wanted.scalar(db.session(), **asked)
    return found


def topic_for(viewer: Viewer, topic_id: int, *, verified: bool | None = False) -> Topic | None:
    """The topic of a number, likewise."""
    wanted, asked = topics.topic_by_id(viewer, topic_id, clock.now(), verified=verified)
    row = wanted.one_or_none(db.session(), **asked)
    if row is None:
        return None
    topic: Topic = row[0]
    set_committed_value(topic, "forum", row[1])
    return topic


def forum_or_404(slug: str) -> Forum:
    """The forum of an address."""
    return forum_for(current_user, slug, verified=None) or abort(404)


def topic_or_404(topic_id: int) -> Topic:
    """The topic of an address, or the one that it was merged into."""
    found = topic_for(current_user, topic_id, verified=None) or abort(404)
    return topic_or_404(found.merged_into_id) if found.merged_into_id else found


def post_or_404(post_id: int) -> Post:
    """A post in a topic that the reader may see, whatever its state."""
    wanted = posts.post_by_id(current_user, post_id, clock.now(), verified=None)
    return db.session.scalars(wanted).one_or_none() or abort(404)


def number_of(text: str | None) -> int:
    """A post's number from an address or a form; 0 for what is none."""
    known = text is not None and text.isascii() and text.isdigit() and len(text) < 9
    return int(text or 0) if known else 0
