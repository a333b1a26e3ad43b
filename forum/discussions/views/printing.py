"""A whole topic for paper: what this reader may read of it, in the order of time, and nothing to press."""

from __future__ import annotations

from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from forum.core.access import public
from forum.core.languages import page_language, text_direction
from forum.discussions.models import Post, Topic
from forum.discussions.queries import posts
from forum.discussions.views import board_page, pictures, polls_page, topic_page
from forum.discussions.views.finding import number_of, topic_or_404
from forum.discussions.views.pages import blueprint
from forum.extensions import db

MOST = 500  # posts of one page: what a printer takes at once, and what is in memory


@blueprint.get("/topics/<int:topic_id>/print")
@public
def print_topic(topic_id: int) -> str | Response:
    """The posts after number ``after``; longer topics go on, a page at a time."""
    topic = topic_or_404(topic_id)
    if topic.id != topic_id:
        return redirect(url_for("discussions.print_topic", topic_id=topic.id))
    return render_template("discussions/print.html", **_context(topic, number_of(request.args.get("after"))))


def _context(topic: Topic, after: int) -> dict[str, Any]:
    found: list[Post] = list(db.session.scalars(posts.by_time(topic.id, after=after).limit(MOST + 1)))
    shown = found[:MOST]
    last = shown[-1].number if shown else 0
    return {
        "topic": topic,
        "forum_name": topic.forum.name(page_language()),
        "canonical": current_app.config["FORUM"].base_url + board_page.topic_url(topic),
        "rows": _rows(shown),
        "poll": None if after else polls_page.context(topic),
        "posts": board_page.posts_words(topic.posts_count),
        "part": _("Numbers %(first)s to %(last)s", first=shown[0].number, last=last)
        if shown and (after or len(found) > MOST)
        else "",
        "first_url": url_for("discussions.print_topic", topic_id=topic.id) if after else None,
        "more_url": url_for("discussions.print_topic", topic_id=topic.id, after=last)
        if len(found) > MOST
        else None,
        "desk": {
            "language": page_language(),
            "direction": text_direction(page_language()),
            "back_url": board_page.topic_url(topic),
            "back": _("Back to the topic"),
            "hint": _("Print this page with your browser. What stands here is not printed."),
        },
    }


def _rows(shown: list[Post]) -> list[dict[str, Any]]:
    """Each post with the number of what it answers."""
    seen = pictures.of_posts(shown)
    answered = {post.parent_id for post in shown if post.parent_id}
    numbers: dict[int, int] = {}
    if answered:
        numbers = {row.id: row.number for row in db.session.execute(posts.numbers_of(answered))}
    return [
        topic_page.post_row(post, flat=True, seen=seen) | {"answers": numbers.get(post.parent_id or 0)}
        for post in shown
    ]
