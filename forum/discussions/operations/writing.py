"""Starting topics, replying, editing, deleting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from forum.accounts.models import Person
from forum.audit.operations import record
from forum.core import clock, markdown, search
from forum.core.db import row_id
from forum.core.errors import Refusal
from forum.core.slugs import slug_of
from forum.core.transactions import operation
from forum.discussions import mentions, policy
from forum.discussions.acts import DiscussionAct
from forum.discussions.models import (
    Forum,
    Post,
    PostState,
    Revision,
    Topic,
    TopicTag,
    VeiledAuthor,
    VerifiedResident,
)
from forum.discussions.models.post import DEEPEST, path_of
from forum.discussions.operations.attaching import NOTHING, Changes, Enclosed, put_under, take_away
from forum.discussions.operations.moderating import let_in, refuse_paused
from forum.discussions.operations.states import hold_post, lock_topic, set_state
from forum.discussions.operations.telling import tell_mentioned, tell_of
from forum.discussions.queries.authors import WRITER
from forum.discussions.queries.boards import is_verified_for
from forum.discussions.queries.posts import last_of_person
from forum.discussions.queries.veils import is_behind
from forum.extensions import db

LONGEST_TITLE = 150
LONGEST_TEXT = 10_000
MOST_TAGS = 5
LONGEST_TAG = 40


@dataclass(frozen=True, kw_only=True)
class Written:
    """What somebody writes. *key* is the form's own, so that one sent twice is one post.

    *as_resident*: under «Resident of» their verified neighborhood instead of their name.
    """

    text: str
    key: str | None = None
    as_resident: bool = False
    pictures: Enclosed = NOTHING


@operation
def start_topic(
    *,
    actor: Person,
    forum: Forum,
    title: str,
    written: Written,
    tags: Sequence[str] = (),
) -> Topic:
    """A new topic with its first post. Refusal when they may not start one there, or when words are missing."""
    before = _sent_before(actor, written.key)
    if before is not None:
        return before.topic
    if not policy.can_start(actor, forum, verified=is_verified_for(actor, forum)):
        raise Refusal(_("You cannot start a topic in this forum."))
    title = title.strip()
    if not title:
        raise Refusal(_("Give it a title."), "title")
    if len(title) > LONGEST_TITLE:
        raise Refusal(_("Use at most %(most)s characters.", most=LONGEST_TITLE), "title")
    topic = Topic(
        forum=forum,
        title=title,
        slug=slug_of(title, "topic"),
        author_id=None if written.as_resident else actor.id,
    )
    topic.tags = [TopicTag(word=word) for word in tags_of(tags)]
    db.session.add(topic)
    db.session.flush()
    _come_in(topic, _add_post(actor, topic, None, written), actor, since=topic.posted_at)
    return topic


@operation
def reply(*, actor: Person, topic: Topic, written: Written, parent: Post | None = None) -> Post:
    """Add to a topic, under *parent* or at its end; deeper than four levels it stands beside its parent.

    Refusal when the topic takes no posts, when slow mode says to wait, or for empty words.
    """
    before = _sent_before(actor, written.key)
    if before is not None:
        return before
    topic = lock_topic(topic)
    if not policy.can_reply(actor, topic, clock.now(), verified=is_verified_for(actor, topic.forum)):
        raise Refusal(
            _(
                "This topic takes no posts from you now. Your words are still here: copy them if you need them."
            )
        )
    _keep_pace(actor, topic)
    if parent is not None and parent.topic_id != topic.id:
        raise Refusal(_("What you answer is no longer in this topic."))
    since = topic.posted_at
    post = _add_post(actor, topic, parent, written)
    _come_in(topic, post, actor, since=since)
    return post


@operation
def edit_post(*, actor: Person, post: Post, text: str, pictures: Enclosed | None = None) -> Post:
    """Change the words of a post; what it said before is kept, and shown when it was staff who changed it.

    *pictures*: those that it has from now on; None leaves them as they are. One that is taken out is gone for good.
    """
    hold_post(post)
    veiled = is_behind(actor, post)
    if not policy.can_edit(actor, post, clock.now(), veiled=veiled):
        raise Refusal(_("This post can no longer be changed. Write a new one below it instead."))
    text = _checked(text)
    changes = Changes() if pictures is None else put_under(post, actor, pictures)
    if text == post.text and not any(changes):
        return post
    by_staff = not policy.is_own(actor, post, veiled=veiled)
    number = db.session.query(Revision).filter_by(post_id=post.id).count() + 1
    by = None if veiled else actor.id  # a veil that an edit could lift would be none
    db.session.add(
        Revision(
            post_id=post.id, number=number, text=post.text, by_staff=by_staff, by_id=by, pictures_in=changes.came,
            pictures_out=changes.went, pictures_told=changes.told,
        )
    )  # fmt: skip
    post.text, post.html, post.renderer = text, mentions.rendered(text), markdown.RENDERER
    post.edited_at = clock.now()
    db.session.flush()
    if not by_staff:
        let_in(post, actor, edited=True)
    else:
        record(actor=actor, act=DiscussionAct.POST_EDIT_BY_STAFF, subject=post)
        search.renew("post", post.id)
    if post.is_published:
        tell_mentioned(post)
    return post


@operation
def delete_post(*, actor: Person, post: Post) -> None:
    """Take one's own words back; the place stays, so that answers to it still stand somewhere."""
    topic = hold_post(post)
    if not policy.can_delete(actor, post, veiled=is_behind(actor, post)):
        raise Refusal(_("This post cannot be deleted."))
    if topic.official_id == row_id(post):
        topic.official_id = post.official_role = None
    set_state(topic, post, PostState.DELETED)
    post.text = post.html = ""
    take_away(post)
    for revision in db.session.query(Revision).filter_by(post_id=post.id):
        db.session.delete(revision)
    db.session.flush()


def tags_of(words: Sequence[str]) -> list[str]:
    """Tags as they are kept: small letters, each once. Refusal for too many or too long."""
    found = sorted({" ".join(word.lower().split()) for word in words} - {""})
    if len(found) > MOST_TAGS or any(len(word) > LONGEST_TAG for word in found):
        raise Refusal(
            _("Use at most %(most)s tags of %(length)s characters.", most=MOST_TAGS, length=LONGEST_TAG),
            "tags",
        )
    return found


def _come_in(topic: Topic, post: Post, actor: Person, *, since: datetime) -> None:
    """Through the filters, and then to who waits for it."""
    let_in(post, actor)
    if post.is_published:
        tell_of(post, by=actor)
    else:  # what is held moves nothing
        topic.posted_at = since


def _sent_before(actor: Person, key: str | None) -> Post | None:
    """The post that this form has made already. Refusal while a decision keeps *actor* from posting another one.

    One statement for both, which reads the writer afresh as well.
    """
    asked = {"person_id": row_id(actor), "key": key, "now": clock.now()}
    _person, sent, until = db.session.execute(WRITER, asked).one()
    if sent is not None:
        return db.session.get_one(Post, sent)
    refuse_paused(until)
    return None


def _add_post(actor: Person, topic: Topic, parent: Post | None, written: Written) -> Post:
    text, now = _checked(written.text), clock.now()
    if parent is not None and parent.depth >= DEEPEST:
        parent = db.session.get(Post, parent.parent_id) if parent.parent_id else None
    topic.last_number += 1
    post = Post(
        topic_id=topic.id, number=topic.last_number, parent_id=parent.id if parent else None,
        depth=parent.depth + 1 if parent else 0, path=path_of(parent, topic.last_number),
        author_id=None if written.as_resident else actor.id, text=text, html=mentions.rendered(text),
        renderer=markdown.RENDERER, state=PostState.PUBLISHED, key=written.key, created_at=now,
    )  # fmt: skip
    veiled = _veil(actor, post) if written.as_resident else None
    db.session.add(post)
    topic.posts_count += 1
    topic.posted_at = now
    db.session.flush()
    if veiled is not None:
        veiled.post_id = post.id
        db.session.add(veiled)
        db.session.flush()
    if written.pictures.chosen:
        put_under(post, actor, written.pictures)
    return post


def _veil(actor: Person, post: Post) -> VeiledAuthor:
    """Put the neighborhood in the author's place."""
    verified = db.session.get(VerifiedResident, actor.id)
    if verified is None:
        raise Refusal(_("Only who showed us where they live can write as a resident. Ask at the front desk."))
    post.resident_of_id = verified.neighborhood_id
    return VeiledAuthor(person_id=actor.id)


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise Refusal(_("Write something first."), "text")
    if len(text) > LONGEST_TEXT:
        raise Refusal(_("Use at most %(most)s characters.", most=LONGEST_TEXT), "text")
    return text


def _keep_pace(actor: Person, topic: Topic) -> None:
    """Refusal while slow mode asks this person to wait."""
    now = clock.now()
    if not topic.is_slow(now) or policy.can_keep_order(actor):
        return
    last = db.session.scalar(last_of_person(topic.id, actor.id))
    if last is not None and now < last + timedelta(seconds=topic.slow_seconds):
        wait = int((last + timedelta(seconds=topic.slow_seconds) - now).total_seconds() // 60) + 1
        raise Refusal(
            _(
                "This topic is in slow mode: you can post again in %(minutes)s min. Your words are kept here.",
                minutes=wait,
            )
        )
