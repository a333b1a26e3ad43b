"""Words for answers: everybody at the desk reads them, supervisors write them."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from forum.accounts.models import Role
from forum.concerns import policy
from forum.concerns.forms.templates import TemplateForm
from forum.concerns.models import Template
from forum.concerns.operations.saving import remove_template, save_template
from forum.concerns.queries import saved
from forum.concerns.views.desk import blueprint
from forum.concerns.views.desk_templates_page import line
from forum.core.access import require, staff
from forum.core.errors import Refusal
from forum.core.forms import unprocessable
from forum.core.languages import offered
from forum.extensions import db

TEMPLATE = "concerns/desk_template.html"


@blueprint.get("/templates")
@staff(*policy.DESK)
def templates() -> str:
    """All of them, with what is hard to read or old."""
    found = [line(template) for template in db.session.scalars(saved.templates())]
    may_edit = current_user.role is Role.SUPERVISOR
    return render_template("concerns/desk_templates.html", templates=found, may_edit=may_edit)


@blueprint.get("/templates/new")
@staff(Role.SUPERVISOR)
def new_template() -> str:
    """An empty form."""
    return render_template(TEMPLATE, form=_form(), kept=None)


@blueprint.post("/templates/new")
@staff(Role.SUPERVISOR)
def add_template() -> Response:
    """Keep it."""
    return _save(None)


@blueprint.get("/templates/<int:template_id>")
@staff(Role.SUPERVISOR)
def edit_template(template_id: int) -> str:
    """The words, to change or to look at."""
    found = _template_or_404(template_id)
    return render_template(TEMPLATE, form=_form(obj=found), kept=line(found))


@blueprint.post("/templates/<int:template_id>")
@staff(Role.SUPERVISOR)
def change_template(template_id: int) -> Response:
    """Keep them; that counts as having looked at them."""
    return _save(_template_or_404(template_id))


@blueprint.post("/templates/<int:template_id>/remove")
@staff(Role.SUPERVISOR)
def drop_template(template_id: int) -> Response:
    """Take it from the list."""
    remove_template(actor=current_user, template=_template_or_404(template_id))
    flash(_("Removed."), "success")
    return redirect(url_for("concerns_desk.templates"), 303)


def _save(template: Template | None) -> Response:
    form = _form()
    kept = _kept(form, template) if form.validate() else None
    if kept is not None:
        flash(_("Kept. It reads at grade %(grade)s.", grade=f"{kept.grade:.1f}"), "success")
        return redirect(url_for("concerns_desk.templates"), 303)
    return unprocessable(TEMPLATE, form=form, kept=line(template) if template else None)


def _kept(form: TemplateForm, template: Template | None) -> Template | None:
    """The words as they are kept now; None when that was refused, which the form then says."""
    try:
        return save_template(
            actor=current_user, template=template, name=form.name.data or "", title=form.title.data or "",
            language=form.language.data, text=form.text.data or "",
        )  # fmt: skip
    except Refusal as refusal:
        form.refuse(refusal)
        return None


def _template_or_404(template_id: int) -> Template:
    found = db.session.scalars(saved.template_by_id(template_id)).one_or_none()
    require(found is not None)
    assert found is not None
    return found


def _form(**given: Any) -> TemplateForm:
    form = TemplateForm(**given)
    form.language.choices = [SelectChoice(tag, name) for tag, name in offered()]
    return form
