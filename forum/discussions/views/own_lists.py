"""A reader's own lists, bookmarks and topics; and the link in mail that ends a watch."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import abort, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.core import clock
from forum.core.access import public_uncached, signed_in
from forum.core.headers import accepts_cross_site
from forum.core.intake import LARGEST_ID
from forum.core.shared_pages import shared_page
from forum.core.tokens import unsealed
from forum.discussions.models import Bookmark, TopicReader
from forum.discussions.operations.taking_part import STOP, stop_watching
from forum.discussions.queries import taking_part
from forum.discussions.queries.taking_part import PAGE
from forum.discussions.views import board_page, pictures, topic_page
from forum.discussions.views.finding import number_of, reader_is_verified
from forum.discussions.views.own import Unread
from forum.discussions.views.pages import blueprint
from forum.discussions.views.pictures import Shown
from forum.extensions import csrf, db


@blueprint.get("/account/bookmarks")
@signed_in
def bookmarks() -> str:
    """Posts that they keep, the newest first."""
    before = number_of(request.args.get("before"))
    wanted = taking_part.bookmarks_of(current_user, clock.now(), before=before, verified=reader_is_verified())
    found: list[Bookmark] = list(db.session.scalars(wanted.limit(PAGE + 1)))
    shown = found[:PAGE]
    seen = pictures.of_posts(bookmark.post for bookmark in shown)
    more = url_for("discussions.bookmarks", before=shown[-1].id) if len(found) > PAGE else None
    return render_template(
        "discussions/bookmarks.html",
        rows=[_kept(bookmark, seen) for bookmark in shown],
        first_url=url_for("discussions.bookmarks") if before else None,
        more_url=more,
    )


@blueprint.get("/account/topics")
@signed_in
def followed() -> str | Response:
    """Topics that they follow or watch, lately written in first."""
    return shared_page("discussions/followed.html", _followed, alone=True, unread=Unread())


@blueprint.get("/topics/stop/<token>")
@public_uncached
def stop_watching_ask(token: str) -> str:
    """A button: scanners of mail follow every link."""
    if unsealed(token, STOP) is None:
        abort(404)
    return render_template("discussions/stop_watching.html", token=token, stopped=False)


@blueprint.post("/topics/stop/<token>", endpoint="stop_watching")
@csrf.exempt
@accepts_cross_site
@public_uncached
def stop_watching_post(token: str) -> str:
    """End it, whatever the body says and however often it comes (RFC 8058)."""
    if not stop_watching(token):
        abort(404)
    return render_template("discussions/stop_watching.html", token=token, stopped=True)


def _followed() -> dict[str, Any]:
    after = _key(request.args.get("after", ""))
    wanted = taking_part.followed_by(current_user, clock.now(), after=after, verified=reader_is_verified())
    found: list[TopicReader] = list(db.session.scalars(wanted.limit(PAGE + 1)))
    more = url_for("discussions.followed", after=_key_text(found[PAGE - 1])) if len(found) > PAGE else None
    return {
        "rows": board_page.topic_rows((row.topic for row in found[:PAGE]), with_forum=True),
        "first_url": url_for("discussions.followed") if after else None,
        "more_url": more,
    }


def _kept(bookmark: Bookmark, seen: dict[int, list[Shown]]) -> dict[str, Any]:
    topic = bookmark.post.topic
    row = topic_page.post_row(bookmark.post, flat=True, seen=seen)
    return {"post": row, "topic": topic.title, "topic_url": board_page.topic_url(topic)}


def _key_text(row: TopicReader) -> str:
    return f"{row.topic.posted_at:%Y%m%dT%H%M%S%f}-{row.topic.id}"


def _key(text: str) -> tuple[datetime, int] | None:
    stamp, _hyphen, row = text.partition("-")
    try:
        key = datetime.strptime(f"{stamp}+0000", "%Y%m%dT%H%M%S%f%z"), int(row[:12])
    except ValueError:
        return None
    return key if 0 <= key[1] <= LARGEST_ID else None
