"""Days when nobody is there, as the administrator says."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.accounts.models import Role
from forum.concerns.forms.admin import HolidayForm
from forum.concerns.models import Holiday
from forum.concerns.operations import hours as operations
from forum.concerns.queries.clocks import holidays
from forum.core.access import staff
from forum.core.errors import Refusal
from forum.core.forms import unprocessable
from forum.extensions import db

blueprint = Blueprint("concerns_holidays", __name__, url_prefix="/admin/concerns/holidays")
TEMPLATE = "concerns/admin_holidays.html"


@blueprint.get("")
@staff(Role.ADMINISTRATOR)
def list_holidays() -> str:
    """All of them, and a form for one more."""
    return render_template(TEMPLATE, form=HolidayForm(), holidays=db.session.scalars(holidays()).all())


@blueprint.post("")
@staff(Role.ADMINISTRATOR)
def add() -> Response:
    """One more."""
    form = HolidayForm()
    if form.validate():
        try:
            operations.add_holiday(actor=current_user, day=form.day.data, name=form.name.data or "")
            flash(_("Saved."), "success")
            return redirect(url_for("concerns_holidays.list_holidays"), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    return unprocessable(TEMPLATE, form=form, holidays=db.session.scalars(holidays()).all())


@blueprint.post("/<int:holiday_id>/remove")
@staff(Role.ADMINISTRATOR)
def remove(holiday_id: int) -> Response:
    """One less."""
    holiday = db.session.get(Holiday, holiday_id) or abort(404)
    operations.remove_holiday(actor=current_user, holiday=holiday)
    flash(_("Taken off the list."), "success")
    return redirect(url_for("concerns_holidays.list_holidays"), 303)
