"""Reading on, following, reacting, keeping: small forms that lead back to where one was."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.core.access import safe_next, signed_in
from forum.core.errors import Refusal
from forum.discussions.models import Interest, Post, ReactionKind, Topic
from forum.discussions.operations import taking_part
from forum.discussions.queries.taking_part import reader_of
from forum.discussions.views import board_page
from forum.discussions.views.finding import number_of, post_or_404, topic_or_404
from forum.discussions.views.pages import blueprint
from forum.extensions import db


@blueprint.post("/topics/<int:topic_id>/read")
@signed_in
def mark_read(topic_id: int) -> Response | tuple[str, int]:
    """They have read up to ``number``. The page's script sends it as they read, and asks for no page."""
    topic = topic_or_404(topic_id)
    taking_part.mark_read(actor=current_user, topic=topic, number=number_of(request.form.get("number")))
    if request.form.get("quiet"):
        return "", 204
    return _back(topic)


@blueprint.get("/topics/<int:topic_id>/unread")
@signed_in
def first_unread(topic_id: int) -> Response:
    """The page by time that begins with what they have not read yet; the last post where all is read."""
    topic = topic_or_404(topic_id)
    row = db.session.scalars(reader_of(current_user.id, topic.id)).one_or_none()
    read = min(row.read_number if row else 0, max(0, topic.last_number - 1))
    return redirect(board_page.topic_url(topic, view="time", after=read, anchor=f"post-{read + 1}"), 303)


@blueprint.post("/topics/<int:topic_id>/interest")
@signed_in
def set_interest(topic_id: int) -> Response:
    """Follow, watch, mute, or none of these."""
    topic, wanted = topic_or_404(topic_id), request.form.get("interest")
    said = {
        Interest.FOLLOW: _("You follow this topic: it stands in your list."),
        Interest.MUTE: _("Muted. It does not come up among what was lately written in."),
        Interest.NONE: _("You no longer follow this topic."),
        Interest.WATCH: _("You watch this topic: we mail you when somebody writes."),
    }
    if wanted in list(Interest):
        taking_part.set_interest(actor=current_user, topic=topic, interest=Interest(wanted))
        flash(said[Interest(wanted)], "success")
    return _back(topic, "interest")


@blueprint.post("/posts/<int:post_id>/react")
@signed_in
def react(post_id: int) -> Response:
    """Say one of the three words, or take it back."""
    post, kind = post_or_404(post_id), request.form.get("kind")
    if kind in list(ReactionKind):
        try:
            taking_part.react(actor=current_user, post=post, kind=ReactionKind(kind))
        except Refusal as refusal:
            flash(str(refusal), "error")
    return _back_to_post(post)


@blueprint.post("/posts/<int:post_id>/bookmark")
@signed_in
def bookmark(post_id: int) -> Response:
    """Keep it (``keep=1``), or no longer."""
    post, keep = post_or_404(post_id), request.form.get("keep") == "1"
    try:
        taking_part.set_bookmark(actor=current_user, post=post, keep=keep)
    except Refusal as refusal:
        flash(str(refusal), "error")
    return _back_to_post(post)


def _back_to_post(post: Post) -> Response:
    own = url_for("discussions.post", post_id=post.id)
    target = safe_next(request.form.get("next"), own)
    return redirect(target if target == own else f"{target.partition('#')[0]}#post-{post.number}", 303)


def _back(topic: Topic, anchor: str = "") -> Response:
    """To the page that they came from; at *anchor*, so that eyes and keyboard go on where they were."""
    target = safe_next(request.form.get("next"), board_page.topic_url(topic))
    return redirect(f"{target.partition('#')[0]}#{anchor}" if anchor else target, 303)
