"""Sealed originals: to open one is an act that is recorded; two people take personal data out of it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.core.access import require, staff
from forum.core.errors import Refusal
from forum.core.forms import unprocessable
from forum.extensions import db
from forum.moderation import policy
from forum.moderation.forms import ExciseForm
from forum.moderation.models import Original
from forum.moderation.operations.sealing import approve_excision, ask_excision, read_original
from forum.moderation.queries.cases import original_by_id
from forum.moderation.words import retention_words

blueprint = Blueprint("moderation_originals", __name__, url_prefix="/desk/moderation/originals")
TEMPLATE = "moderation/desk_original.html"


@blueprint.get("/<int:original_id>")
@staff(*policy.SEAL_OPENERS)
def original(original_id: int) -> str:
    """That there is one, how long it is kept, and the button that opens it."""
    return render_template(TEMPLATE, **_context(_original(original_id)))


@blueprint.post("/<int:original_id>/open")
@staff(*policy.SEAL_OPENERS)
def open_original(original_id: int) -> str:
    """Read it; that is recorded."""
    found = _original(original_id)
    text = read_original(actor=current_user, original=found)
    return render_template(TEMPLATE, **_context(found, text=text, form=ExciseForm(formdata=None, text=text)))


@blueprint.post("/<int:original_id>/excise")
@staff(*policy.SEAL_OPENERS)
def excise(original_id: int) -> Response:
    """Propose the text without some personal data."""
    found, form = _original(original_id), ExciseForm()
    if form.validate():
        try:
            ask_excision(actor=current_user, original=found, text=form.text.data or "")
            flash(_("Proposed. Somebody else has to agree."), "success")
            return redirect(url_for(".original", original_id=original_id), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    return unprocessable(TEMPLATE, **_context(found, form=form))


@blueprint.post("/<int:original_id>/agree")
@staff(*policy.SEAL_OPENERS)
def agree(original_id: int) -> Response:
    """The second person agrees."""
    found = _original(original_id)
    try:
        approve_excision(actor=current_user, original=found)
    except Refusal as refusal:
        return unprocessable(TEMPLATE, **_context(found, error=str(refusal.message)))
    flash(_("The personal data is gone for good."), "success")
    return redirect(url_for(".original", original_id=original_id), 303)


def _original(original_id: int) -> Original:
    found = db.session.scalars(original_by_id(original_id)).one_or_none()
    require(found is not None)
    assert found is not None
    return found


def _context(
    found: Original, *, text: str | None = None, form: ExciseForm | None = None, error: str = ""
) -> dict[str, Any]:
    waits = found.excised_text is not None and found.excised_at is None
    return {
        "original": found, "case_id": found.decision.case_id, "retention": retention_words(found.retention),
        "text": text, "form": form if found.excised_at is None else None, "error": error, "waits": waits,
        "late": form, "may_agree": waits and found.excise_asked_by_id != current_user.id,
    }  # fmt: skip
