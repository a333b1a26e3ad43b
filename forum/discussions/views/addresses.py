"""The addresses of a post, of which a page of twenty has a hundred and twenty."""

from __future__ import annotations

from flask import g, url_for

from forum.core.intake import LARGEST_ID
from forum.discussions.models import Post
from forum.discussions.operations.moderating import KIND

# Numbers that stand for a post's own until it is known; no row has them.
_POST, _TOPIC, _NUMBER = LARGEST_ID, LARGEST_ID - 1, LARGEST_ID - 2


def of(post: Post) -> dict[str, str]:
    """Where *post* is read, answered, quoted, reported, reacted to and kept. Each is built once a request, with numbers
    to be filled in: that takes a tenth of the time of building it."""
    patterns: dict[str, str] | None = g.get("post_addresses")
    if patterns is None:
        patterns = g.post_addresses = {name: _pattern(url) for name, url in _built().items()}
    numbers = {"post": post.id, "topic": post.topic_id, "number": post.number}
    return {name: pattern % numbers for name, pattern in patterns.items()}


def reading() -> str:
    """The pattern of where a post is read, to be filled in with ``{"post": its id}``."""
    return _pattern(url_for("discussions.post", post_id=_POST))


def _built() -> dict[str, str]:
    return {
        "url": url_for("discussions.post", post_id=_POST),
        "reply_url": url_for("discussions.reply", topic_id=_TOPIC, to=_NUMBER),
        "quote_url": url_for("discussions.reply", topic_id=_TOPIC, to=_NUMBER, quote=1),
        "report_url": url_for("moderation.report", kind=KIND, thing_id=_POST),
        "react_url": url_for("discussions.react", post_id=_POST),
        "bookmark_url": url_for("discussions.bookmark", post_id=_POST),
    }


def _pattern(url: str) -> str:
    url = url.replace("%", "%%")
    for number, name in ((_POST, "post"), (_TOPIC, "topic"), (_NUMBER, "number")):
        url = url.replace(str(number), f"%({name})d")
    return url
