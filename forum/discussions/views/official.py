"""Saying which post is the agency's answer, and what staff changed in a post."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.core import templating
from forum.core.access import public, require, staff
from forum.core.shared_pages import shared_page
from forum.discussions import policy
from forum.discussions.differences import differences
from forum.discussions.models import Audience, Post
from forum.discussions.operations.official import mark_official, unmark_official
from forum.discussions.policy import ANSWERERS
from forum.discussions.queries import posts
from forum.discussions.views.finding import post_or_404
from forum.discussions.views.pages import blueprint
from forum.discussions.words import picture_changes
from forum.extensions import db


@blueprint.post("/posts/<int:post_id>/official")
@staff(*ANSWERERS)
def mark(post_id: int) -> Response:
    """Make it the agency's answer."""
    post = post_or_404(post_id)
    require(policy.can_mark_official(current_user, post))
    mark_official(actor=current_user, post=post)
    flash(_("This is the agency’s answer now."), "success")
    return redirect(url_for("discussions.post", post_id=post_id), 303)


@blueprint.post("/posts/<int:post_id>/not-official")
@staff(*ANSWERERS)
def unmark(post_id: int) -> Response:
    """It is not the agency's answer after all."""
    unmark_official(actor=current_user, post=post_or_404(post_id))
    flash(_("It is no longer the agency’s answer."), "success")
    return redirect(url_for("discussions.post", post_id=post_id), 303)


@blueprint.get("/posts/<int:post_id>/history")
@public
def history(post_id: int) -> str | Response:
    """What staff changed in a post, word by word; of its author's own edits only that there were some."""
    found = post_or_404(post_id)
    require(found.is_published)
    return shared_page(
        "discussions/history.html",
        lambda: _history(post_or_404(post_id)),
        alone=found.topic.forum.readers is not Audience.EVERYONE or current_user.is_staff,
    )


def _history(post: Post) -> dict[str, Any]:
    kept = list(db.session.scalars(posts.revisions(post.id)))
    after = [*(revision.text for revision in kept), post.text][1:]
    return {
        "post_url": url_for("discussions.post", post_id=post.id),
        "title": post.topic.title,
        "edits": [
            {
                "by_staff": revision.by_staff,
                "when": templating.moment(revision.at),
                "pictures": picture_changes(revision) if revision.by_staff else [],
                "pieces": differences(revision.text, text) if revision.by_staff and revision.text else [],
            }
            for revision, text in zip(kept, after, strict=True)
        ],
    }
