"""A post enters its topic: what is asked first, its row, and who has to know. The lock is held all the while."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import bindparam, select
from sqlalchemy.orm.attributes import set_committed_value

from forum.accounts.models import Person
from forum.core import clock, markdown
from forum.core.db import row_id, write_now
from forum.core.errors import Refusal
from forum.core.inserting import insert_new, insert_row
from forum.core.words import likeness
from forum.discussions import mentions
from forum.discussions.models import Post, PostState, Topic, VeiledAuthor, VerifiedResident
from forum.discussions.models.post import DEEPEST, path_of
from forum.discussions.operations.attaching import put_under
from forum.discussions.operations.moderating import let_in
from forum.discussions.operations.telling import tell_of
from forum.discussions.operations.written import Written
from forum.discussions.queries.entering import REPLYING
from forum.extensions import db
from forum.moderation.models import Setting

AGAIN = timedelta(minutes=10)  # within which the same words in the same place are one thing, sent twice
# Asked without a lock: who merges holds the two topics and then changes those that were merged before.
_MERGED = select(Topic.merged_into_id).where(Topic.id == bindparam("topic_id"))


class Entering(NamedTuple):
    """What a reply hangs on, read afresh under the lock (queries/entering.py)."""

    topic: Topic
    writer: Person
    choices: Setting
    sent: int | None  # the post that its form has made already
    paused_until: datetime | None
    is_watched: bool
    is_begun: bool  # whether a draft or a picture waits where it was written
    alike: int | None  # what they wrote in it a few minutes ago in words like these


def enter(topic: Topic | int, actor: Person, written: Written) -> Entering | None:
    """Hold the topic's row to the end of the unit of work. An id is that of an address: where that topic was merged, it
    stands for the one that it is part of now. None for a topic that there is not, or that was merged.
    """
    who, now = row_id(actor), clock.now()
    asked = {
        "topic_id": row_id(topic), "person_id": who, "but": who, "key": written.key, "now": now,
        "place": written.pictures.place, "lately": now - AGAIN, "likeness": likeness(written.words),
    }  # fmt: skip
    # None: there is no such topic, it was merged, or it went to another forum while we waited for it (PostgreSQL joins
    # it to the old one): ask again.
    row = REPLYING.one_or_none(db.session(), **asked) or REPLYING.one_or_none(db.session(), **asked)
    if row is None:
        into = db.session.scalar(_MERGED, {"topic_id": topic}) if isinstance(topic, int) else None
        return enter(into, actor, written) if into else None
    found = Entering(row[0], *row[2:])
    set_committed_value(found.topic, "forum", row[1])
    return found


def add_post(actor: Person, topic: Topic, parent: Post | None, written: Written) -> Post | None:
    """The post at the end of a held *topic*, under *parent*; None where its form has made one at this very moment."""
    now, number = clock.now(), topic.last_number + 1
    if parent is not None and parent.depth >= DEEPEST:
        parent = db.session.get(Post, parent.parent_id) if parent.parent_id else None
    verified = _verified(actor) if written.as_resident else None
    post: Post | None = insert_new(
        Post, "key", topic_id=topic.id, number=number, parent_id=parent.id if parent else None,
        depth=parent.depth + 1 if parent else 0, path=path_of(parent, number),
        author_id=None if verified else actor.id, resident_of_id=verified.neighborhood_id if verified else None,
        text=written.words, likeness=likeness(written.words), html=written.rendered.html,
        renderer=markdown.RENDERER, state=PostState.PUBLISHED, key=written.key, created_at=now,
    )  # fmt: skip
    if post is None:
        return None
    # They are at hand: nobody need ask for them again.
    set_committed_value(post, "topic", topic)
    set_committed_value(post, "author", None if verified else actor)
    set_committed_value(post, "resident_of", verified.neighborhood if verified else None)
    topic.last_number, topic.posts_count, topic.posted_at = number, topic.posts_count + 1, now
    write_now(db.session(), topic)
    if verified is not None:
        insert_row(VeiledAuthor, post_id=post.id, person_id=actor.id)
    if written.pictures.chosen:
        put_under(post, actor, written.pictures)
    return post


def come_in(
    post: Post, actor: Person, written: Written, *, since: datetime, found: Entering | None = None
) -> None:
    """Through the filters, and then to who waits for it. *since*: the moment that the topic had before; *found*: what
    is known already of who waits and of the agency's choices."""
    let_in(post, actor, plain=written.rendered.plain, choices=found.choices if found else None)
    if post.is_published:
        watched = found is None or found.is_watched
        if watched or mentions.may_name(post.text):
            tell_of(post, by=actor, is_watched=watched)
    else:  # what is held moves nothing
        post.topic.posted_at = since


def _verified(actor: Person) -> VerifiedResident:
    """Whose neighborhood stands in the author's place."""
    verified = db.session.get(VerifiedResident, actor.id)
    if verified is None:
        raise Refusal(_("Only who showed us where they live can write as a resident. Ask at the front desk."))
    return verified
