"""Closings that somebody disputes, and the decision of somebody else."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.concerns import policy
from forum.concerns.forms.desk import DecideForm
from forum.concerns.models import Concern, Dispute, Outcome
from forum.concerns.operations.deciding import decide_dispute
from forum.concerns.policy import Sight, in_days
from forum.concerns.queries import desk
from forum.concerns.queries.sight import sight_of
from forum.concerns.queries.thread import closing_entry_of
from forum.concerns.views.desk import blueprint, case_url, concern_or_404
from forum.concerns.views.desk_thread import person_sees
from forum.concerns.words import desk_title
from forum.core.access import require, staff
from forum.core.errors import Refusal
from forum.core.forms import unprocessable
from forum.core.templating import date_short, moment
from forum.extensions import db

PAGE = 100
TEMPLATE = "concerns/desk_dispute.html"


@blueprint.get("/disputes")
@staff(*policy.DESK)
def disputes() -> str:
    """Those that nobody has decided, the oldest first."""
    sight = sight_of(current_user)
    found = db.session.scalars(desk.undecided(sight).limit(PAGE)).unique()
    return render_template("concerns/desk_disputes.html", disputes=[_line(sight, each) for each in found])


@blueprint.get("/<reference>/dispute")
@staff(*policy.DESK)
def dispute(reference: str) -> str:
    """Why it was closed, why that is disputed, and the decision to take."""
    concern, sight = concern_or_404(reference)
    return render_template(TEMPLATE, **_context(concern, sight, DecideForm()))


@blueprint.post("/<reference>/dispute")
@staff(*policy.DESK)
def decide(reference: str) -> Response:
    """Decide."""
    concern, sight = concern_or_404(reference)
    form = DecideForm()
    context = _context(concern, sight, form)
    if form.validate():
        try:
            decide_dispute(
                actor=current_user,
                concern=concern,
                outcome=Outcome(form.outcome.data),
                text=form.text.data or "",
            )
            flash(_("Decided. The person can read it now."), "success")
            return redirect(case_url(concern), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    return unprocessable(TEMPLATE, **context)


def _context(concern: Concern, sight: Sight, form: DecideForm) -> dict[str, Any]:
    found = db.session.scalars(desk.undecided_of(concern.id)).one_or_none()
    closing = db.session.scalars(closing_entry_of(concern.id)).one_or_none()
    require(found is not None)
    assert found is not None
    return {
        "concern": concern,
        "dispute": found,
        "raised": _day(concern, found),
        "closing": person_sees(closing, concern, closing.staff) if closing else None,
        "may_decide": policy.can_decide(sight, concern, found.closed_by_id),
        "form": form,
    }


def _line(sight: Sight, found: Dispute) -> dict[str, Any]:
    concern = found.concern
    return {
        "concern": concern,
        "title": desk_title(concern),
        "raised": _day(concern, found),
        "closed_by": found.closed_by.name if found.closed_by else "",
        "may_decide": policy.can_decide(sight, concern, found.closed_by_id),
    }


def _day(concern: Concern, found: Dispute) -> str:
    return date_short(found.raised_at) if in_days(concern) else moment(found.raised_at)
