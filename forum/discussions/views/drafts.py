"""A reader's own drafts: where each was begun, how it begins, and the way on."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.core import clock, markdown, templating
from forum.core.access import signed_in
from forum.core.languages import page_language
from forum.discussions.models import Draft, Forum, Topic
from forum.discussions.operations.drafting import forget_draft
from forum.discussions.queries.drafts import drafts_of, forums_among, topics_among
from forum.discussions.views.finding import reader_is_verified
from forum.discussions.views.pages import blueprint
from forum.extensions import db

LONGEST = 200  # characters that are shown of one
_PLACE = re.compile(r"(forum|topic) (\d{1,9})(?: to (\d{1,9}))?")  # models/draft.py


@blueprint.get("/account/drafts")
@signed_in
def drafts() -> str:
    """What they began to write and have not sent."""
    found = list(db.session.scalars(drafts_of(current_user.id)))
    places = {draft.place: match for draft in found if (match := _PLACE.fullmatch(draft.place))}
    wanted = {
        kind: {int(match[2]) for match in places.values() if match[1] == kind} for kind in ("forum", "topic")
    }
    forums, topics = _forums(wanted["forum"]), _topics(wanted["topic"])
    rows = [_row(draft, _where(places.get(draft.place), forums, topics)) for draft in found]
    return render_template("discussions/drafts.html", rows=rows)


@blueprint.post("/account/drafts")
@signed_in
def throw_away() -> Response:
    """Throw one away, with the pictures that wait in it."""
    forget_draft(actor=current_user, place=request.form.get("place", "")[:48])
    flash(_("The draft is gone."), "success")
    return redirect(url_for("discussions.drafts"), 303)


def _row(draft: Draft, where: tuple[str, str]) -> dict[str, Any]:
    words = " ".join(markdown.plain(draft.text).split())
    return {
        "place": draft.place,
        "where": where[0],
        "url": where[1],
        "title": draft.title,
        "text": words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "…",
        "when": templating.moment(draft.kept_at),
    }


def _where(
    match: re.Match[str] | None, forums: dict[int, Forum], topics: dict[int, Topic]
) -> tuple[str, str]:
    """Words for the place and the address of its form; no address where it is nothing that they read now."""
    if match is not None and match[1] == "forum" and (forum := forums.get(int(match[2]))):
        url = url_for("discussions.new_topic", slug=forum.slug)
        return _("A new topic in %(forum)s", forum=forum.name(page_language())), url
    if match is not None and match[1] == "topic" and (topic := topics.get(int(match[2]))):
        url = url_for("discussions.reply", topic_id=topic.id, to=match[3])
        return _("A reply in “%(topic)s”", topic=topic.title), url
    return _("A place that you cannot read any more"), ""


def _forums(ids: Collection[int]) -> dict[int, Forum]:
    wanted = forums_among(current_user, ids, verified=reader_is_verified())
    return {forum.id: forum for forum in db.session.scalars(wanted)} if ids else {}


def _topics(ids: Collection[int]) -> dict[int, Topic]:
    wanted = topics_among(current_user, ids, clock.now(), verified=reader_is_verified())
    return {topic.id: topic for topic in db.session.scalars(wanted)} if ids else {}
