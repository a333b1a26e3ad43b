"""The blind second look: the masked text and the rule first; once answered, what the text says of the agency."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.core.access import require, staff
from forum.core.errors import Refusal
from forum.core.forms import unprocessable
from forum.core.languages import page_language
from forum.extensions import db
from forum.moderation import policy, registry
from forum.moderation.forms import BlindForm, StanceForm
from forum.moderation.masking import masked
from forum.moderation.models import Recheck, Stance
from forum.moderation.operations.rechecking import look_again, note_stance
from forum.moderation.queries import rechecks as queries
from forum.moderation.views.waiting import may_look_again, rechecks_for

blueprint = Blueprint("moderation_rechecks", __name__, url_prefix="/desk/moderation/rechecks")
TEMPLATE = "moderation/desk_recheck.html"


@blueprint.get("")
@staff(*policy.APPEAL_DECIDERS)
def list_rechecks() -> str:
    """How many wait for the reader, and the next."""
    waiting = rechecks_for(current_user)
    return render_template(
        "moderation/desk_rechecks.html", count=len(waiting), first=waiting[0] if waiting else None
    )


@blueprint.get("/<int:recheck_id>")
@staff(*policy.APPEAL_DECIDERS)
def recheck(recheck_id: int) -> str:
    """The question that is next."""
    return render_template(TEMPLATE, **_context(_recheck(recheck_id)))


@blueprint.post("/<int:recheck_id>")
@staff(*policy.APPEAL_DECIDERS)
def look(recheck_id: int) -> Response:
    """Whether it breaks the rule."""
    found, form = _recheck(recheck_id), BlindForm()
    if form.validate():
        try:
            look_again(actor=current_user, recheck=found, breaks=form.breaks.data == "yes")
            return redirect(url_for(".recheck", recheck_id=recheck_id), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    return unprocessable(TEMPLATE, **_context(found, blind=form))


@blueprint.post("/<int:recheck_id>/stance")
@staff(*policy.APPEAL_DECIDERS)
def stance(recheck_id: int) -> Response:
    """What it says of the agency."""
    found, form = _recheck(recheck_id), StanceForm()
    if form.validate():
        try:
            note_stance(actor=current_user, recheck=found, stance=Stance(form.stance.data))
            flash(_("Thank you. That was one of the sample."), "success")
            return redirect(url_for(".list_rechecks"), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    return unprocessable(TEMPLATE, **_context(found, stance_form=form))


def _recheck(recheck_id: int) -> Recheck:
    found = db.session.scalars(queries.by_id(recheck_id)).one_or_none()
    require(found is not None and may_look_again(current_user, found))
    assert found is not None
    return found


def _context(
    found: Recheck, *, blind: BlindForm | None = None, stance_form: StanceForm | None = None
) -> dict[str, Any]:
    """The whole text only once the blind look is over, and only for who looked."""
    case, rule, language = found.decision.case, found.decision.rule, page_language()
    thing = registry.thing_of(case.kind, case.thing_id)
    assert thing is not None
    looked = found.breaks is not None and found.looked_by_id == current_user.id
    open_text = looked and found.stance is None
    return {
        "recheck": found,
        "rule": {"number": rule.number, "title": rule.title(language), "text": rule.text(language)},
        "text": thing.text if open_text else masked(thing.text, [current_app.config["FORUM"].agency_name]),
        "blind": (blind or BlindForm(formdata=None)) if found.breaks is None else None,
        "stance_form": (stance_form or StanceForm(formdata=None)) if open_text else None,
    }
