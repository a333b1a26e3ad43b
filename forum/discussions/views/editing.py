"""Editing a post, and taking it back."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import Select
from werkzeug.wrappers import Response

from forum.core import clock
from forum.core.access import require, signed_in
from forum.core.errors import Refusal
from forum.discussions import policy
from forum.discussions.forms import EditFirstForm, EditForm
from forum.discussions.models import Post, PostPicture, PostState
from forum.discussions.operations.drafting import forget_draft
from forum.discussions.operations.moderating import KIND
from forum.discussions.operations.moderating_pictures import KIND as PICTURE
from forum.discussions.operations.naming import named
from forum.discussions.operations.writing import delete_post, edit_post
from forum.discussions.queries.veils import is_behind
from forum.discussions.views import topic_page
from forum.discussions.views.attached import Attached, begun, taken
from forum.discussions.views.finding import number_of, post_or_404
from forum.discussions.views.gentle import questions
from forum.discussions.views.pages import blueprint
from forum.discussions.views.pictures import of_posts
from forum.discussions.views.wanted import wanted
from forum.discussions.views.writing import again, asked
from forum.extensions import db
from forum.moderation.queries.cases import code_for


@blueprint.get("/posts/<int:post_id>/edit")
@signed_in
def edit(post_id: int) -> str:
    """The form with what it says now; when it is too late for that, the way to take it back."""
    post = post_or_404(post_id)
    veiled = is_behind(current_user, post)
    may_edit = policy.can_edit(current_user, post, clock.now(), veiled=veiled)
    require(may_edit or policy.can_delete(current_user, post, veiled=veiled))
    form = _edit_form(post, veiled)(text=post.text, **named(post.topic)._asdict())
    found = _editing(post, form, veiled) | {"may_edit": may_edit}
    return render_template("discussions/edit.html", attached=begun(f"post {post.id}", post), **found)


@blueprint.post("/posts/<int:post_id>/edit")
@signed_in
def save_edit(post_id: int) -> str | Response:
    """Change it; or ask gently, or say what to mend."""
    post = post_or_404(post_id)
    veiled = is_behind(current_user, post)
    form = _edit_form(post, veiled)()
    own = policy.is_own(current_user, post, veiled=veiled)
    require(own or policy.can_keep_order(current_user))
    attached = taken(f"post {post.id}", post)
    if is_edited(form, attached, own=own):
        try:
            _change(post, form, attached)
            flash(_("Changed."), "success")
            return redirect(url_for("discussions.post", post_id=post.id), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    return again("discussions/edit.html", form, attached, _editing(post, form, veiled))


def _change(post: Post, form: EditForm, attached: Attached) -> None:
    first = form if isinstance(form, EditFirstForm) else None
    edit_post(
        actor=current_user,
        post=post,
        text=form.text.data or "",
        pictures=attached.enclosed,
        title=first and first.title.data,
        tags=first and first.tag_words(),
    )
    forget_draft(actor=current_user, place=attached.place)


@blueprint.get("/posts/<int:post_id>/why")
@signed_in
def why(post_id: int) -> Response:
    """To its author: what became of it, or of one ``picture`` of it, by which rule, and what they can do."""
    post = post_or_404(post_id)
    code = db.session.scalar(_case_of(post))
    veiled = is_behind(current_user, post)
    require(policy.is_own(current_user, post, veiled=veiled) and code is not None)
    return redirect(url_for("moderation.case", code=code), 303)


@blueprint.post("/posts/<int:post_id>/delete")
@signed_in
def delete(post_id: int) -> Response:
    """Take it back."""
    post = post_or_404(post_id)
    require(policy.can_delete(current_user, post, veiled=is_behind(current_user, post)))
    delete_post(actor=current_user, post=post)
    flash(_("Your post is gone. Its place stays, so that answers still stand somewhere."), "success")
    return redirect(url_for("discussions.post", post_id=post.id), 303)


def _case_of(post: Post) -> Select[str]:
    """The code of the author's page about a post, or about the picture of it that the address names."""
    number = number_of(request.args.get("picture"))
    row = db.session.get(PostPicture, number) if number else None
    return code_for(KIND, post.id) if row is None or row.post_id != post.id else code_for(PICTURE, row.id)


def is_edited(form: EditForm, attached: Attached, *, own: bool) -> bool:
    """Whether the change is saved now, as in is_ready; of what they change for others staff are asked nothing."""
    g.questions = []
    if asked() == "pictures" or not (form.validate() & attached.check(form)):
        return False
    g.questions = questions(form, attached.alts) if own else []
    return not g.questions


def _edit_form(post: Post, veiled: bool) -> type[EditForm]:
    """With the title and tags of its topic where they are theirs to change."""
    first = policy.can_retitle(current_user, post, clock.now(), veiled=veiled)
    return EditFirstForm if first else EditForm


def _editing(post: Post, form: EditForm, veiled: bool) -> dict[str, object]:
    may_delete = policy.can_delete(current_user, post, veiled=veiled)
    row = topic_page.post_row(post, flat=True, seen=of_posts([post]))
    is_asked = post.state is PostState.GIVEN_BACK and policy.is_own(current_user, post, veiled=veiled)
    mend = wanted(KIND, post.id) if is_asked else None
    words = {"row": row, "topic_title": post.topic.title, "wanted": mend}
    return {**words, "form": form, "may_edit": True, "may_delete": may_delete}
