"""Who may read, start, reply, edit and keep order. An unknown role or state means no."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Protocol

from forum.accounts.models import STAFF, Role
from forum.discussions import subjects
from forum.discussions.models import Audience, Forum, Poll, Post, PostPicture, PostState, Topic

EDIT_WINDOW = timedelta(minutes=30)
KEEPERS = (Role.OFFICER, Role.REVIEWER, Role.SUPERVISOR)  # keep order in topics
ANSWERERS = (Role.OFFICER, Role.SUPERVISOR)  # may mark the official answer

VERIFIERS = (Role.ADMINISTRATOR, Role.OFFICER, Role.SUPERVISOR)  # note where somebody lives


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


def widens(before: Audience, after: Audience) -> bool:
    """Whether *after* lets somebody in who is not in *before*."""
    narrow_first = (Audience.STAFF, Audience.VERIFIED, Audience.RESIDENTS, Audience.EVERYONE)
    return narrow_first.index(after) > narrow_first.index(before)


def can_read(viewer: Viewer, forum: Forum, *, verified: bool = False) -> bool:
    """Whether the forum is there for them."""
    return forum.readers in audiences_of(viewer, verified=verified)


def can_see_topic(viewer: Viewer, topic: Topic, now: datetime, *, verified: bool = False) -> bool:
    """Readers of its forum, once its hour has come and something in it was shown; staff and its author before.

    Where it is about something that is not public, only who sees that.
    """
    if not (topic.about_public or topic.about_kind in subjects.open_to(viewer.role)):
        return False
    there = topic.is_open(now) and (
        topic.published_at is not None
        or topic.merged_into_id is not None  # it leads on
        or (topic.about_kind is not None and topic.hidden_rule is None)  # what it is about can be read
        or (viewer.id is not None and topic.author_id == viewer.id)
    )
    return can_read(viewer, topic.forum, verified=verified) and (there or viewer.role in STAFF)


def is_there_for(topic: Topic, audience: Audience, now: datetime) -> bool:
    """Whether everybody who belongs to *audience* sees *topic*, under its own title."""
    return (
        not widens(topic.forum.readers, audience)
        and topic.about_public
        and topic.is_open(now)
        and topic.published_at is not None
        and topic.merged_into_id is None
    )


def can_start(viewer: Viewer, forum: Forum, *, verified: bool = False) -> bool:
    """Nobody without an account writes, whatever the forum says."""
    return (
        viewer.id is not None
        and not forum.archived
        and can_read(viewer, forum, verified=verified)
        and forum.starters in audiences_of(viewer, verified=verified)
    )


def can_ask(viewer: Viewer, forum: Forum, *, verified: bool = False) -> bool:
    """Whether they may write the first post of a topic about something else: who may reply may ask."""
    return (
        viewer.id is not None
        and not forum.archived
        and can_read(viewer, forum, verified=verified)
        and forum.repliers in audiences_of(viewer, verified=verified)
    )


def can_reply(viewer: Viewer, topic: Topic, now: datetime, *, verified: bool = False) -> bool:
    """Whether they may write in it now; slow mode is another question."""
    forum = topic.forum
    return (
        viewer.id is not None
        and not (forum.archived or topic.archived or topic.locked or topic.hidden_rule is not None)
        and topic.merged_into_id is None
        and can_see_topic(viewer, topic, now, verified=verified)
        and forum.repliers in audiences_of(viewer, verified=verified)
    )


def is_closed(topic: Topic) -> bool:
    """Whether nothing more is said in it, by posts, presses or votes."""
    if topic.hidden_rule is not None:
        return True
    return topic.forum.archived or topic.archived or topic.locked or topic.merged_into_id is not None


def can_react(viewer: Viewer, post: Post, now: datetime, *, verified: bool = False) -> bool:
    """Who has an account and reads the post, while its topic is open; not to their own words."""
    return (
        viewer.id is not None
        and post.is_published
        and post.author_id != viewer.id
        and not is_closed(post.topic)
        and can_see_topic(viewer, post.topic, now, verified=verified)
    )


def can_vote(viewer: Viewer, poll: Poll, now: datetime, *, verified: bool = False) -> bool:
    """Who has an account and reads the poll, until it or its topic is closed."""
    return (
        viewer.id is not None
        and poll.is_shown
        and poll.is_open(now)
        and not is_closed(poll.topic)
        and can_see_topic(viewer, poll.topic, now, verified=verified)
    )


def can_poll(viewer: Viewer, topic: Topic, now: datetime, *, verified: bool = False) -> bool:
    """Who began the topic, and those who keep order, give it a poll."""
    if viewer.id is None or is_closed(topic) or not can_see_topic(viewer, topic, now, verified=verified):
        return False
    return topic.author_id == viewer.id or can_keep_order(viewer)


def can_edit_poll(viewer: Viewer, poll: Poll, *, voted: bool) -> bool:
    """Who made it: until somebody has *voted* for what stands there, and for as long as others do not read it."""
    if viewer.id is None or poll.author_id != viewer.id or is_closed(poll.topic):
        return False
    return poll.hidden_rule is None and not (voted and poll.is_shown)


def can_see_post(viewer: Viewer, post: Post, *, veiled: bool = False) -> bool:
    """Whether they read its words, where they read its topic: what is held its author and those who keep order do.

    *veiled* as in is_own.
    """
    if post.state is PostState.PUBLISHED:
        return True
    if post.state is PostState.DELETED:
        return False
    return can_keep_order(viewer) or is_own(viewer, post, veiled=veiled)


def can_see_picture(viewer: Viewer, picture: PostPicture, post: Post, *, veiled: bool = False) -> bool:
    """Who reads the post's words; one that a decision hid is read as a hidden post is. *veiled* as in is_own."""
    if not can_see_post(viewer, post, veiled=veiled):
        return False
    return picture.rule_number is None or can_keep_order(viewer) or is_own(viewer, post, veiled=veiled)


def is_own(viewer: Viewer, post: Post, *, veiled: bool = False) -> bool:
    """Whether they wrote it; *veiled* when the veil over it is theirs (queries/veils.py knows)."""
    return viewer.id is not None and (post.author_id == viewer.id or veiled)


def can_edit(viewer: Viewer, post: Post, now: datetime, *, veiled: bool = False) -> bool:
    """Its author, for a while; those who keep order always, and what they change is shown."""
    if post.state in (PostState.DELETED, PostState.HIDDEN) or post.topic.archived:
        return False
    if can_keep_order(viewer):
        return True
    own = is_own(viewer, post, veiled=veiled)
    return own and not post.topic.locked and is_fresh(post.state, post.created_at, now)


def can_retitle(viewer: Viewer, post: Post, now: datetime, *, veiled: bool = False) -> bool:
    """Who may change a topic's first post changes its title and tags with it; a talk about something else is called
    what that is called."""
    first = post.number == 1 and post.topic.about_kind is None
    return first and can_edit(viewer, post, now, veiled=veiled)


def is_fresh(state: PostState, created_at: datetime, now: datetime) -> bool:
    """Whether the author of a post may still change it; where a person has to read it the wait is not the author's."""
    return state in (PostState.GIVEN_BACK, PostState.HELD) or now < created_at + EDIT_WINDOW


def can_delete(viewer: Viewer, post: Post, *, veiled: bool = False) -> bool:
    """Its author, at any time; staff hide instead, under a rule."""
    return is_own(viewer, post, veiled=veiled) and post.state in (
        PostState.PUBLISHED, PostState.HELD, PostState.GIVEN_BACK,
    )  # fmt: skip


def can_keep_order(viewer: Viewer) -> bool:
    """Lock, pin, slow, move, merge, split, archive, edit in public."""
    return viewer.role in KEEPERS


def can_answer_officially(viewer: Viewer) -> bool:
    """Mark a post as the agency's answer."""
    return viewer.role in ANSWERERS


def can_mark_official(viewer: Viewer, post: Post) -> bool:
    """Their own post or a colleague's, which everybody reads."""
    by_staff = post.author is not None and post.author.role in STAFF
    return can_answer_officially(viewer) and by_staff and post.is_published


def can_verify(viewer: Viewer) -> bool:
    """Note that somebody showed, in person, where they live."""
    return viewer.role in VERIFIERS


def can_lift_veil(viewer: Viewer) -> bool:
    """Read who wrote «as a resident of», with a reason."""
    return viewer.role == Role.REVIEWER


def can_manage_forums(viewer: Viewer) -> bool:
    """Make forums, order them, say whom they are for."""
    return viewer.role == Role.ADMINISTRATOR
