"""Before a reviewer reads a complaint that nobody has screened: is it about you?"""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.accounts.models import Role
from forum.concerns import policy
from forum.concerns.models import Concern
from forum.concerns.operations.handing import step_back
from forum.concerns.operations.stating import state_not_mine
from forum.concerns.views.desk import blueprint, case_url, unread_or_404
from forum.concerns.words import about_words
from forum.core.access import require, staff
from forum.core.errors import Refusal
from forum.core.forms import Form
from forum.core.templating import date_short


@blueprint.get("/<reference>/statement")
@staff(Role.REVIEWER)
def statement(reference: str) -> str:
    """What can be said of it without a word of it: which kind, where, and on which day."""
    concern = _unscreened_or_404(reference)
    return render_template(
        "concerns/desk_statement.html",
        concern=concern,
        about=about_words(concern.about),
        arrived=date_short(concern.arrived_at),
        form=Form(formdata=None),
    )


@blueprint.post("/<reference>/statement")
@staff(Role.REVIEWER)
def state(reference: str) -> Response:
    """``go``: "not_me" opens it, on record; "me" keeps it from its reader for good; anything else asks again."""
    concern, go = _unscreened_or_404(reference), request.form.get("go")
    try:
        if go == "not_me":
            state_not_mine(actor=current_user, concern=concern)
            return redirect(case_url(concern), 303)
        if go == "me":
            me = current_user._get_current_object()
            step_back(actor=current_user, concern=concern, person=me, named=True)
            flash(_("You will not see this concern. Somebody else reads it."), "success")
            return redirect(url_for("concerns_desk.queue"), 303)
    except Refusal as refusal:
        flash(str(refusal.message), "error")
    return redirect(url_for("concerns_desk.statement", reference=reference), 303)


def _unscreened_or_404(reference: str) -> Concern:
    concern, sight = unread_or_404(reference)
    require(policy.must_state(sight, concern))
    return concern
