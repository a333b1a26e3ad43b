"""Starting topics, replying, editing, deleting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from forum.accounts.models import Person
from forum.audit.operations import record
from forum.core import clock, markdown, search
from forum.core.db import row_id
from forum.core.errors import Refusal
from forum.core.slugs import slug_of
from forum.core.transactions import operation
from forum.discussions import mentions, policy
from forum.discussions.acts import DiscussionAct
from forum.discussions.models import Forum, Post, PostState, Revision, Topic
from forum.discussions.operations.attaching import Changes, Enclosed, put_under, take_away
from forum.discussions.operations.drafting import forget_draft
from forum.discussions.operations.entering import AGAIN, Entering, add_post, come_in, enter
from forum.discussions.operations.moderating import let_in, refuse_paused
from forum.discussions.operations.naming import named, put_tags, rename, tags_of
from forum.discussions.operations.order import schedule_topic
from forum.discussions.operations.states import hold_post, set_state
from forum.discussions.operations.telling import tell_mentioned
from forum.discussions.operations.written import Written, checked, checked_title
from forum.discussions.queries.authors import WRITER
from forum.discussions.queries.boards import is_verified_for
from forum.discussions.queries.posts import last_of_person, post_numbered
from forum.discussions.queries.topics import begun_with
from forum.discussions.queries.veils import is_behind
from forum.extensions import db


@operation
def start_topic(
    *,
    actor: Person,
    forum: Forum,
    title: str,
    written: Written,
    tags: Sequence[str] = (),
    opens_at: datetime | None = None,
) -> Topic:
    """A new topic with its first post; or the one that they began just now with the same words, since after Back a form
    comes with its words and another key. Refusal when they may not start one there, or when words are missing.

    *opens_at*: from when on others see it, for those who keep order (order.schedule_topic).
    """
    actor, before = _writer(actor, written.key)
    if before is not None:
        return before.topic
    if not policy.can_start(actor, forum, verified=is_verified_for(actor, forum)):
        raise Refusal(_("You cannot start a topic in this forum."))
    title = checked_title(title)
    if (same := _sent_again(actor, forum, title, written)) is not None:
        if written.pictures.place:
            forget_draft(actor=actor, place=written.pictures.place)
        return same
    topic = Topic(
        forum=forum,
        title=title,
        slug=slug_of(title, "topic"),
        author_id=None if written.as_resident else actor.id,
    )
    put_tags(topic, tags_of(tags))
    db.session.add(topic)
    db.session.flush()
    since = topic.posted_at
    post = add_post(actor, topic, None, written)
    if post is None:
        db.session.delete(topic)
        return _made_at_once(written).topic
    come_in(post, actor, written, since=since)
    if opens_at is not None:
        schedule_topic(actor=actor, topic=topic, opens_at=opens_at)
    if written.pictures.place:
        forget_draft(actor=actor, place=written.pictures.place)
    return topic


@operation
def reply(*, actor: Person, topic: Topic | int, written: Written, parent: Post | int | None = None) -> Post:
    """Add to a topic, under *parent* or at its end; deeper than four levels it stands beside its parent.

    *topic* may be the id of an address, and *parent* a number, so that whoever replies reads both once, under the lock:
    what was merged stands for what it is part of now, and an answer to what nobody reads any more stands at the end.
    What they said a few minutes ago in the same place with the same words is returned instead: after Back a form comes
    with its words and another key. Refusal when the topic takes no posts, when slow mode says to wait, or for empty
    words.
    """
    found = enter(topic, actor, written)
    if found is not None and found.sent is not None:
        return db.session.get_one(Post, found.sent)
    refuse_paused(found.paused_until if found else None)
    if found is None or not _may_reply(found):
        raise Refusal(
            _(
                "This topic takes no posts from you now. Your words are still here: copy them if you need them."
            )
        )
    if isinstance(topic, int) and topic != found.topic.id:
        parent = None  # numbers are others where it was merged into
    topic, actor, since = found.topic, found.writer, found.topic.posted_at
    answered = _parent(topic, parent)
    if (same := _said_again(found, answered, written)) is not None:
        if found.is_begun:
            forget_draft(actor=actor, place=written.pictures.place)
        return same
    too_soon = _too_soon(actor, topic)
    if too_soon is not None:
        # Who pressed twice has waited behind the first press: PostgreSQL shows what that made to a new question only.
        if (made := _made_by(written)) is not None:
            return made
        raise too_soon
    post = add_post(actor, topic, answered, written)
    if post is None:
        return _made_at_once(written)
    come_in(post, actor, written, since=since, found=found)
    if found.is_begun:
        forget_draft(actor=actor, place=written.pictures.place)
    return post


@operation
def edit_post(
    *,
    actor: Person,
    post: Post,
    text: str,
    pictures: Enclosed | None = None,
    title: str | None = None,
    tags: Sequence[str] | None = None,
) -> Post:
    """Change the words of a post; what it said before is kept, and shown when it was staff who changed it.

    *title*, *tags*: of its topic, with a first post; None leaves them as they are.
    *pictures*: those that it has from now on; None leaves them as they are. One that is taken out is gone for good.
    """
    topic = hold_post(post)
    veiled = is_behind(actor, post)
    if not policy.can_edit(actor, post, clock.now(), veiled=veiled):
        raise Refusal(_("This post can no longer be changed. Write a new one below it instead."))
    text, before = checked(text), named(topic) if post.number == 1 else None
    renamed = policy.can_retitle(actor, post, clock.now(), veiled=veiled) and rename(topic, title, tags)
    changes = Changes() if pictures is None else put_under(post, actor, pictures)
    if text == post.text and not any(changes) and not renamed:
        return post
    by_staff = not policy.is_own(actor, post, veiled=veiled)
    number = db.session.query(Revision).filter_by(post_id=post.id).count() + 1
    by = None if veiled else actor.id  # a veil that an edit could lift would be none
    db.session.add(
        Revision(
            post_id=post.id, number=number, text=post.text, by_staff=by_staff, by_id=by, pictures_in=changes.came,
            pictures_out=changes.went, pictures_told=changes.told, title=before and before.title,
            tags=before and before.tags,
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


def _writer(actor: Person, key: str | None) -> tuple[Person, Post | None]:
    """Who writes, read afresh, and the post that this form has made already. Refusal while a decision keeps them from
    posting another one."""
    asked = {"person_id": row_id(actor), "key": key, "now": clock.now()}
    person, sent, until = db.session.execute(WRITER, asked).one()
    if sent is not None:
        return person, db.session.get_one(Post, sent)
    refuse_paused(until)
    return person, None


def _may_be_again(written: Written) -> bool:
    """Whether a form may be one that was sent before: not with pictures of its own, nor behind a veil, where nobody is
    to find whose the other one is."""
    return written.key is not None and not written.as_resident and not written.pictures.chosen


def _sent_again(actor: Person, forum: Forum, title: str, written: Written) -> Topic | None:
    """The topic that was made of a form with the same words a few minutes ago."""
    if not _may_be_again(written):
        return None
    since = clock.now() - AGAIN
    wanted = begun_with(actor.id, row_id(forum), title, written.words, since)
    return db.session.scalars(wanted).one_or_none()


def _said_again(found: Entering, parent: Post | None, written: Written) -> Post | None:
    """The post that was made of a form with the same words in the same place a few minutes ago."""
    if found.alike is None or not _may_be_again(written):
        return None
    post = db.session.get_one(Post, found.alike)
    same = post.text == written.words and post.parent_id == (parent.id if parent else None)
    return post if same and post.state is not PostState.DELETED else None


def _made_by(written: Written) -> Post | None:
    """The post that was made of the same form meanwhile."""
    made = select(Post).where(Post.key == written.key)
    return db.session.scalars(made).one_or_none() if written.key else None


def _made_at_once(written: Written) -> Post:
    """The same, where its key was refused for it at this very moment."""
    made = _made_by(written)
    assert made is not None
    return made


def _may_reply(found: Entering) -> bool:
    verified = is_verified_for(found.writer, found.topic.forum)
    return policy.can_reply(found.writer, found.topic, clock.now(), verified=verified)


def _parent(topic: Topic, parent: Post | int | None) -> Post | None:
    if isinstance(parent, int):
        found = db.session.scalars(post_numbered(topic.id, parent)).one_or_none()
        return found if found is not None and found.is_published else None
    if parent is not None and parent.topic_id != topic.id:
        raise Refusal(_("What you answer is no longer in this topic."))
    return parent


def _too_soon(actor: Person, topic: Topic) -> Refusal | None:
    """What slow mode says to a person whom it asks to wait."""
    now = clock.now()
    if not topic.is_slow(now) or policy.can_keep_order(actor):
        return None
    last = db.session.scalar(last_of_person(topic.id, actor.id))
    if last is None or now >= last + timedelta(seconds=topic.slow_seconds):
        return None
    wait = int((last + timedelta(seconds=topic.slow_seconds) - now).total_seconds() // 60) + 1
    return Refusal(
        _(
            "This topic is in slow mode: you can post again in %(minutes)s min. Your words are kept here.",
            minutes=wait,
        )
    )
