"""Keeping order in a topic: one page with everything that staff can do to it, and one for splitting it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.core import clock
from forum.core.access import require, staff
from forum.core.errors import Refusal
from forum.core.forms import Form, unprocessable
from forum.core.languages import page_language
from forum.discussions.forms_order import (
    LockForm,
    MergeForm,
    MoveForm,
    ScheduleForm,
    SlowForm,
    SplitForm,
    moment_of,
)
from forum.discussions.models import Forum, Topic
from forum.discussions.operations import joining, order
from forum.discussions.policy import KEEPERS
from forum.discussions.queries import boards, posts
from forum.discussions.views import board_page, topic_page
from forum.discussions.views.finding import topic_for, topic_or_404
from forum.discussions.views.pages import blueprint
from forum.extensions import db

_NUMBER = re.compile(r"(?:.*/topics/)?(\d{1,9})\b.*", re.DOTALL)
SPLIT_PAGE = 40

FORMS: dict[str, Callable[..., Any]] = {
    "lock": LockForm, "slow": SlowForm, "schedule": ScheduleForm, "move": MoveForm, "merge": MergeForm,
}  # fmt: skip
PLAIN: dict[str, Callable[[Topic], None]] = {
    "unlock": lambda topic: order.unlock_conversation(actor=current_user, topic=topic),
    "pin": lambda topic: order.pin_topic(actor=current_user, topic=topic, pinned=True),
    "unpin": lambda topic: order.pin_topic(actor=current_user, topic=topic, pinned=False),
    "normal": lambda topic: order.slow_down(actor=current_user, topic=topic, minutes=0),
    "open": lambda topic: order.schedule_topic(actor=current_user, topic=topic, opens_at=None),
    "archive": lambda topic: order.archive_topic(actor=current_user, topic=topic, archived=True),
    "restore": lambda topic: order.archive_topic(actor=current_user, topic=topic, archived=False),
}


@blueprint.get("/topics/<int:topic_id>/order")
@staff(*KEEPERS)
def keep_order(topic_id: int) -> str:
    """What can be done to a topic."""
    topic = topic_or_404(topic_id)
    return render_template("discussions/order.html", **_page(topic))


@blueprint.post("/topics/<int:topic_id>/order/<deed>")
@staff(*KEEPERS)
def save_order(topic_id: int, deed: str) -> Response:
    """Do it, or the page again with what to mend."""
    topic = topic_or_404(topic_id)
    require(deed in FORMS or deed in PLAIN)
    form = _form(deed, topic) if deed in FORMS else None
    if form is None or form.validate():
        try:
            shown = _do(deed, topic, form)
            flash(_("Done, and noted in the ledger."), "success")
            return redirect(board_page.topic_url(shown), 303)
        except Refusal as refusal:
            if form is None:
                raise
            form.refuse(refusal)
    return unprocessable("discussions/order.html", **_page(topic, deed, form))


@blueprint.get("/topics/<int:topic_id>/split")
@staff(*KEEPERS)
def split(topic_id: int) -> str:
    """The posts to choose from."""
    form, topic = SplitForm(), topic_or_404(topic_id)
    return render_template("discussions/split.html", **_split_page(topic, form))


@blueprint.post("/topics/<int:topic_id>/split")
@staff(*KEEPERS)
def save_split(topic_id: int) -> Response:
    """Make the new topic."""
    form, topic = SplitForm(), topic_or_404(topic_id)
    if form.validate():
        try:
            made = joining.split_topic(
                actor=current_user, topic=topic, post_ids=set(form.posts.data or ()), title=form.title.data
            )
            flash(_("The posts have a topic of their own."), "success")
            return redirect(board_page.topic_url(made), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    return unprocessable("discussions/split.html", **_split_page(topic, form))


def _do(deed: str, topic: Topic, form: Any) -> Topic:
    """Do *deed*; returns the topic to show then."""
    if form is None:
        PLAIN[deed](topic)
    elif deed == "lock":
        order.lock_conversation(actor=current_user, topic=topic, reason=form.reason.data)
    elif deed == "slow":
        order.slow_down(
            actor=current_user,
            topic=topic,
            minutes=form.minutes.data,
            reason=form.reason.data,
            ends_at=moment_of(form.ends),
        )
    elif deed == "schedule":
        order.schedule_topic(actor=current_user, topic=topic, opens_at=moment_of(form.opens))
    elif deed == "move":
        forum = db.session.get(Forum, form.forum.data) or abort(404)
        order.move_topic(actor=current_user, topic=topic, forum=forum, widen=form.widen.data)
    else:
        return joining.merge_topics(
            actor=current_user, source=topic, target=_named(form.number.data), widen=form.widen.data
        )
    return topic


def _named(text: str) -> Topic:
    """The topic that a pasted address or a number names."""
    found = _NUMBER.fullmatch(text)
    number = int(found[1]) if found else 0
    topic = topic_for(current_user, number, verified=True)
    if topic is None:
        raise Refusal(_("There is no topic of this address or number."), "number")
    return topic


def _form(deed: str, topic: Topic) -> Form:
    form: Form = FORMS[deed](prefix=f"{deed}-")
    if isinstance(form, MoveForm):
        form.offer(db.session.scalars(boards.every_forum()), topic.forum, page_language())
    return form


def _page(topic: Topic, deed: str = "", form: Form | None = None) -> dict[str, Any]:
    """Template variables; *form* stands in for the empty one of *deed*, open."""
    now = clock.now()
    return {
        "topic": topic,
        "forms": {name: form if name == deed else _form(name, topic) for name in FORMS},
        "opened": deed,
        "topic_url": board_page.topic_url(topic),
        "is_slow": topic.is_slow(now),
        "waits": not topic.is_open(now),
        "forum_name": topic.forum.name(page_language()),
    }


def _split_page(topic: Topic, form: SplitForm) -> dict[str, Any]:
    text = request.args.get("after", "")
    after = min(int(text), 99_999_999) if text.isascii() and text.isdigit() and len(text) < 12 else 1
    found = list(db.session.scalars(posts.by_time(topic.id, after=max(after, 1)).limit(SPLIT_PAGE + 1)))
    shown = found[:SPLIT_PAGE]
    form.posts.choices = [(post.id, _line(post)) for post in shown]
    here: dict[str, Any] = {"topic_id": topic.id}
    return {
        "topic": topic,
        "form": form,
        "topic_url": board_page.topic_url(topic),
        "first_url": url_for("discussions.split", **here) if after > 1 else None,
        "more_url": url_for("discussions.split", **here, after=shown[-1].number)
        if len(found) > SPLIT_PAGE
        else None,
    }


def _line(post: Any) -> str:
    """«3. Ben Stone: I hear them too.»"""
    words = " ".join(post.text.split())
    said = words if len(words) <= 120 else words[:119] + "…"
    return f"{post.number}. {topic_page.who(post)}: {said or _('(no words)')}"
