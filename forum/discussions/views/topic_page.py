"""What a topic's page shows: a page of posts, as threads or by time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from forum.accounts.models import STAFF
from forum.core import clock, templating
from forum.core.languages import page_language
from forum.discussions.models import Post, PostState, Topic
from forum.discussions.operations.moderating import KIND
from forum.discussions.queries import posts
from forum.discussions.queries.posts import PAGE
from forum.discussions.views.board_page import posts_words, topic_url
from forum.extensions import db

_PATH = re.compile(r"(?:\d{8}\.){1,4}")
_LARGEST = 99_999_999


def context(topic: Topic, args: Mapping[str, str]) -> dict[str, Any]:
    """Template variables of ``discussions/topic.html``; it shows what everybody who reads the forum may see.

    *args*: ``view=time`` for the order of numbers, ``after`` or ``before`` where another page ended.
    """
    by_time = args.get("view") == "time"
    found, earlier, later = _by_time(topic, args) if by_time else _threaded(topic, args)
    view = {"view": "time"} if by_time else {}
    official = db.session.get(Post, topic.official_id) if topic.official_id else None
    return {
        "topic": topic,
        "forum_name": topic.forum.name(page_language()),
        "forum_url": url_for("discussions.forum", slug=topic.forum.slug),
        "tags": [
            (t.word, url_for("discussions.forum", slug=topic.forum.slug, tag=t.word)) for t in topic.tags
        ],
        "posts": posts_words(topic.posts_count),
        "rows": [post_row(post, flat=by_time) for post in found],
        "official": post_row(official, flat=True) if official is not None and official.is_published else None,
        "views": [
            {"label": _("Threads"), "url": topic_url(topic), "current": not by_time},
            {"label": _("By time"), "url": topic_url(topic, view="time"), "current": by_time},
        ],
        "earlier_url": topic_url(topic, **view, before=earlier) if earlier else None,
        "later_url": topic_url(topic, **view, after=later) if later else None,
        "reply_url": url_for("discussions.reply", topic_id=topic.id),
        "slow": _slow_words(topic),
        "closed": topic.locked or topic.archived or topic.forum.archived,
        "canonical": topic_url(topic, _external=True),
    }


def page_of(post: Post) -> dict[str, Any]:
    """The arguments of the page by time that begins with *post*: a permalink leads there."""
    return {"view": "time", "after": post.number - 1} if post.number > 1 else {"view": "time"}


def post_row(post: Post, *, flat: bool) -> dict[str, Any]:
    """One place of a topic, in words; plain values, for the page is kept."""
    author = post.author
    return {
        "id": post.id,
        "number": post.number,
        "depth": 0 if flat else post.depth,
        "to": post.parent_id if flat else None,
        "state": str(post.state),
        "gone": _gone_words(post),
        "html": post.html if post.is_published else "",
        "by": who(post),
        "by_url": url_for("discussions.person", person_id=author.id)
        if author and author.role in STAFF
        else None,
        "badge": author.title or _("Staff") if author is not None and author.role in STAFF else "",
        "author_id": post.author_id,
        "official": post.official_role is not None,
        "when": templating.moment(post.created_at),
        "iso": post.created_at.isoformat(),
        "edited": _("edited %(when)s", when=templating.moment(post.edited_at)) if post.edited_at else "",
        "url": url_for("discussions.post", post_id=post.id),
        "reply_url": url_for("discussions.reply", topic_id=post.topic_id, to=post.number),
        "report_url": url_for("moderation.report", kind=KIND, thing_id=post.id),
    }


def who(post: Post) -> str:
    """The name that stands over a post."""
    if post.resident_of is not None:
        return _("Resident of %(area)s", area=post.resident_of.name)
    return post.author.name if post.author is not None else _("Somebody who left")


def _gone_words(post: Post) -> str:
    if post.state is PostState.DELETED:
        return _("Its author took this post back.")
    if post.state is PostState.HIDDEN:
        return _("Hidden under rule %(rule)s.", rule=post.rule_number) if post.rule_number else _("Hidden.")
    return "" if post.is_published else _("This post waits for a person to read it.")


def _threaded(topic: Topic, args: Mapping[str, str]) -> tuple[list[Post], str, str]:
    before, after = _path(args.get("before", "")), _path(args.get("after", ""))
    wanted = posts.threaded(topic.id, after="" if before else after, before=before).limit(PAGE + 1)
    shown, earlier, later = _cut(list(db.session.scalars(wanted)), before=bool(before), after=bool(after))
    return shown, shown[0].path if earlier else "", shown[-1].path if later else ""


def _by_time(topic: Topic, args: Mapping[str, str]) -> tuple[list[Post], int, int]:
    before, after = _number(args.get("before", "")), _number(args.get("after", ""))
    wanted = posts.by_time(topic.id, after=0 if before else after, before=before).limit(PAGE + 1)
    shown, earlier, later = _cut(list(db.session.scalars(wanted)), before=bool(before), after=bool(after))
    return shown, shown[0].number if earlier else 0, shown[-1].number if later else 0


def _cut(found: list[Post], *, before: bool, after: bool) -> tuple[list[Post], bool, bool]:
    """(the page, whether there is an earlier one, whether there is a later one)."""
    more, shown = len(found) > PAGE, found[:PAGE]
    if before:
        shown.reverse()
    if not shown:
        return [], False, False
    return (shown, more, True) if before else (shown, after, more)


def _slow_words(topic: Topic) -> str:
    if not topic.is_slow(clock.now()):
        return ""
    minutes = max(1, topic.slow_seconds // 60)
    said = _("Slow mode: one post in %(minutes)s min for each person.", minutes=minutes)
    until = _("Until %(when)s.", when=templating.moment(topic.slow_ends_at)) if topic.slow_ends_at else ""
    return " ".join(part for part in (said, topic.slow_reason, until) if part)


def _path(text: str) -> str:
    return text if _PATH.fullmatch(text) else ""


def _number(text: str) -> int:
    return min(int(text), _LARGEST) if text.isascii() and text.isdigit() and len(text) < 12 else 0
