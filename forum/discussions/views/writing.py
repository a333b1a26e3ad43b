"""Starting a topic, replying, editing, taking back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.core import clock
from forum.core.access import require, signed_in
from forum.core.errors import Refusal
from forum.core.forms import unprocessable
from forum.core.languages import page_language
from forum.discussions import mentions, policy
from forum.discussions.forms import EditForm, PostForm, TopicForm, saved_words
from forum.discussions.models import Post, PostState, Topic
from forum.discussions.operations.writing import delete_post, edit_post, start_topic
from forum.discussions.operations.writing import reply as add_reply
from forum.discussions.queries import posts
from forum.discussions.views import blueprint, board_page, topic_page
from forum.discussions.views.finding import forum_or_404, post_or_404, reader_is_verified, topic_or_404
from forum.extensions import db


@blueprint.get("/forums/<slug>/new")
@signed_in
def new_topic(slug: str) -> str:
    """An empty form."""
    form = TopicForm()
    form.offer()
    return render_template("discussions/new_topic.html", **_starting(slug, form))


@blueprint.post("/forums/<slug>/new")
@signed_in
def save_topic(slug: str) -> str | Response:
    """Start it, or the form again with what to mend."""
    form = TopicForm()
    found = forum_or_404(slug)
    if form.validate():
        try:
            topic = start_topic(
                actor=current_user,
                forum=found,
                title=form.title.data,
                written=form.written(),
                tags=form.tag_words(),
            )
            flash(_("Your topic is there."), "success")
            return redirect(board_page.topic_url(topic), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    return unprocessable("discussions/new_topic.html", **_starting(slug, form))


@blueprint.get("/topics/<int:topic_id>/reply")
@signed_in
def reply(topic_id: int) -> str:
    """An empty form under what it answers."""
    form, topic = PostForm(), topic_or_404(topic_id)
    form.offer()
    parent = _parent(topic)
    if parent is not None and request.args.get("quote"):
        form.text.data = "".join(f"> {line}\n" for line in parent.text.splitlines()) + "\n"
    return render_template("discussions/reply.html", **_replying(topic, parent, form))


@blueprint.post("/topics/<int:topic_id>/reply")
@signed_in
def save_reply(topic_id: int) -> str | Response:
    """Add it, or the form again with what to mend."""
    form, topic = PostForm(), topic_or_404(topic_id)
    parent = _parent(topic)
    if form.validate():
        try:
            post = add_reply(actor=current_user, topic=topic, written=form.written(), parent=parent)
            flash(saved_words(post.state is PostState.HELD), "success")
            return redirect(
                board_page.topic_url(topic, **topic_page.page_of(post), _anchor=f"post-{post.number}"), 303
            )
        except Refusal as refusal:
            form.refuse(refusal)
    return unprocessable("discussions/reply.html", **_replying(topic, parent, form))


@blueprint.get("/posts/<int:post_id>/edit")
@signed_in
def edit(post_id: int) -> str:
    """The form with what it says now."""
    post = post_or_404(post_id)
    require(policy.can_edit(current_user, post, clock.now()))
    return render_template("discussions/edit.html", post=post, form=EditForm(text=post.text))


@blueprint.post("/posts/<int:post_id>/edit")
@signed_in
def save_edit(post_id: int) -> str | Response:
    """Change it."""
    form, post = EditForm(), post_or_404(post_id)
    require(post.author_id == current_user.id or policy.can_keep_order(current_user))
    if form.validate():
        try:
            edit_post(actor=current_user, post=post, text=form.text.data)
            flash(_("Changed."), "success")
            return redirect(url_for("discussions.post", post_id=post.id), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    return unprocessable("discussions/edit.html", post=post, form=form)


@blueprint.post("/posts/<int:post_id>/delete")
@signed_in
def delete(post_id: int) -> Response:
    """Take it back."""
    post = post_or_404(post_id)
    require(policy.can_delete(current_user, post))
    delete_post(actor=current_user, post=post)
    flash(_("Your post is gone. Its place stays, so that answers still stand somewhere."), "success")
    return redirect(url_for("discussions.post", post_id=post.id), 303)


def _parent(topic: Topic) -> Post | None:
    """The post that ``?to=`` names, where it can be answered."""
    number = request.args.get("to", "")
    if not (number.isascii() and number.isdigit() and len(number) < 9):
        return None
    found = db.session.scalars(posts.post_numbered(topic.id, int(number))).one_or_none()
    return found if found is not None and found.is_published else None


def named() -> list[tuple[str, str]]:
    """(handle, name) of whom a post can name, for the list beside the form."""
    return sorted(
        ((handle, one.name) for handle, one in mentions.directory().items()), key=lambda row: row[1]
    )


def _starting(slug: str, form: TopicForm) -> dict[str, object]:
    found, verified = forum_or_404(slug), reader_is_verified()
    require(policy.can_start(current_user, found, verified=verified))
    return {
        "form": form,
        "forum": found,
        "name": found.name(page_language()),
        "is_verified": verified,
        "named": named(),
    }


def _replying(topic: Topic, parent: Post | None, form: PostForm) -> dict[str, object]:
    return {
        "form": form,
        "topic": topic,
        "topic_url": board_page.topic_url(topic),
        "parent": topic_page.post_row(parent, flat=True) if parent else None,
        "is_verified": reader_is_verified(),
        "named": named(),
        "may_reply": policy.can_reply(current_user, topic, clock.now(), verified=reader_is_verified()),
    }
