"""What a reader keeps: read up to, interest, reactions, bookmarks. Each of these twice is once."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import delete, select

from forum.accounts.models import Person
from forum.core import clock
from forum.core.errors import Refusal
from forum.core.intake import LARGEST_ID
from forum.core.tokens import unsealed
from forum.core.transactions import operation
from forum.discussions import policy
from forum.discussions.models import (
    Bookmark,
    Interest,
    PollVote,
    Post,
    Reaction,
    ReactionKind,
    Topic,
    TopicReader,
)
from forum.discussions.queries.boards import is_verified
from forum.discussions.queries.taking_part import reader_of
from forum.extensions import db

STOP = "topic watch"  # what the seal in the link that ends a watch is made for
MOST_BOOKMARKS = 5_000


@operation
def mark_read(*, actor: Person, topic: Topic, number: int) -> int:
    """They have read *topic* up to *number*; never back, and never beyond its end. Returns where they stand now."""
    row = _row(actor, topic)
    row.read_number = max(row.read_number, min(number, topic.last_number))
    db.session.flush()
    return row.read_number


@operation
def set_interest(*, actor: Person, topic: Topic, interest: Interest) -> None:
    """Follow, watch, mute, or none of these. Who begins to follow has read what is there, or all would be new."""
    row = _row(actor, topic)
    if row.read_number == 0 and interest in (Interest.FOLLOW, Interest.WATCH):
        row.read_number = topic.last_number
    row.interest = interest
    db.session.flush()


@operation
def react(*, actor: Person, post: Post, kind: ReactionKind) -> bool:
    """Say one of the three words, or take it back; True when it is said now. Refusal where nothing more is said."""
    _hold(actor)
    if not policy.can_react(actor, post, clock.now(), verified=is_verified(actor)):
        raise Refusal(_("You cannot react to this post."))
    found = db.session.get(Reaction, (post.id, actor.id, kind))
    if found is not None:
        db.session.delete(found)
    else:
        db.session.add(Reaction(post_id=post.id, person_id=actor.id, kind=kind))
    db.session.flush()
    return found is None


@operation
def set_bookmark(*, actor: Person, post: Post, keep: bool) -> None:
    """Keep a post in their own list, or no longer."""
    _hold(actor)
    mine = select(Bookmark).where(Bookmark.person_id == actor.id, Bookmark.post_id == post.id)
    found = db.session.scalars(mine).one_or_none()
    if found is None and keep:
        if not post.is_published:
            raise Refusal(_("You cannot keep this post."))
        _refuse_too_many(actor)
        db.session.add(Bookmark(person_id=actor.id, post_id=post.id))
    elif found is not None and not keep:
        db.session.delete(found)
    db.session.flush()


@operation
def stop_watching(token: str) -> bool:
    """End the watch that a mailed link names: its topic stays in their list. False for a link that is none of ours."""
    number = unsealed(token, STOP)
    row = db.session.get(TopicReader, number) if number is not None and number <= LARGEST_ID else None
    if row is not None and row.interest is Interest.WATCH:
        row.interest = Interest.FOLLOW
        db.session.flush()
    return number is not None


@operation
def forget_taking_part(person_id: int) -> None:
    """Remove all of it, when an account is erased."""
    for table in (TopicReader, Reaction, Bookmark, PollVote):
        db.session.execute(delete(table).where(table.person_id == person_id))


def _row(actor: Person, topic: Topic) -> TopicReader:
    """Their row of *topic*, held; a new one where there was none."""
    _hold(actor)
    found = db.session.scalars(reader_of(actor.id, topic.id)).one_or_none()
    if found is None:
        found = TopicReader(person_id=actor.id, topic_id=topic.id, read_number=0, interest=Interest.NONE)
        db.session.add(found)
    return found


def _hold(actor: Person) -> None:
    """Two presses of one person come one after the other."""
    db.session.scalars(select(Person.id).where(Person.id == actor.id).with_for_update()).one()


def _refuse_too_many(actor: Person) -> None:
    kept = select(Bookmark.id).where(Bookmark.person_id == actor.id).limit(MOST_BOOKMARKS)
    if len(db.session.scalars(kept).all()) >= MOST_BOOKMARKS:
        raise Refusal(_("You keep %(most)s posts. Take some out first.", most=MOST_BOOKMARKS))
