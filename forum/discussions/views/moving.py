"""Moving within a topic: to a date, and what is new since somebody opened the page."""

from __future__ import annotations

from datetime import date, datetime, time

from flask import jsonify, redirect, request
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.core import clock
from forum.core.access import public
from forum.discussions.queries import posts
from forum.discussions.queries.taking_part import count_since
from forum.discussions.views import board_page
from forum.discussions.views.finding import number_of, topic_or_404
from forum.discussions.views.pages import blueprint
from forum.extensions import db

MOST = 99


@blueprint.get("/topics/<int:topic_id>/on")
@public
def on_day(topic_id: int) -> Response:
    """The page by time that begins with the first post of ``day`` or after; its end for a day after the last."""
    topic = topic_or_404(topic_id)
    try:
        day = date.fromisoformat(request.args.get("day", "")[:10])
        moment = clock.to_utc(datetime.combine(day, time()), clock.agency_zone())
    except (ValueError, OverflowError):
        return redirect(board_page.topic_url(topic, view="time"), 303)
    number = db.session.scalar(posts.number_on(topic.id, moment)) or topic.last_number
    target = board_page.topic_url(topic, view="time", after=max(0, number - 1), anchor=f"post-{number}")
    return redirect(target, 303)


@blueprint.get("/topics/<int:topic_id>/since")
@public
def since(topic_id: int) -> Response:
    """How many posts came after ``number``, in words, with where they begin; asked by a page that stays open."""
    topic, number = topic_or_404(topic_id), number_of(request.args.get("number"))
    count, last = db.session.execute(count_since(topic.id, number, MOST)).one()
    answer = jsonify(
        {
            "count": count,
            "last": last or number,
            "words": ngettext("%(num)s new post", "%(num)s new posts", count),
            "url": board_page.topic_url(topic, view="time", after=number, anchor=f"post-{number + 1}"),
        }
    )
    if current_user.is_authenticated:
        answer.headers["Cache-Control"] = "private, no-cache"  # kept by the browser, asked for each time
        answer.set_etag(f"{topic.id}-{number}-{count}-{last}")
        answer.make_conditional(request)
    return answer
