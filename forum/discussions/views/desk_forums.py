"""The desk's page about the forums: who waits for a word, and how long answers take."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from forum.core import clock
from forum.core.access import staff
from forum.core.languages import page_language
from forum.discussions.policy import KEEPERS
from forum.discussions.queries import answers, boards
from forum.discussions.views.board_page import topic_rows
from forum.discussions.views.pages import blueprint
from forum.extensions import db

LOOKED_BACK = timedelta(days=365)


@blueprint.get("/desk/forums")
@staff(*KEEPERS)
def desk_forums() -> str:
    """Topics without a word of staff, the oldest first; and for each forum how long the agency's answers took."""
    now = clock.now()
    found = list(db.session.scalars(answers.waiting(current_user, now)))
    waited = [waited_words(now - topic.created_at) for topic in found]
    return render_template(
        "discussions/desk_forums.html",
        rows=list(zip(topic_rows(found, with_forum=True), waited, strict=True)),
        most=answers.WAITING,
        forums=_figures(now),
    )


def waited_words(span: timedelta) -> str:
    """«3 days», «5 hours», «12 minutes»: the largest unit that fits, cut, not rounded."""
    if span >= timedelta(days=1):
        return ngettext("%(num)s day", "%(num)s days", span.days)
    if span >= timedelta(hours=1):
        return ngettext("%(num)s hour", "%(num)s hours", span.seconds // 3600)
    return ngettext("%(num)s minute", "%(num)s minutes", span.seconds // 60)


def _figures(now: datetime) -> list[dict[str, Any]]:
    """Of each forum: topics asked, answered, and the median time between."""
    since = now - LOOKED_BACK
    asked = {row[0]: row[1] for row in db.session.execute(answers.asked_count(current_user, since, now))}
    times: dict[int, list[float]] = defaultdict(list)  # seconds
    for forum_id, began, answered in db.session.execute(answers.answer_times(current_user, since, now)):
        times[forum_id].append((answered - began).total_seconds())
    return [
        {
            "name": forum.name(page_language()),
            "asked": asked.get(forum.id, 0),
            "answered": len(times[forum.id]),
            "median": waited_words(timedelta(seconds=median(times[forum.id])))
            if times[forum.id]
            else _("none yet"),
        }
        for forum in db.session.scalars(boards.every_forum())
    ]
