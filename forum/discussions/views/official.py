"""Saying which post is the agency's answer."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.core.access import require, staff
from forum.discussions import policy
from forum.discussions.operations.official import mark_official, unmark_official
from forum.discussions.policy import ANSWERERS
from forum.discussions.views.finding import post_or_404
from forum.discussions.views.pages import blueprint


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
