"""Starting a poll in a topic, changing it, and voting."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from flask import Response as FlaskResponse
from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.core import clock
from forum.core.access import require, signed_in
from forum.core.errors import Refusal
from forum.core.forms import unprocessable
from forum.discussions import policy
from forum.discussions.forms import PollForm
from forum.discussions.models import Poll, Topic
from forum.discussions.operations import polls as operations
from forum.discussions.operations.moderating_polls import KIND
from forum.discussions.queries import polls
from forum.discussions.views import board_page
from forum.discussions.views.finding import number_of, reader_is_verified, topic_or_404
from forum.discussions.views.gentle import questions_about
from forum.discussions.views.pages import blueprint
from forum.discussions.views.rescuing import kept
from forum.discussions.views.wanted import wanted
from forum.extensions import db
from forum.moderation.queries.cases import code_for

TEMPLATE = "discussions/poll_form.html"


@blueprint.get("/topics/<int:topic_id>/poll")
@signed_in
def new_poll(topic_id: int) -> str:
    """An empty form."""
    return render_template(TEMPLATE, **_asking(topic_id, PollForm()))


@blueprint.post("/topics/<int:topic_id>/poll")
@signed_in
def save_poll(topic_id: int) -> str | Response:
    """Start it, or the form again with what to mend."""
    form, topic = PollForm(), topic_or_404(topic_id)
    start = partial(operations.start_poll, actor=current_user, topic=topic)
    return _sent(topic, form, start, _asking(topic_id, form))


@blueprint.get("/topics/<int:topic_id>/poll/edit")
@signed_in
def edit_poll(topic_id: int) -> str:
    """The form with what the poll says now."""
    poll = _own_poll(topic_id)
    return render_template(TEMPLATE, **_changing(poll, PollForm(**PollForm.saying(poll))))


@blueprint.post("/topics/<int:topic_id>/poll/edit")
@signed_in
def save_edited_poll(topic_id: int) -> str | Response:
    """Change it, or the form again with what to mend."""
    poll, form = _own_poll(topic_id), PollForm()
    change = partial(operations.edit_poll, actor=current_user, poll=poll)
    return _sent(poll.topic, form, change, _changing(poll, form))


@blueprint.get("/topics/<int:topic_id>/poll/why")
@signed_in
def poll_why(topic_id: int) -> Response:
    """To who made it: what became of it, by which rule, and what they can do."""
    poll = _poll_or_404(topic_id)
    code = db.session.scalar(code_for(KIND, poll.id))
    require(poll.author_id == current_user.id and code is not None)
    return redirect(url_for("moderation.case", code=code), 303)


@blueprint.post("/topics/<int:topic_id>/vote")
@signed_in
def vote(topic_id: int) -> Response:
    """Count what they chose, in place of what they chose before."""
    poll = _poll_or_404(topic_id)
    chosen = [number_of(text) for text in request.form.getlist("option")]
    try:
        operations.vote(actor=current_user, poll=poll, option_ids=chosen)
        flash(_("Your vote counts. You can change it while the poll is open."), "success")
    except Refusal as refusal:
        flash(str(refusal), "error")
    return redirect(board_page.topic_url(poll.topic, anchor="poll"), 303)


def rescue() -> FlaskResponse:
    """What was typed, with a new token: as for a post."""
    return kept(PollForm(), ("question", "options", "several", "closes_on"))


def _sent(
    topic: Topic, form: PollForm, save: Callable[..., Poll], context: Mapping[str, object]
) -> str | Response:
    """*save* what was asked; or the form once more, with a gentle question or with what to mend."""
    asked = questions_about(form, form.words) if form.validate() else []
    if asked:
        return render_template(TEMPLATE, questions=asked, **context)
    if not form.has_errors:
        try:
            poll = save(**form.asked())
            flash(
                _("Your poll is there.") if poll.is_shown else _("Your poll waits: a person reads it first."),
                "success",
            )
            return redirect(board_page.topic_url(topic), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    return unprocessable(TEMPLATE, **context)


def _poll_or_404(topic_id: int) -> Poll:
    return db.session.scalars(polls.poll_of(topic_or_404(topic_id).id)).one_or_none() or abort(404)


def _own_poll(topic_id: int) -> Poll:
    """The topic's poll, where the reader may change it."""
    poll = _poll_or_404(topic_id)
    voted = db.session.scalars(polls.votes_for(poll.id).limit(1)).first() is not None
    require(policy.can_edit_poll(current_user, poll, voted=voted))
    return poll


def _asking(topic_id: int, form: PollForm) -> dict[str, object]:
    topic: Topic = topic_or_404(topic_id)
    require(policy.can_poll(current_user, topic, clock.now(), verified=reader_is_verified()))
    return {
        "form": form,
        "topic": topic,
        "topic_url": board_page.topic_url(topic),
        "poll": None,
        "wanted": None,
    }


def _changing(poll: Poll, form: PollForm) -> dict[str, object]:
    topic = poll.topic
    mend = wanted(KIND, poll.id) if poll.given_back else None
    words = {"topic": topic, "topic_url": board_page.topic_url(topic), "poll": poll, "wanted": mend}
    return {**words, "form": form}
