"""Who may read, start, reply, edit and keep order. An unknown role or state means no."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Protocol

from forum.accounts.models import STAFF, Role
from forum.discussions.models import Audience, Forum, Post, PostState, Topic

EDIT_WINDOW = timedelta(minutes=30)
KEEPERS = (Role.OFFICER, Role.REVIEWER, Role.SUPERVISOR)  # keep order in topics
ANSWERERS = (Role.OFFICER, Role.SUPERVISOR)  # may mark the official answer


class Viewer(Protocol):
    """A person or a visitor: policy always gets an object."""

    @property
    def id(self) -> Any: ...

    @property
    def role(self) -> Any: ...


def audiences_of(viewer: Viewer, *, verified: bool = False) -> frozenset[Audience]:
    """The audiences that *viewer* belongs to; *verified* when staff have seen their address."""
    found = {Audience.EVERYONE}
    if viewer.id is not None:
        found.add(Audience.RESIDENTS)
        if verified:
            found.add(Audience.VERIFIED)
        if viewer.role in STAFF:
            found |= {Audience.STAFF, Audience.VERIFIED}
    return frozenset(found)


def can_read(viewer: Viewer, forum: Forum, *, verified: bool = False) -> bool:
    """Whether the forum is there for them."""
    return forum.readers in audiences_of(viewer, verified=verified)


def can_see_topic(viewer: Viewer, topic: Topic, now: datetime, *, verified: bool = False) -> bool:
    """Readers of its forum, once its hour has come and something in it was shown; staff and its author before."""
    own = viewer.id is not None and topic.author_id == viewer.id
    there = topic.is_open(now) and (topic.published_at is not None or own)
    return can_read(viewer, topic.forum, verified=verified) and (there or viewer.role in STAFF)


def can_start(viewer: Viewer, forum: Forum, *, verified: bool = False) -> bool:
    """Nobody without an account writes, whatever the forum says."""
    return (
        viewer.id is not None
        and not forum.archived
        and can_read(viewer, forum, verified=verified)
        and forum.starters in audiences_of(viewer, verified=verified)
    )


def can_reply(viewer: Viewer, topic: Topic, now: datetime, *, verified: bool = False) -> bool:
    """Whether they may write in it now; slow mode is another question."""
    forum = topic.forum
    return (
        viewer.id is not None
        and not (forum.archived or topic.archived or topic.locked)
        and topic.merged_into_id is None
        and can_see_topic(viewer, topic, now, verified=verified)
        and forum.repliers in audiences_of(viewer, verified=verified)
    )


def can_see_post(viewer: Viewer, post: Post) -> bool:
    """Whether they read its words, where they read its topic: what is held its author and those who keep order do."""
    if post.state is PostState.PUBLISHED:
        return True
    if post.state is PostState.DELETED:
        return False
    return can_keep_order(viewer) or (viewer.id is not None and post.author_id == viewer.id)


def can_edit(viewer: Viewer, post: Post, now: datetime) -> bool:
    """Its author, for a while; those who keep order always, and what they change is shown."""
    if post.state in (PostState.DELETED, PostState.HIDDEN) or post.topic.archived:
        return False
    if can_keep_order(viewer):
        return True
    own = viewer.id is not None and post.author_id == viewer.id
    asked = post.state in (PostState.GIVEN_BACK, PostState.HELD)  # then the wait is not the author's
    return own and not post.topic.locked and (asked or now < post.created_at + EDIT_WINDOW)


def can_delete(viewer: Viewer, post: Post) -> bool:
    """Its author, at any time; staff hide instead, under a rule."""
    return (
        viewer.id is not None
        and post.author_id == viewer.id
        and post.state in (PostState.PUBLISHED, PostState.HELD, PostState.GIVEN_BACK)
    )


def can_keep_order(viewer: Viewer) -> bool:
    """Lock, pin, slow, move, merge, split, archive, edit in public."""
    return viewer.role in KEEPERS


def can_answer_officially(viewer: Viewer) -> bool:
    """Mark a post as the agency's answer."""
    return viewer.role in ANSWERERS


def can_manage_forums(viewer: Viewer) -> bool:
    """Make forums, order them, say whom they are for."""
    return viewer.role == Role.ADMINISTRATOR
