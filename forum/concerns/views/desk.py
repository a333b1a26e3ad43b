"""The desk's blueprint, the queue, and how every page of the desk finds its concern."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.concerns import policy
from forum.concerns.models import Concern
from forum.concerns.operations.saving import remove_view, save_view
from forum.concerns.operations.working import assign_concern
from forum.concerns.policy import Sight
from forum.concerns.queries.desk import QueueFilters
from forum.concerns.queries.saved import view_of
from forum.concerns.queries.sight import has_stated, on_desk_by_reference, sight_of
from forum.concerns.receipts import reference_as_meant
from forum.concerns.views import desk_queue_page
from forum.core.access import require, staff
from forum.core.errors import Refusal
from forum.core.forms import clean_line
from forum.core.shared_pages import shared_page
from forum.extensions import db

blueprint = Blueprint("concerns_desk", __name__, url_prefix="/desk/concerns")


def concern_or_404(reference: str) -> tuple[Concern, Sight]:
    """The concern when the reader sees it on the desk, with how they see; else it does not exist. A reviewer who has
    not said yet that a complaint is not about them is asked that first."""
    found, sight = unread_or_404(reference)
    if policy.must_state(sight, found) and db.session.scalar(has_stated(found.id, sight.id)) is None:
        abort(redirect(url_for("concerns_desk.statement", reference=found.reference), 303))
    return found, sight


def unread_or_404(reference: str) -> tuple[Concern, Sight]:
    """The same, without being asked."""
    sight = sight_of(current_user)
    meant = reference_as_meant(reference)
    found = db.session.scalars(on_desk_by_reference(sight, meant)).one_or_none() if meant else None
    require(found is not None)
    assert found is not None
    return found, sight


def case_url(concern: Concern, **anchor: Any) -> str:
    """Where the whole case stands."""
    return url_for("concerns_desk.case", reference=concern.reference, **anchor)


@blueprint.get("")
@staff(*policy.DESK)
def queue() -> str | Response:
    """Concerns of one's beats, late first."""
    return shared_page(
        "concerns/desk_queue.html",
        lambda: desk_queue_page.context(sight_of(current_user), request.args),
        alone=True,
    )


@blueprint.post("/views")
@staff(*policy.DESK)
def save_filter() -> Response:
    """Keep the filters of the page under a name."""
    filters = QueueFilters.from_args(request.form)
    name = clean_line(request.form.get("name"))[:60]
    try:
        save_view(actor=current_user, name=name, query=urlencode(filters.as_args()))
        flash(_("Kept. You find it above the queue."), "success")
    except Refusal as refusal:
        flash(str(refusal.message), "error")
    return redirect(url_for("concerns_desk.queue", **filters.as_args()), 303)


@blueprint.post("/views/<int:view_id>/remove")
@staff(*policy.DESK)
def forget_filter(view_id: int) -> Response:
    """Remove one of one's own."""
    view = db.session.scalars(view_of(current_user.id, view_id)).one_or_none()
    require(view is not None)
    assert view is not None
    remove_view(view=view)
    flash(_("Removed."), "success")
    return redirect(url_for("concerns_desk.queue"), 303)


@blueprint.post("/<reference>/take")
@staff(*policy.DESK)
def take(reference: str) -> Response:
    """Assign it to oneself, and go on where one was."""
    concern, sight = concern_or_404(reference)
    try:
        if not policy.can_assign(sight, concern):
            raise Refusal(_("Somebody else has this concern. Ask them, or a supervisor."))
        assign_concern(actor=current_user, concern=concern, to=current_user._get_current_object())
        flash(_("%(reference)s is yours now.", reference=concern.reference), "success")
    except Refusal as refusal:
        flash(str(refusal.message), "error")
    if "back" in request.form:
        return redirect(url_for("concerns_desk.queue", **QueueFilters.from_args(request.form).as_args()), 303)
    return redirect(case_url(concern), 303)
