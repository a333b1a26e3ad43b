"""Starting a topic, and replying."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.core import clock, limits
from forum.core.access import require, signed_in
from forum.core.current import this_request
from forum.core.errors import Refusal
from forum.core.forms import Form, unprocessable
from forum.core.languages import page_language
from forum.core.login import this_reader
from forum.core.templating import moment
from forum.core.transactions import finish_writing
from forum.discussions import mentions, policy
from forum.discussions.forms import PostForm, TopicForm, saved_words
from forum.discussions.forms_order import LaterTopicForm, hour_of, moment_of
from forum.discussions.models import Forum, Post, PostState, Topic
from forum.discussions.operations.drafting import keep_draft
from forum.discussions.operations.writing import reply as add_reply
from forum.discussions.operations.writing import start_topic
from forum.discussions.queries import posts
from forum.discussions.queries.drafts import draft_of
from forum.discussions.views import board_page, topic_page
from forum.discussions.views.attached import Attached, begun, has_files, taken
from forum.discussions.views.finding import (
    forum_or_404,
    number_of,
    reader_is_verified,
    topic_or_404,
)
from forum.discussions.views.gentle import questions
from forum.discussions.views.pages import blueprint
from forum.discussions.views.pictures import of_posts
from forum.extensions import db
from forum.moderation.queries.pauses import paused_until

PREVIEWS = "30 per 5 minutes"  # what is typed is rendered each time


@blueprint.get("/forums/<slug>/new")
@signed_in
def new_topic(slug: str) -> str:
    """An empty form, or the draft that was begun here."""
    found = forum_or_404(slug)
    place = f"forum {found.id}"
    form = _topic_form()(**_draft(place))
    return render_template("discussions/new_topic.html", attached=begun(place), **_starting(found, form))


@blueprint.post("/forums/<slug>/new")
@signed_in
def save_topic(slug: str) -> str | Response:
    """Start it; or keep a draft, show how it will look, or say what to mend."""
    form, found = _topic_form()(), forum_or_404(slug)
    attached = taken(f"forum {found.id}")
    if asked() == "draft":
        return _kept(attached.place, form, request.full_path)
    if is_ready(form, attached):
        try:
            topic = start_topic(
                actor=current_user,
                forum=found,
                title=form.title.data,
                written=form.written(attached.enclosed),
                tags=form.tag_words(),
                opens_at=moment_of(form.opens) if isinstance(form, LaterTopicForm) else None,
            )
            flash(_started(topic), "success")
            return redirect(board_page.topic_url(topic), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    return again("discussions/new_topic.html", form, attached, _starting(found, form))


@blueprint.get("/topics/<int:topic_id>/reply")
@signed_in
def reply(topic_id: int) -> str:
    """An empty form under what it answers, or the draft that was begun there."""
    topic = topic_or_404(topic_id)
    parent = _parent(topic)
    form = PostForm(**_draft(_place(topic_id)))
    if parent is not None and request.args.get("quote") and not form.text.data:
        form.text.data = "".join(f"> {line}\n" for line in parent.text.splitlines()) + "\n"
    attached = begun(_place(topic_id))
    return render_template("discussions/reply.html", attached=attached, **_replying(topic, parent, form))


@blueprint.post("/topics/<int:topic_id>/reply")
@signed_in
def save_reply(topic_id: int) -> str | Response:
    """Add it; or keep a draft, show how it will look, or say what to mend.

    What is to be posted reads the topic once, under the lock. What is only kept or shown here asks for it first.
    """
    form, place, then = PostForm(), _place(topic_id), asked()
    if then or has_files():
        topic_or_404(topic_id)
    attached = taken(place)
    if then == "draft":
        return _kept(place, form, request.full_path)
    if is_ready(form, attached):
        try:
            return _posted(_send(topic_id, form, attached))
        except Refusal as refusal:
            form.refuse(refusal)
    topic = topic_or_404(topic_id)
    return again("discussions/reply.html", form, attached, _replying(topic, _parent(topic), form))


def _send(topic_id: int, form: PostForm, attached: Attached) -> Post:
    written, number = form.written(attached.enclosed), number_of(this_request().args.get("to"))
    return add_reply(actor=this_reader(), topic=topic_id, written=written, parent=number or None)


def _posted(post: Post) -> Response:
    """To where it stands, once it is durable."""
    finish_writing()
    flash(saved_words(post.state is PostState.HELD), "success")
    where = topic_page.page_of(post)
    return redirect(board_page.topic_url(post.topic, **where, anchor=f"post-{post.number}"), 303)


def _parent(topic: Topic) -> Post | None:
    """The post that ``?to=`` names, where it can be answered."""
    number = number_of(request.args.get("to"))
    found = db.session.scalars(posts.post_numbered(topic.id, number)).one_or_none() if number else None
    return found if found is not None and found.is_published else None


def asked() -> str:
    """Which button was pressed: ``draft``, ``pictures``, ``preview``, or the one that posts."""
    return this_request().form.get("then", "")


def is_ready(form: PostForm, attached: Attached) -> bool:
    """Whether it is posted now. Else the form comes again: to show how it will look, to add pictures, to ask about what
    it says, or to say what to mend."""
    g.questions, then = [], asked()
    if then == "pictures" or not form.validate():
        return False
    if then == "preview":
        if not limits.hit("preview", str(current_user.id), PREVIEWS):
            form.form_errors.append(
                _("You looked at it often in a short time. Wait a few minutes, or post it.")
            )
        return False
    if not attached.check(form):
        return False
    found = g.questions = questions(form, attached.alts)
    return not found


def again(template: str, form: Form, attached: Attached, context: dict[str, object]) -> str | Response:
    """The form with its errors, or with how the post will look. What is 200 only for its pictures says so."""
    if form.has_errors:
        return unprocessable(template, attached=attached, **context)
    shown: dict[str, object] = {"questions": g.get("questions", [])}
    if asked() == "preview":
        shown["preview"] = mentions.rendered(form.text.data or "")
    return render_template(template, attached=attached, **shown, **context)


def _kept(place: str, form: PostForm, back: str) -> Response:
    """The draft is kept, whatever is wrong with it; back to the form."""
    title, tags = (form.title.data, form.tags.data) if isinstance(form, TopicForm) else ("", "")
    keep_draft(
        actor=current_user, place=place, text=form.text.data or "", title=title or "", tags=tags or "",
        opens=request.form.get("opens", ""), as_resident=bool(form.as_resident.data),
    )  # fmt: skip
    flash(_("Kept as a draft. Only you can see it."), "success")
    return redirect(back.rstrip("?"), 303)


def _draft(place: str) -> dict[str, Any]:
    found = db.session.scalars(draft_of(current_user.id, place)).one_or_none()
    if found is None:
        return {}
    words = {"title": found.title, "tags": found.tags, "text": found.text}
    return {**words, "opens": hour_of(found.opens), "as_resident": found.as_resident}


def _place(topic_id: int) -> str:
    """The name of the place that this address is for drafts."""
    number = number_of(this_request().args.get("to"))
    return f"topic {topic_id} to {number}" if number else f"topic {topic_id}"


def _topic_form() -> type[TopicForm]:
    """With the hour from which others see it, for those who keep order."""
    return LaterTopicForm if policy.can_keep_order(current_user) else TopicForm


def _started(topic: Topic) -> str:
    if topic.published_at is None:
        return saved_words(True)
    if topic.opens_at is not None:
        return _("Your topic is there. Others see it from %(moment)s on.", moment=moment(topic.opens_at))
    return _("Your topic is there.")


def _starting(found: Forum, form: TopicForm) -> dict[str, object]:
    verified = reader_is_verified()
    require(policy.can_start(current_user, found, verified=verified))
    form.offer()
    return {
        "form": form,
        "forum": found,
        "name": found.name(page_language()),
        "is_verified": verified,
        "named": nameable(),
        "paused_until": paused_until(current_user, clock.now()),
    }


def nameable() -> list[tuple[str, str]]:
    """(handle, name) of whom a post can name, for the list beside the form."""
    return sorted(
        ((handle, one.name) for handle, one in mentions.directory().items()), key=lambda row: row[1]
    )


def _replying(topic: Topic, parent: Post | None, form: PostForm) -> dict[str, object]:
    form.offer()
    return {
        "form": form,
        "topic": topic,
        "topic_url": board_page.topic_url(topic),
        "parent": topic_page.post_row(parent, flat=True, seen=of_posts([parent])) if parent else None,
        "is_verified": reader_is_verified(),
        "named": nameable(),
        "paused_until": paused_until(current_user, clock.now()),
        "may_reply": policy.can_reply(current_user, topic, clock.now(), verified=reader_is_verified()),
    }
