"""Keeping order in a topic: lock, pin, slow mode, schedule, archive, move. Each under the topic's lock, and logged."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _

from forum.accounts.models import Person
from forum.audit.operations import record
from forum.core import clock
from forum.core.db import row_id
from forum.core.errors import Refusal
from forum.core.transactions import operation
from forum.discussions import policy
from forum.discussions.acts import DiscussionAct
from forum.discussions.models import SLOWEST, Forum, Topic, TopicMove, Way
from forum.discussions.operations.states import lock_topic, renew_topic
from forum.discussions.operations.written import kept
from forum.discussions.queries.posts import last_published
from forum.extensions import db

LONGEST_REASON = 300


@operation
def lock_conversation(*, actor: Person, topic: Topic, reason: str) -> None:
    """Take no more posts in *topic*, and say why."""
    topic = hold(actor, topic)
    topic.locked, topic.lock_reason = True, reason_of(reason)
    _log(actor, topic, DiscussionAct.TOPIC_LOCK, locked=True)


@operation
def unlock_conversation(*, actor: Person, topic: Topic) -> None:
    """Take posts again."""
    topic = hold(actor, topic)
    topic.locked, topic.lock_reason = False, ""
    _log(actor, topic, DiscussionAct.TOPIC_LOCK, locked=False)


@operation
def pin_topic(*, actor: Person, topic: Topic, pinned: bool) -> None:
    """Keep *topic* at the top of its forum, or no longer."""
    topic = hold(actor, topic)
    topic.pinned = pinned
    _log(actor, topic, DiscussionAct.TOPIC_PIN, pinned=pinned)


@operation
def slow_down(
    *, actor: Person, topic: Topic, minutes: int, reason: str = "", ends_at: datetime | None = None
) -> None:
    """Let each person post once in so many *minutes* until *ends_at*; no minutes end it now."""
    topic = hold(actor, topic)
    if not 0 <= minutes * 60 <= SLOWEST.total_seconds():
        raise Refusal(_("Give a number of minutes from 1 to 1440."), "minutes")
    if minutes and (ends_at is None or ends_at <= clock.now()):
        raise Refusal(_("Say when slow mode ends: a day and an hour to come."), "ends")
    topic.slow_seconds = minutes * 60
    topic.slow_reason = reason_of(reason) if minutes else ""
    topic.slow_ends_at = ends_at if minutes else None
    _log(actor, topic, DiscussionAct.TOPIC_SLOW, minutes=minutes)


@operation
def schedule_topic(*, actor: Person, topic: Topic, opens_at: datetime | None) -> None:
    """Hide *topic* from all but staff until *opens_at*; None opens it now. It stands in its forum as of that hour."""
    topic = hold(actor, topic)
    if opens_at is not None and not clock.now() < opens_at < clock.now() + timedelta(days=366):
        raise Refusal(_("Choose a day and an hour to come, within a year."), "opens")
    topic.opens_at = opens_at
    refresh_standing(topic)
    renew_topic(topic)
    opens = opens_at.isoformat() if opens_at else None
    _log(actor, topic, DiscussionAct.TOPIC_SCHEDULE, opens_at=opens)


@operation
def archive_topic(*, actor: Person, topic: Topic, archived: bool) -> None:
    """Leave *topic* to be read as it is, or bring it back."""
    topic = hold(actor, topic)
    topic.archived = archived
    _log(actor, topic, DiscussionAct.TOPIC_ARCHIVE, archived=archived)


@operation
def move_topic(*, actor: Person, topic: Topic, forum: Forum, widen: bool = False) -> None:
    """Put *topic* into another forum; to one that more people read only when *widen* says that this is meant."""
    topic = hold(actor, topic)
    if forum.archived:
        raise Refusal(_("That forum is archived and takes no more topics."), "forum")
    require_no_wider(topic.forum, forum, widen)
    before, topic.forum = topic.forum_id, forum
    if before != row_id(forum):
        db.session.add(TopicMove(topic_id=topic.id, way=Way.FROM_FORUM, other_forum_id=before))
    renew_topic(topic)
    _log(actor, topic, DiscussionAct.TOPIC_MOVE, from_forum=before, to_forum=row_id(forum))


def hold(actor: Person, topic: Topic) -> Topic:
    """*topic* under its lock, for somebody who keeps order. Refusal for others, and when it was merged away."""
    held = lock_topic(topic)
    if not policy.can_keep_order(actor):
        raise Refusal(_("Only staff who keep order can do this."))
    if held.merged_into_id is not None:
        raise Refusal(_("This topic was merged into another one."))
    return held


def reason_of(text: str) -> str:
    """A reason as it is kept and shown. Refusal for none, or one that is too long."""
    missing = _("Give a reason. Everybody who reads the topic sees it.")
    return kept(text, "reason", LONGEST_REASON, missing)


def require_no_wider(before: Forum, after: Forum, widen: bool) -> None:
    """Refusal when *after* is read by more people than *before*, unless that is meant."""
    if policy.widens(before.readers, after.readers) and not widen:
        raise Refusal(
            _(
                "More people read that forum: they could read what was written for fewer. Tick the box if you mean it."
            ),
            "widen",
        )


def refresh_standing(topic: Topic) -> None:
    """Set when the topic was last written in to what its posts say; one that opens later stands as of that hour."""
    last = db.session.scalar(last_published(topic.id)) or topic.created_at
    topic.posted_at = max(last, topic.opens_at) if topic.opens_at is not None else last
    db.session.flush()


def _log(actor: Person, topic: Topic, act: DiscussionAct, **detail: object) -> None:
    db.session.flush()
    record(actor=actor, act=act, subject=topic, **detail)
