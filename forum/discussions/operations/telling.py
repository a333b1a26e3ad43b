"""Telling who watches a topic, and who is named in a post."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from forum.accounts.models import Person
from forum.core import clock
from forum.core.transactions import operation
from forum.discussions import mentions
from forum.discussions.acts import DiscussionNotice
from forum.discussions.models import Post
from forum.discussions.queries.taking_part import WATCHERS
from forum.extensions import db
from forum.notifications.many import Telling, notify_many
from forum.notifications.operations import renew, withdraw

PAUSE = timedelta(minutes=15)  # a busy topic sends each watcher one mail in it at most
CLOCKS_APART = timedelta(seconds=5)  # two machines of one installation, at most


@operation
def tell_of(post: Post, *, by: Person | None = None, is_watched: bool = True) -> None:
    """Tell who is named in a published *post*, and soon who watches its topic; *by* wrote it and hears nothing.

    *is_watched*: False where it is known already that nobody does.
    """
    if is_watched:
        _tell_watchers(post, by.id if by is not None else post.author_id)
    tell_mentioned(post, by=by)


def _tell_watchers(post: Post, author: int | None) -> None:
    end = pause_end(clock.now())  # not of its writing: one that was held is news now
    rows = db.session.execute(WATCHERS, {"topic_id": post.topic_id, "but": author or 0})
    # All posts of one pause are one mail. Its key has the end of the pause; the first of them says where it begins.
    tellings = [
        Telling(
            key=f"{DiscussionNotice.TOPIC_POSTED}:{row}:{int(end.timestamp())}",
            person_id=person,
            subject_id=row,
            detail={"after": post.number - 1, "before": end.isoformat()},
        )
        for person, row in rows
    ]
    notify_many(DiscussionNotice.TOPIC_POSTED, tellings, due_at=end + CLOCKS_APART)


@operation
def tell_mentioned(post: Post, *, by: Person | None = None) -> None:
    """Tell each person whom *post* names, once, however often it is changed."""
    author = by.id if by is not None else post.author_id
    tellings = [
        Telling(key=_key_of_mention(post, person), person_id=person, subject_id=post.id)
        for person in mentions.people_in(post.text)
        if person != author
    ]
    notify_many(DiscussionNotice.TOPIC_MENTIONED, tellings)


@operation
def withdraw_telling_of(post: Post) -> None:
    """Others do not read *post* any more: whom it names is not told, if that has not gone out yet.

    Mail about a topic is written of what can be read when it goes out, so nothing of it need be withdrawn.
    """
    withdraw([_key_of_mention(post, person) for person in mentions.people_in(post.text)])


@operation
def renew_telling_of(post: Post) -> None:
    """Others read *post* again: whom it names is told, if they were not before it was taken away."""
    renew([_key_of_mention(post, person) for person in mentions.people_in(post.text)])


def _key_of_mention(post: Post, person_id: int) -> str:
    return f"{DiscussionNotice.TOPIC_MENTIONED}:{post.id}:{person_id}"


def pause_end(moment: datetime) -> datetime:
    """When the pause ends that *moment* falls into."""
    seconds = int(PAUSE.total_seconds())
    return datetime.fromtimestamp((int(moment.timestamp()) // seconds + 1) * seconds, UTC)
