"""Starting a poll in a topic, and voting."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.core import clock
from forum.core.access import require, signed_in
from forum.core.errors import Refusal
from forum.core.forms import unprocessable
from forum.discussions import policy
from forum.discussions.forms import PollForm
from forum.discussions.models import Topic
from forum.discussions.operations import polls as operations
from forum.discussions.queries import polls
from forum.discussions.views import board_page
from forum.discussions.views.finding import number_of, reader_is_verified, topic_or_404
from forum.discussions.views.pages import blueprint
from forum.extensions import db


@blueprint.get("/topics/<int:topic_id>/poll")
@signed_in
def new_poll(topic_id: int) -> str:
    """An empty form."""
    return render_template("discussions/new_poll.html", **_asking(topic_id, PollForm()))


@blueprint.post("/topics/<int:topic_id>/poll")
@signed_in
def save_poll(topic_id: int) -> str | Response:
    """Start it, or the form again with what to mend."""
    form, topic = PollForm(), topic_or_404(topic_id)
    require(policy.can_poll(current_user, topic, clock.now(), verified=reader_is_verified()))
    if form.validate():
        try:
            operations.start_poll(actor=current_user, topic=topic, **form.asked())
            flash(_("Your poll is there."), "success")
            return redirect(board_page.topic_url(topic), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    return unprocessable("discussions/new_poll.html", **_asking(topic_id, form))


@blueprint.post("/topics/<int:topic_id>/vote")
@signed_in
def vote(topic_id: int) -> Response:
    """Count what they chose, in place of what they chose before."""
    topic = topic_or_404(topic_id)
    poll = db.session.scalars(polls.poll_of(topic.id)).one_or_none() or abort(404)
    chosen = [number_of(text) for text in request.form.getlist("option")]
    try:
        operations.vote(actor=current_user, poll=poll, option_ids=chosen)
        flash(_("Your vote counts. You can change it while the poll is open."), "success")
    except Refusal as refusal:
        flash(str(refusal), "error")
    return redirect(board_page.topic_url(topic, _anchor="poll"), 303)


def _asking(topic_id: int, form: PollForm) -> dict[str, object]:
    topic: Topic = topic_or_404(topic_id)
    require(policy.can_poll(current_user, topic, clock.now(), verified=reader_is_verified()))
    return {"form": form, "topic": topic, "topic_url": board_page.topic_url(topic)}
