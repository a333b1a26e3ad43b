"""When the agency is there, as the administrator says."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.accounts.models import Role
from forum.concerns.forms.admin import HoursForm
from forum.concerns.operations.hours import save_hours
from forum.concerns.queries.clocks import calendar_now
from forum.core.access import staff
from forum.core.errors import Refusal
from forum.core.forms import unprocessable

blueprint = Blueprint("concerns_hours", __name__, url_prefix="/admin/concerns/hours")
TEMPLATE = "concerns/admin_hours.html"


@blueprint.get("")
@staff(Role.ADMINISTRATOR)
def hours() -> str:
    """A line for each day of the week."""
    known = calendar_now().hours
    lines = {
        f"day_{weekday}": ", ".join(
            f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in known.get(weekday, ())
        )
        for weekday in range(7)
    }
    return render_template(TEMPLATE, form=HoursForm(**lines))


@blueprint.post("")
@staff(Role.ADMINISTRATOR)
def save() -> Response:
    """Replace them."""
    form = HoursForm()
    if form.validate():
        try:
            save_hours(actor=current_user, hours=form.hours())
            flash(_("Saved."), "success")
            return redirect(url_for("concerns_hours.hours"), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    return unprocessable(TEMPLATE, form=form)
