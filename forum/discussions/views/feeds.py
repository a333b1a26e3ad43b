"""Atom feeds of forums and topics that everybody may read; of others there is none, for nobody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask import abort, current_app, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from forum.accounts.models import Visitor
from forum.core import clock
from forum.core.access import public
from forum.core.feeds import ATOM, AtomEntry, atom, feed_response
from forum.core.languages import page_language
from forum.discussions.feeds import post_entries, topic_entries
from forum.discussions.queries import posts, topics
from forum.discussions.views import board_page
from forum.discussions.views.finding import forum_for, topic_for
from forum.discussions.views.pages import blueprint
from forum.extensions import db

ENTRIES = 30


@blueprint.get("/forums/<slug>.atom")
@public
def forum_feed(slug: str) -> Response:
    """The topics of a forum, lately written in first."""
    found = forum_for(Visitor(), slug) or abort(404)
    rows = list(db.session.scalars(topics.lately_of(Visitor(), found, clock.now()).limit(ENTRIES)))
    first = {post.topic_id: post for post in db.session.scalars(posts.first_of([row.id for row in rows]))}
    base = current_app.config["FORUM"].base_url
    return _feed(
        title=found.name(page_language()),
        path=f"/forums/{found.slug}",
        updated=max((row.posted_at for row in rows), default=found.created_at),
        entries=topic_entries(rows, first, base_url=base),
    )


@blueprint.get("/topics/<int:topic_id>.atom")
@public
def topic_feed(topic_id: int) -> Response:
    """The posts of a topic, the newest first."""
    found = topic_for(Visitor(), topic_id)
    if found is None or found.merged_into_id is not None:
        abort(404)
    rows = list(db.session.scalars(posts.newest_in(found.id, ENTRIES)))
    base = current_app.config["FORUM"].base_url
    return _feed(
        title=found.title,
        path=board_page.topic_url(found),
        updated=max((row.edited_at or row.created_at for row in rows), default=found.created_at),
        entries=post_entries(found, rows, base_url=base),
    )


def _feed(*, title: str, path: str, updated: datetime, entries: Iterable[AtomEntry]) -> Response:
    """What is hidden or taken back leaves no moment behind, so the tag alone tells a reader that nothing changed."""
    config = current_app.config["FORUM"]
    body = atom(
        feed_id=config.base_url + request.path,
        title=_("%(agency)s: %(what)s", agency=config.agency_name, what=title),
        self_url=config.base_url + request.path,
        alternate_url=config.base_url + path,
        updated=updated,
        entries=entries,
        author=config.agency_name,
        language=page_language(),
    )
    return feed_response(body, content_type=ATOM, last_modified=clock.now())
