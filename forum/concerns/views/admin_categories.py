"""The administrator's list of what concerns are about."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.accounts.models import Role
from forum.concerns.forms.admin import CategoryForm
from forum.concerns.models import Category
from forum.concerns.operations.categories import save_category
from forum.concerns.queries import categories
from forum.core.access import staff
from forum.core.errors import Refusal
from forum.core.forms import unprocessable
from forum.extensions import db

blueprint = Blueprint("concerns_categories", __name__, url_prefix="/admin/concerns/categories")
TEMPLATE = "concerns/admin_category.html"
DEFAULTS = {"answer_hours": 72, "acknowledge_hours": 72, "update_days": 14, "closing_days": 60}


@blueprint.get("")
@staff(Role.ADMINISTRATOR)
def list_categories() -> str:
    """All of them with what is promised, retired ones last."""
    found = db.session.scalars(categories.every()).all()
    return render_template(
        "concerns/admin_categories.html", categories=found, language=str(get_locale() or "en")
    )


@blueprint.get("/new")
@staff(Role.ADMINISTRATOR)
def new_category() -> str:
    """An empty form."""
    return render_template(TEMPLATE, form=CategoryForm(**DEFAULTS), category=None)


@blueprint.get("/<int:category_id>")
@staff(Role.ADMINISTRATOR)
def edit_category(category_id: int) -> str:
    """The form with what there is."""
    category = db.session.get(Category, category_id) or abort(404)
    return render_template(TEMPLATE, form=CategoryForm.of(category), category=category)


@blueprint.post("/new")
@blueprint.post("/<int:category_id>")
@staff(Role.ADMINISTRATOR)
def save(category_id: int | None = None) -> Response:
    """Add or change it."""
    category = None if category_id is None else db.session.get(Category, category_id) or abort(404)
    form = CategoryForm()
    if form.validate():
        try:
            save_category(actor=current_user, details=form.details(), category=category)
            flash(_("Saved."), "success")
            return redirect(url_for("concerns_categories.list_categories"), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    return unprocessable(TEMPLATE, form=form, category=category)
