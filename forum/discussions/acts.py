"""What the ledger calls the acts of this slice, and what people are told."""

from __future__ import annotations

from enum import StrEnum


class DiscussionAct(StrEnum):
    """Sorted; a word is never given a second meaning."""

    FORUM_CHANGE = "forum.change"
    FORUM_CREATE = "forum.create"
    POST_EDIT_BY_STAFF = "post.edit_by_staff"
    POST_HIDE = "post.hide"
    POST_OFFICIAL = "post.official"
    POST_SHOW = "post.show"
    RESIDENT_UNVERIFY = "resident.unverify"
    RESIDENT_VERIFY = "resident.verify"
    TOPIC_ARCHIVE = "topic.archive"
    TOPIC_LOCK = "topic.lock"
    TOPIC_MERGE = "topic.merge"
    TOPIC_MOVE = "topic.move"
    TOPIC_PIN = "topic.pin"
    TOPIC_SCHEDULE = "topic.schedule"
    TOPIC_SLOW = "topic.slow"
    TOPIC_SPLIT = "topic.split"
    VEIL_LIFT = "veil.lift"


class DiscussionNotice(StrEnum):
    """What people are told by mail."""

    TOPIC_ANSWERED = "topic.answered"
    TOPIC_MENTIONED = "topic.mentioned"
    TOPIC_POSTED = "topic.posted"
