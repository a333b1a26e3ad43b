"""Waves: choosing what was written in a flood, seeing exactly what would be hidden, one press, and one to undo it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.core.access import require, staff
from forum.core.errors import Refusal
from forum.core.forms import unprocessable
from forum.extensions import db
from forum.moderation import policy
from forum.moderation.forms import WaveForm
from forum.moderation.models import Wave
from forum.moderation.operations.waves import hide_wave
from forum.moderation.operations.waves import undo_wave as undo_all
from forum.moderation.queries import waves as queries
from forum.moderation.queries.rules import rules_in_force
from forum.moderation.queries.selection import Selection
from forum.moderation.views import waves_page

blueprint = Blueprint("moderation_waves", __name__, url_prefix="/desk/moderation/waves")
PREVIEW, WAVE = "moderation/desk_wave_preview.html", "moderation/desk_wave.html"


@blueprint.get("")
@staff(*policy.MODERATORS)
def list_waves() -> str:
    """What stands out in a time, to choose from, and the waves there were."""
    selection = Selection.from_args(request.args)
    return render_template("moderation/desk_waves.html", **waves_page.listed(current_user, selection))


@blueprint.get("/preview")
@staff(*policy.MODERATORS)
def preview() -> str | Response:
    """Exactly what would be hidden, and who would be told."""
    selection = Selection.from_args(request.args)
    if not selection.is_made:
        return redirect(url_for(".list_waves", **selection.as_args()), 303)
    return render_template(PREVIEW, **waves_page.previewed(current_user, selection, _form()))


@blueprint.post("")
@staff(*policy.MODERATORS)
def hide() -> Response:
    """Hide what the preview showed."""
    selection, form = Selection.from_args(request.form), _form()
    if form.validate():
        try:
            wave = hide_wave(
                actor=current_user, key=form.key.data or "", rule_number=int(form.rule.data),
                words=form.words.data or "", things=waves_page.still_there(current_user, selection, form.shown),
            )  # fmt: skip
            flash(waves_page.hidden_words(wave), "success")
            return redirect(url_for(".wave", wave_id=wave.id), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    return unprocessable(PREVIEW, **waves_page.previewed(current_user, selection, form))


@blueprint.get("/<int:wave_id>")
@staff(*policy.MODERATORS)
def wave(wave_id: int) -> str:
    """What a wave did, thing by thing."""
    return render_template(WAVE, **waves_page.shown(current_user, _wave(wave_id)))


@blueprint.post("/<int:wave_id>/undo")
@staff(*policy.MODERATORS)
def undo(wave_id: int) -> Response:
    """Give all of it back."""
    found = _wave(wave_id)
    try:
        undone = undo_all(actor=current_user, wave=found)
    except Refusal as refusal:
        return unprocessable(WAVE, **waves_page.shown(current_user, found), error=str(refusal.message))
    flash(waves_page.undone_words(undone), "success")
    return redirect(url_for(".wave", wave_id=wave_id), 303)


def _wave(wave_id: int) -> Wave:
    found = db.session.scalars(queries.by_id(wave_id)).one_or_none()
    require(found is not None)
    assert found is not None
    return found


def _form() -> WaveForm:
    return WaveForm().offer(list(db.session.scalars(rules_in_force())))
