"""What a topic's page shows of its poll: counts alone."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from forum.core import clock, templating
from forum.discussions import policy
from forum.discussions.models import Poll, Topic
from forum.discussions.operations.moderating_polls import KIND
from forum.discussions.queries import polls
from forum.extensions import db


def context(topic: Topic) -> dict[str, Any] | None:
    """The poll in words, None where there is none; plain values, for the page is kept."""
    rows = db.session.execute(polls.COUNTED, {"topic_id": topic.id}).all()
    if not rows:
        return None
    poll: Poll = rows[0][0]
    if not poll.is_shown:
        return _gone(poll, topic)
    people: int = rows[0][3]
    open_ = poll.is_open(clock.now()) and not policy.is_closed(topic)
    edit_url = None if people or policy.is_closed(topic) else _edit_url(topic)
    return {
        "gone": "",
        "question": poll.question,
        "several": poll.several,
        "open": open_,
        "closes": _closes(poll, open_=open_),
        "people": ngettext("%(num)s person has voted.", "%(num)s people have voted.", people),
        "author_id": poll.author_id,
        "edit_url": edit_url,
        "report_url": url_for("moderation.report", kind=KIND, thing_id=poll.id),
        "vote_url": url_for("discussions.vote", topic_id=topic.id),
        "options": [
            {
                "id": option.id,
                "words": option.words,
                "votes": ngettext("%(num)s vote", "%(num)s votes", count),
                "count": count,
                "share": round(100 * count / people) if people else 0,
            }
            for _poll, option, count, _people in rows
        ],
    }


def _edit_url(topic: Topic) -> str:
    return url_for("discussions.edit_poll", topic_id=topic.id)


def _gone(poll: Poll, topic: Topic) -> dict[str, Any]:
    """What stands in the place of a poll that waits or is hidden; none of its words."""
    rule = poll.hidden_rule
    if rule is None:
        said, url = _("The poll of this topic waits for a person to read it."), None
    else:
        said = _("The poll of this topic was hidden under rule %(rule)s.", rule=rule)
        url = url_for("moderation_public.rules", _anchor=f"rule-{rule}")
    why = url_for("discussions.poll_why", topic_id=topic.id)
    edit = _edit_url(topic) if rule is None and not policy.is_closed(topic) else None
    return {"gone": said, "rule_url": url, "why_url": why, "edit_url": edit, "author_id": poll.author_id}


def _closes(poll: Poll, *, open_: bool) -> str:
    if not open_:
        return _("Closed.")
    if poll.closes_at is None:
        return ""
    return _("Open until %(when)s.", when=templating.moment(poll.closes_at))
