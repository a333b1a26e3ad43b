"""What the list of forums and one forum's page show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from forum.core import clock, templating
from forum.core.intake import LARGEST_ID
from forum.core.languages import page_language
from forum.discussions.models import Audience, Forum, Topic
from forum.discussions.queries import boards, topics, veils
from forum.discussions.queries.topics import PAGE, Key
from forum.discussions.views.finding import reader_is_verified
from forum.extensions import db

NEWEST = 8


def forums_context() -> dict[str, Any]:
    """Template variables of ``discussions/list_forums.html``."""
    verified, now, language = reader_is_verified(), clock.now(), page_language()
    found = list(db.session.scalars(boards.forums(current_user, verified=verified)))
    counts = topics.counts(current_user, [f.id for f in found], now)
    counted = {row[0]: row for row in db.session.execute(counts)}
    lately = db.session.scalars(topics.newest(current_user, now, NEWEST, verified=verified))
    return {
        "forums": [_forum_row(forum, counted.get(forum.id), language) for forum in found],
        "lately": topic_rows(lately, with_forum=True),
        "liftings": db.session.scalar(veils.liftings()) or 0,
    }


def forum_context(forum: Forum, args: Mapping[str, str]) -> dict[str, Any]:
    """Template variables of ``discussions/forum.html``; *args* may hold ``tag`` and ``after``, where a page ended."""
    tag = " ".join(args.get("tag", "")[:40].lower().split())
    after = _key(args.get("after", ""))
    wanted = topics.topics_of(current_user, forum, clock.now(), tag=tag, after=after, verified=None)
    found = list(db.session.scalars(wanted.limit(PAGE + 1)))
    shown = found[:PAGE]
    here: dict[str, Any] = {"slug": forum.slug, "tag": tag or None}
    return {
        "forum": forum,
        "name": forum.name(page_language()),
        "about": forum.about(page_language()),
        "rows": topic_rows(shown),
        "tag": tag,
        "feed_url": url_for("discussions.forum_feed", slug=forum.slug)
        if forum.readers is Audience.EVERYONE
        else None,
        "start_url": None if forum.archived else url_for("discussions.new_topic", slug=forum.slug),
        "first_url": url_for("discussions.forum", **here) if after else None,
        "more_url": url_for("discussions.forum", **here, after=_key_text(shown[-1]))
        if len(found) > PAGE
        else None,
    }


def topic_rows(found: Iterable[Topic], *, with_forum: bool = False) -> list[dict[str, Any]]:
    """The lines of a list of topics, in words."""
    language, listed = page_language(), list(found)
    page_ids = [topic.id for topic in listed]
    return [
        {
            "id": topic.id,
            "last": topic.last_number,
            "page_ids": page_ids,  # what is unread of the whole list is asked at once
            "title": topic.title,
            "url": topic_url(topic),
            "forum": topic.forum.name(language) if with_forum else "",
            "by": topic.author.name if topic.author else "",
            "tags": [tag.word for tag in topic.tags],
            "posts": posts_words(topic.posts_count),
            "when": templating.moment(topic.posted_at),
            "iso": topic.posted_at.isoformat(),
            "pinned": topic.pinned,
            "locked": topic.locked or topic.archived,
            "answered": topic.official_id is not None,
        }
        for topic in listed
    ]


def topic_url(topic: Topic, *, anchor: str = "", **more: str | int) -> str:
    """The address of a topic, with *more*, numbers and words of ours, after its question mark, and of a place in its
    page."""
    query = "?" + "&".join(f"{name}={value}" for name, value in more.items()) if more else ""
    return f"{_topics(request.script_root)}{topic.id}-{topic.slug}{query}{f'#{anchor}' if anchor else ''}"


@lru_cache(maxsize=8)
def _topics(_root: str) -> str:
    """What their addresses begin with, below this root of the site: to build each takes as long as two queries."""
    return url_for("discussions.topic", topic_id=0, slug="-").removesuffix("0--")


def posts_words(count: int) -> str:
    """«3 posts»."""
    return ngettext("%(num)s post", "%(num)s posts", count)


def _forum_row(forum: Forum, counted: Any, language: str) -> dict[str, Any]:
    last = counted[3] if counted else None
    if last is not None and last.tzinfo is None:  # SQLite's max() gives naive UTC
        last = last.replace(tzinfo=UTC)
    topics_count = counted[1] if counted else 0
    return {
        "name": forum.name(language),
        "about": forum.about(language),
        "url": url_for("discussions.forum", slug=forum.slug),
        "topics": ngettext("%(num)s topic", "%(num)s topics", topics_count),
        "posts": posts_words(int(counted[2]) if counted else 0),
        "last": _("last post %(when)s", when=templating.moment(last)) if last else "",
        "archived": forum.archived,
    }


def _key_text(topic: Topic) -> str:
    return f"{int(topic.pinned)}-{topic.posted_at:%Y%m%dT%H%M%S%f}-{topic.id}"


def _key(text: str) -> Key | None:
    pinned, _hyphen, rest = text.partition("-")
    stamp, _hyphen, row = rest.partition("-")
    try:
        key = pinned == "1", datetime.strptime(f"{stamp}+0000", "%Y%m%dT%H%M%S%f%z"), int(row[:12])
    except ValueError:
        return None
    return key if 0 <= key[2] <= LARGEST_ID else None
