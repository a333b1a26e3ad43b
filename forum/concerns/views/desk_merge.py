"""Tie a concern to another that tells the same, and take it out again."""

from __future__ import annotations

from flask import flash, redirect, render_template
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.concerns import policy
from forum.concerns.forms.desk import MergeForm
from forum.concerns.operations.merging import merge_concern, unmerge_concern
from forum.concerns.queries.sight import on_desk_by_reference
from forum.concerns.receipts import reference_as_meant
from forum.concerns.views.desk import blueprint, case_url, concern_or_404
from forum.core.access import staff
from forum.core.errors import Refusal
from forum.core.forms import unprocessable
from forum.extensions import db

TEMPLATE = "concerns/desk_merge.html"


@blueprint.get("/<reference>/merge")
@staff(*policy.DESK)
def merging(reference: str) -> str:
    """Ask into which."""
    concern, _sight = concern_or_404(reference)
    return render_template(TEMPLATE, concern=concern, form=MergeForm())


@blueprint.post("/<reference>/merge")
@staff(*policy.DESK)
def merge(reference: str) -> Response:
    """Tie it. One that the reader may not see is none."""
    concern, sight = concern_or_404(reference)
    form = MergeForm()
    if form.validate():
        try:
            meant = reference_as_meant(form.into.data or "")
            into = db.session.scalars(on_desk_by_reference(sight, meant)).one_or_none()
            if into is None:
                raise Refusal(_("There is no such concern."), "into")
            merge_concern(actor=current_user, concern=concern, into=into)
            flash(_("Merged. Both keep their own thread and clock."), "success")
            return redirect(case_url(into), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    return unprocessable(TEMPLATE, concern=concern, form=form)


@blueprint.post("/<reference>/unmerge")
@staff(*policy.DESK)
def unmerge(reference: str) -> Response:
    """Take it out."""
    concern, _seen = concern_or_404(reference)
    unmerge_concern(actor=current_user, concern=concern)
    flash(_("Taken out. Nothing else changed."), "success")
    return redirect(case_url(concern), 303)
