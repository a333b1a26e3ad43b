"""The queue and its cases."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.core.access import require, staff
from forum.core.errors import Refusal
from forum.core.forms import unprocessable
from forum.extensions import db
from forum.moderation import policy, registry
from forum.moderation.forms import DecideForm
from forum.moderation.models import Case, Measure
from forum.moderation.operations import deciding
from forum.moderation.queries import cases
from forum.moderation.queries.rules import rules_in_force
from forum.moderation.views.desk_page import case_context, queue_context

blueprint = Blueprint("moderation_desk", __name__, url_prefix="/desk/moderation")
TEMPLATE = "moderation/desk_case.html"


@blueprint.get("")
@staff(*policy.MODERATORS)
def queue() -> str:
    """What waits, what is due first comes first."""
    return render_template("moderation/desk_queue.html", **queue_context(current_user, request.args))


@blueprint.get("/<int:case_id>")
@staff(*policy.MODERATORS)
def case(case_id: int) -> str:
    """One case: what it is about, why it is here, what was done, and the decision to take."""
    found = _case(case_id)
    return render_template(TEMPLATE, **case_context(current_user, found, _form(found)))


@blueprint.get("/<int:case_id>/picture")
@staff(*policy.MODERATORS)
def picture(case_id: int) -> Response:
    """The picture that a case is about, also where others do not see it any more."""
    found = _case(case_id)
    path = registry.picture_of(found.kind, found.thing_id) or abort(404)
    response = send_file(path, mimetype="image/jpeg")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.post("/<int:case_id>/take")
@staff(*policy.MODERATORS)
def take(case_id: int) -> Response:
    """Take it."""
    found = _case(case_id)
    try:
        deciding.take(actor=current_user, case=found)
    except Refusal as refusal:
        return _again(found, refusal)
    flash(_("It is yours now."), "success")
    return redirect(url_for(".case", case_id=case_id), 303)


@blueprint.post("/<int:case_id>/release")
@staff(*policy.MODERATORS)
def release(case_id: int) -> Response:
    """Give it back."""
    found = _case(case_id)
    try:
        deciding.release(actor=current_user, case=found)
    except Refusal as refusal:
        return _again(found, refusal)
    flash(_("Given back. Somebody else can take it."), "success")
    return redirect(url_for(".queue"), 303)


@blueprint.post("/<int:case_id>/decide")
@staff(*policy.MODERATORS)
def decide(case_id: int) -> Response:
    """Decide it."""
    found = _case(case_id)
    form = _form(found)
    if form.validate():
        try:
            deciding.decide(
                actor=current_user, case=found, measure=Measure(form.measure.data), rule_number=int(form.rule.data),
                words=form.words.data or "", replacement=form.replacement.data or "", pause_days=form.days,
            )  # fmt: skip
            flash(_("Decided. The author and who reported it are told."), "success")
            return redirect(url_for(".case", case_id=case_id), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    return unprocessable(TEMPLATE, **case_context(current_user, found, form))


def _case(case_id: int) -> Case:
    found = db.session.scalars(cases.by_id(case_id)).one_or_none()
    require(found is not None)
    assert found is not None
    return found


def _form(found: Case) -> DecideForm:
    rules = list(db.session.scalars(rules_in_force()))
    return DecideForm().offer(rules, registry.kinds[found.kind])


def _again(found: Case, refusal: Refusal) -> Response:
    form = _form(found)
    form.refuse(Refusal(refusal.message))
    return unprocessable(TEMPLATE, **case_context(current_user, found, form))
