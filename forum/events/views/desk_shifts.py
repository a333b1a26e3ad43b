"""Volunteer shifts on the desk: plan them, see who helps, count hours, take the hours out as a file."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.core.access import require, staff
from forum.core.errors import Refusal
from forum.core.exports import csv_response
from forum.core.forms import unprocessable
from forum.events import policy
from forum.events.forms.shifts import HelperForm, HoursForm, ShiftForm
from forum.events.models import Occurrence, Shift, ShiftSignup
from forum.events.operations.shifts import (
    add_helper,
    add_shift,
    change_shift,
    count_hours,
    note_hours_export,
    remove_helper,
    remove_shift,
)
from forum.events.queries.shifts import hours_of, with_helpers
from forum.events.views.desk_shift_pages import csv_row, list_context, one_context
from forum.events.views.public import occurrence_or_404
from forum.extensions import db

blueprint = Blueprint("events_shifts", __name__, url_prefix="/desk/events/<int:event_id>/dates/<day>")


@blueprint.get("/shifts")
@staff(*policy.DESK)
def shifts(event_id: int, day: str) -> str:
    """Every shift of the date with who took it."""
    return render_template("events/desk_shifts.html", **list_context(_occurrence(event_id, day)))


@blueprint.post("/shifts")
@staff(*policy.EDITORS)
def add(event_id: int, day: str) -> Response:
    """Offer another shift."""
    occurrence = _occurrence(event_id, day)
    form = ShiftForm()
    if form.validate():
        try:
            add_shift(actor=current_user, occurrence=occurrence, details=form.details())
            flash(_("The shift is on the event’s page."), "success")
            return _to_shifts(event_id, day)
        except Refusal as refusal:
            form.refuse(refusal)
    return unprocessable("events/desk_shifts.html", **list_context(occurrence, form))


@blueprint.get("/shifts/<int:shift_id>")
@staff(*policy.DESK)
def shift(event_id: int, day: str, shift_id: int) -> str:
    """One shift: who helps, their hours, and its own facts to change."""
    occurrence = _occurrence(event_id, day)
    return render_template("events/desk_shift.html", **one_context(occurrence, _shift(occurrence, shift_id)))


@blueprint.post("/shifts/<int:shift_id>")
@staff(*policy.EDITORS)
def save(event_id: int, day: str, shift_id: int) -> Response:
    """Change it; who took it stays."""
    occurrence = _occurrence(event_id, day)
    found = _shift(occurrence, shift_id)
    form = ShiftForm()
    if form.validate():
        try:
            change_shift(actor=current_user, shift=found, details=form.details())
            flash(_("Saved."), "success")
            return _to_shifts(event_id, day)
        except Refusal as refusal:
            form.refuse(refusal)
    return unprocessable("events/desk_shift.html", **one_context(occurrence, found, form=form))


@blueprint.post("/shifts/<int:shift_id>/remove")
@staff(*policy.EDITORS)
def remove(event_id: int, day: str, shift_id: int) -> Response:
    """Take the shift away."""
    occurrence = _occurrence(event_id, day)
    found = _shift(occurrence, shift_id)
    try:
        remove_shift(actor=current_user, shift=found)
    except Refusal as refusal:
        return unprocessable("events/desk_shift.html", **one_context(occurrence, found, refused=str(refusal)))
    flash(_("Taken away."), "success")
    return _to_shifts(event_id, day)


@blueprint.post("/shifts/<int:shift_id>/helpers")
@staff(*policy.EDITORS)
def add_name(event_id: int, day: str, shift_id: int) -> Response:
    """Write down somebody without an account."""
    occurrence = _occurrence(event_id, day)
    found, form = _shift(occurrence, shift_id), HelperForm()
    if form.validate():
        try:
            made = add_helper(actor=current_user, shift=found, name=form.name.data or "")
            flash(_("%(name)s has the shift.", name=made.name), "success")
            return _to_shift(event_id, day, shift_id)
        except Refusal as refusal:
            form.refuse(refusal)
    return unprocessable("events/desk_shift.html", **one_context(occurrence, found, helper=form))


@blueprint.post("/shifts/<int:shift_id>/helpers/<int:signup_id>/remove")
@staff(*policy.EDITORS)
def remove_name(event_id: int, day: str, shift_id: int, signup_id: int) -> Response:
    """Take a helper off, on their word; pressed twice, they are off once."""
    found = _shift(_occurrence(event_id, day), shift_id)
    signup = db.session.get(ShiftSignup, signup_id)
    if signup is not None and signup.shift_id == found.id:
        remove_helper(actor=current_user, signup=signup)
    flash(_("Taken off the shift."), "success")
    return _to_shift(event_id, day, shift_id)


@blueprint.post("/shifts/<int:shift_id>/hours")
@staff(*policy.EDITORS)
def hours(event_id: int, day: str, shift_id: int) -> Response:
    """Keep the hours that helpers gave."""
    occurrence = _occurrence(event_id, day)
    found, form = _shift(occurrence, shift_id), HoursForm()
    if form.validate():
        try:
            count_hours(actor=current_user, shift=found, worked=form.worked(found))
            flash(_("Saved."), "success")
            return _to_shift(event_id, day, shift_id)
        except Refusal as refusal:
            form.refuse(refusal)
    return unprocessable("events/desk_shift.html", **one_context(occurrence, found, hours=form))


@blueprint.post("/hours.csv")
@staff(*policy.EDITORS)
def export(event_id: int, day: str) -> Response:
    """The hours of the date as a file; a POST, since the ledger keeps who took names out of the site."""
    occurrence = _occurrence(event_id, day)
    signups = list(db.session.scalars(hours_of(current_user, occurrence.id)))
    note_hours_export(actor=current_user, occurrence=occurrence, rows=len(signups))
    table = [csv_row(signup, occurrence) for signup in signups]
    head = [_("Event"), _("Date"), _("Shift"), _("Starts"), _("Ends"), _("Helper"), _("Hours")]
    return csv_response(f"hours-{occurrence.original_date.isoformat()}", head, table)


def _occurrence(event_id: int, day: str) -> Occurrence:
    require(policy.can_see_desk(current_user))
    return occurrence_or_404(event_id, day)


def _shift(occurrence: Occurrence, shift_id: int) -> Shift:
    wanted = with_helpers(current_user, occurrence.id).where(Shift.id == shift_id)
    return db.session.scalars(wanted).first() or abort(404)


def _to_shifts(event_id: int, day: str) -> Response:
    return redirect(url_for("events_shifts.shifts", event_id=event_id, day=day), 303)


def _to_shift(event_id: int, day: str, shift_id: int) -> Response:
    return redirect(url_for("events_shifts.shift", event_id=event_id, day=day, shift_id=shift_id), 303)
