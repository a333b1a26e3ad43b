"""What is said by mail about discussions. Words stand in it only where everybody may read them on the site."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from forum.accounts.models import Person
from forum.core import clock, markdown
from forum.core.mail import Message, render
from forum.core.tokens import sealed
from forum.discussions import policy
from forum.discussions.acts import DiscussionNotice
from forum.discussions.models import Audience, Interest, Post, Topic, TopicReader
from forum.discussions.operations.taking_part import STOP
from forum.discussions.queries.boards import is_verified
from forum.discussions.queries.taking_part import reader_with_topic, written_since
from forum.discussions.words import who
from forum.extensions import db
from forum.notifications.models import Notification
from forum.notifications.registry import Recipient, register_message

MOST = 10  # posts with their words in one mail
LONGEST = 600  # characters of each


def register() -> None:
    """Tell the outbox how each kind is worded."""
    register_message(DiscussionNotice.TOPIC_POSTED, posted)
    register_message(DiscussionNotice.TOPIC_MENTIONED, mentioned)


def posted(notification: Notification, to: Recipient) -> Message | None:
    """What is new in a topic that they watch; withdrawn when they read it, stopped, or may not see it any more."""
    row = db.session.scalars(reader_with_topic(notification.subject_id or 0)).one_or_none()
    if row is None or row.interest is not Interest.WATCH or not _may_see(to, row.topic):
        return None
    new = _new_posts(notification, row)
    if not new:
        return None
    topic, stop = row.topic, _stop_url(row)
    message = render(
        "discussions/posted",
        subject=_("New in: %(title)s", title=topic.title),
        title=topic.title,
        count=ngettext("%(num)s new post", "%(num)s new posts", len(new)),
        said=[_said(post) for post in new[:MOST]] if topic.forum.readers is Audience.EVERYONE else [],
        url=_page(topic, view="time", after=new[0].number - 1),
        stop_url=stop,
        reason=_("You get this because you watch this topic."),
        private=topic.forum.readers is not Audience.EVERYONE,
    )
    headers = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return replace(message, headers=message.headers | headers)


def mentioned(notification: Notification, to: Recipient) -> Message | None:
    """Somebody named them; withdrawn when the post is gone."""
    post = db.session.get(Post, notification.subject_id or 0)
    if post is None or not post.is_published or not _may_see(to, post.topic):
        return None
    topic = post.topic
    shown = topic.forum.readers is Audience.EVERYONE
    return render(
        "discussions/mentioned",
        subject=_("You are named in: %(title)s", title=topic.title),
        title=topic.title,
        said=[_said(post)] if shown else [],
        url=url_for("discussions.post", post_id=post.id, _external=True),
        reason=_("You get this because somebody named you or your team."),
        private=not shown,
    )


def _new_posts(notification: Notification, row: TopicReader) -> list[Post]:
    """The posts of this pause that they have not read yet and did not write."""
    before = datetime.fromisoformat(notification.detail["before"])
    after = max(int(notification.detail["after"]), row.read_number)
    found = db.session.scalars(written_since(row.topic_id, after, 100))
    return [post for post in found if post.created_at < before and post.author_id != row.person_id]


def _may_see(to: Recipient, topic: Topic) -> bool:
    person = db.session.get(Person, to.id) if to.id is not None else None
    return person is not None and policy.can_see_topic(
        person, topic, clock.now(), verified=is_verified(person)
    )


def _said(post: Post) -> dict[str, Any]:
    words = markdown.plain(post.text)
    return {"by": who(post), "words": words if len(words) <= LONGEST else words[:LONGEST].rstrip() + " …"}


def _page(topic: Topic, **more: Any) -> str:
    return url_for("discussions.topic", topic_id=topic.id, slug=topic.slug, _external=True, **more)


def _stop_url(row: TopicReader) -> str:
    return url_for("discussions.stop_watching", token=sealed(row.id, STOP), _external=True)
