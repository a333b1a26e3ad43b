"""The administrator's list of forums."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.accounts.models import Role
from forum.core.access import staff
from forum.core.errors import Refusal
from forum.core.forms import unprocessable
from forum.core.languages import page_language
from forum.discussions.forms_boards import AUDIENCES, ForumForm
from forum.discussions.models import Audience, Forum
from forum.discussions.operations.boards import save_forum
from forum.discussions.queries import boards
from forum.extensions import db
from forum.neighborhoods.queries import listed

blueprint = Blueprint("discussions_boards", __name__, url_prefix="/admin/forums")
TEMPLATE = "discussions/admin_forum.html"


@blueprint.get("")
@staff(Role.ADMINISTRATOR)
def list_forums() -> str:
    """Every forum, in the order of the public list."""
    found = db.session.scalars(boards.every_forum()).all()
    return render_template(
        "discussions/admin_forums.html", forums=found, language=page_language(), audiences=AUDIENCES
    )


@blueprint.get("/new")
@staff(Role.ADMINISTRATOR)
def new_forum() -> str:
    """An empty form."""
    form = ForumForm(starters=str(Audience.RESIDENTS), repliers=str(Audience.RESIDENTS))
    return render_template(TEMPLATE, form=form.offer(db.session.scalars(listed())), forum=None)


@blueprint.get("/<int:forum_id>")
@staff(Role.ADMINISTRATOR)
def edit_forum(forum_id: int) -> str:
    """The form with what there is."""
    forum = db.session.get(Forum, forum_id) or abort(404)
    form = ForumForm.of(forum).offer(db.session.scalars(listed()))
    return render_template(TEMPLATE, form=form, forum=forum)


@blueprint.post("/new")
@blueprint.post("/<int:forum_id>")
@staff(Role.ADMINISTRATOR)
def save(forum_id: int | None = None) -> Response:
    """Add or change it."""
    forum = None if forum_id is None else db.session.get(Forum, forum_id) or abort(404)
    form = ForumForm().offer(db.session.scalars(listed()))
    if form.validate():
        try:
            save_forum(actor=current_user, details=form.details(), forum=forum)
            flash(_("Saved."), "success")
            return redirect(url_for("discussions_boards.list_forums"), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    return unprocessable(TEMPLATE, form=form, forum=forum)
