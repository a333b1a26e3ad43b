"""What everybody reads: forums, topics, a post's own address."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, request
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.accounts.models import STAFF, Person
from forum.core import clock
from forum.core.access import public
from forum.core.shared_pages import shared_page
from forum.discussions import policy
from forum.discussions.models import Audience, Topic
from forum.discussions.views import board_page, topic_page
from forum.discussions.views.finding import forum_or_404, is_verified_for, post_or_404, topic_or_404
from forum.discussions.views.own import TakingPart, Unread
from forum.discussions.views.pages import blueprint
from forum.extensions import db


@blueprint.get("/forums")
@public
def list_forums() -> str | Response:
    """Forums, and what was lately written in."""
    return shared_page(
        "discussions/list_forums.html",
        board_page.forums_context,
        alone=current_user.is_authenticated,  # some forums are for residents, and everybody mutes their own
        unread=Unread(),
    )


@blueprint.get("/forums/<slug>")
@public
def forum(slug: str) -> str | Response:
    """The topics of one forum."""
    found = forum_or_404(slug)
    return shared_page(
        "discussions/forum.html",
        lambda: board_page.forum_context(found, request.args),
        alone=found.readers is not Audience.EVERYONE or current_user.is_staff,
        may_start=policy.can_start(current_user, found, verified=is_verified_for(found)),
        unread=Unread(),
    )


@blueprint.get("/topics/<int:topic_id>-<slug>")
@public
def topic(topic_id: int, slug: str) -> str | Response:
    """A page of a topic."""
    found = topic_or_404(topic_id)
    if found.id != topic_id or slug != found.slug:
        return redirect(board_page.topic_url(found), 302 if found.id != topic_id else 301)
    return shared_page(
        "discussions/topic.html",
        lambda: topic_page.context(found, request.args),  # what is kept for everyone, a visitor finds too
        alone=not _is_everyones(found),
        taking_part=TakingPart(found),
    )


@blueprint.get("/topics/<int:topic_id>")
@public
def topic_without_words(topic_id: int) -> Response:
    """The address without its words leads to the whole one."""
    return redirect(board_page.topic_url(topic_or_404(topic_id)), 301)


@blueprint.get("/posts/<int:post_id>")
@public
def post(post_id: int) -> Response:
    """A post's own address: the page of its topic that begins with it."""
    found = post_or_404(post_id)
    return redirect(
        board_page.topic_url(found.topic, **topic_page.page_of(found), anchor=f"post-{found.number}"), 303
    )


@blueprint.get("/people/<int:person_id>")
@public
def person(person_id: int) -> str | Response:
    """Somebody who works for the agency: what they do, and how to reach them."""

    def make() -> dict[str, Any]:
        found = db.session.get(Person, person_id)
        if found is None or found.role not in STAFF or not found.is_active:
            abort(404)
        return {"person": found}

    return shared_page("discussions/person.html", make)


def _is_everyones(topic: Topic) -> bool:
    """Whether this reader sees what a visitor sees."""
    return (
        topic.forum.readers is Audience.EVERYONE
        and topic.published_at is not None
        and topic.is_open(clock.now())
        and not current_user.is_staff
    )
