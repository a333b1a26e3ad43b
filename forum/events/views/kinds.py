"""The administrator's list of kinds."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.accounts.models import Role
from forum.core.access import staff
from forum.core.errors import Refusal
from forum.core.forms import unprocessable
from forum.events.forms.desk import KindForm
from forum.events.models import Color, EventKind, Shape
from forum.events.operations.kinds import save_kind
from forum.events.queries import single
from forum.events.views.rows import kind_mark
from forum.extensions import db

blueprint = Blueprint("events_kinds", __name__, url_prefix="/admin/kinds")


@blueprint.get("")
@staff(Role.ADMINISTRATOR)
def list_kinds() -> str:
    """Every kind, retired ones last."""
    kinds = [(kind, kind_mark(kind)) for kind in db.session.scalars(single.all_kinds())]
    return render_template("events/admin_kinds.html", kinds=kinds)


@blueprint.get("/new")
@staff(Role.ADMINISTRATOR)
def new_kind() -> str:
    """An empty form."""
    return render_template("events/admin_kind.html", form=KindForm(color="teal", shape="circle"), kind=None)


@blueprint.get("/<int:kind_id>")
@staff(Role.ADMINISTRATOR)
def edit_kind(kind_id: int) -> str:
    """The form with what there is."""
    kind = db.session.get(EventKind, kind_id) or abort(404)
    form = KindForm(
        name_en=kind.names.get("en", ""),
        name_es=kind.names.get("es", ""),
        color=str(kind.color),
        shape=str(kind.shape),
        position=kind.position,
        retired=kind.retired,
    )
    return render_template("events/admin_kind.html", form=form, kind=kind)


@blueprint.post("/new")
@blueprint.post("/<int:kind_id>")
@staff(Role.ADMINISTRATOR)
def save(kind_id: int | None = None) -> Response:
    """Add or change it."""
    kind = None if kind_id is None else db.session.get(EventKind, kind_id) or abort(404)
    form = KindForm()
    if form.validate():
        try:
            names = {"en": form.name_en.data, "es": form.name_es.data}
            save_kind(
                actor=current_user,
                kind=kind,
                names=names,
                color=Color(form.color.data),
                shape=Shape(form.shape.data),
                position=form.position.data,
                retired=form.retired.data,
            )
            flash(_("Saved."), "success")
            return redirect(url_for("events_kinds.list_kinds"), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    return unprocessable("events/admin_kind.html", form=form, kind=kind)
