"""Talk about an event: the way there from its page, and the form of the first question."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.accounts.models import Visitor
from forum.core import clock, markdown, templating
from forum.core.access import require, signed_in
from forum.core.errors import Refusal
from forum.discussions import policy, subjects
from forum.discussions.forms import PostForm, saved_words
from forum.discussions.models import Forum, Post, PostState, Topic
from forum.discussions.operations.moderating import KIND
from forum.discussions.operations.talking import ask_about
from forum.discussions.queries import talks
from forum.discussions.queries.posts import newest_in
from forum.discussions.views import board_page, topic_page
from forum.discussions.views.attached import begun, taken
from forum.discussions.views.finding import reader_is_verified
from forum.discussions.views.pages import blueprint
from forum.discussions.views.writing import again, is_ready
from forum.discussions.words import who
from forum.extensions import db
from forum.moderation.queries.pauses import paused_until

NEWEST = 2  # comments that an event's page shows
LONGEST = 200  # characters of each


def section(kind: str, about_id: int) -> dict[str, Any] | None:
    """What the page of a thing says about the talk; None where there is no forum for it that everyone reads."""
    found = db.session.execute(
        talks.forum_and_topic(subjects.kinds[kind].forum, kind, about_id)
    ).one_or_none()
    if found is None or not policy.can_read(Visitor(), found[0]):
        return None
    forum, topic = found
    if topic is not None and not policy.can_see_topic(Visitor(), topic, clock.now()):
        return None
    ask = None if forum.archived else url_for("discussions.ask", kind=kind, about_id=about_id)
    if topic is None:
        return {"ask_url": ask, "topic_url": None, "posts": "", "newest": []} if ask else None
    return {
        "ask_url": ask,
        "topic_url": board_page.topic_url(topic),
        "posts": board_page.posts_words(topic.posts_count),
        "newest": [_line(post) for post in db.session.scalars(newest_in(topic.id, NEWEST))],
    }


def _line(post: Post) -> dict[str, Any]:
    """One comment as an event's page shows it: its beginning, and where it can be read and reported."""
    words = " ".join(markdown.plain(post.text).split())
    return {
        "text": words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "…",
        "by": who(post),
        "author_id": post.author_id,
        "when": templating.moment(post.created_at),
        "url": url_for("discussions.post", post_id=post.id),
        "report_url": url_for("moderation.report", kind=KIND, thing_id=post.id),
    }


@blueprint.get("/talk/<kind>/<int:about_id>")
@signed_in
def ask(kind: str, about_id: int) -> str | Response:
    """The form of the first question; where there is a topic, its form for a reply."""
    forum, topic, subject = _found(kind, about_id)
    if topic is not None:
        return redirect(url_for("discussions.reply", topic_id=topic.id), 303)
    form = PostForm()
    form.offer()
    attached = begun(_place(kind, about_id))
    return render_template("discussions/ask.html", form=form, attached=attached, **_asking(forum, subject))


@blueprint.post("/talk/<kind>/<int:about_id>")
@signed_in
def save_question(kind: str, about_id: int) -> str | Response:
    """Ask it; the first question makes the topic."""
    forum, _topic, subject = _found(kind, about_id)
    form, attached = PostForm(), taken(_place(kind, about_id))
    if is_ready(form, attached):
        try:
            post = ask_about(
                actor=current_user,
                forum=forum,
                kind=kind,
                about_id=about_id,
                title=subject[0],
                written=form.written(attached.enclosed),
            )
            flash(saved_words(post.state is PostState.HELD), "success")
            where = topic_page.page_of(post)
            return redirect(board_page.topic_url(post.topic, **where, anchor=f"post-{post.number}"), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    return again("discussions/ask.html", form, attached, {"form": form, **_asking(forum, subject)})


def _place(kind: str, about_id: int) -> str:
    return f"talk {kind} {about_id}"


def _found(kind: str, about_id: int) -> tuple[Forum, Topic | None, tuple[str, str]]:
    """The forum, the topic if there is one, and (title, address) of what it is about."""
    subject = subjects.subject_of(current_user, kind, about_id) or abort(404)
    wanted = talks.forum_and_topic(subjects.kinds[kind].forum, kind, about_id)
    found = db.session.execute(wanted).one_or_none() or abort(404)
    require(policy.can_read(current_user, found[0], verified=reader_is_verified()))
    return found[0], found[1], subject


def _asking(forum: Forum, subject: tuple[str, str]) -> dict[str, Any]:
    return {
        "subject_title": subject[0],
        "subject_url": subject[1],
        "is_verified": reader_is_verified(),
        "may_ask": policy.can_ask(current_user, forum, verified=reader_is_verified()),
        "paused_until": paused_until(current_user, clock.now()),
    }
