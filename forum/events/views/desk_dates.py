"""Single dates on the desk: move, cancel, reinstate; who comes; callers."""

from __future__ import annotations

from typing import Any, TypeVar

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.core.access import require, staff
from forum.core.errors import Refusal
from forum.core.forms import Form, unprocessable
from forum.core.shared_pages import shared_page
from forum.events import policy
from forum.events.forms.desk import THIS, CallerForm, ChangeAnswerForm, MoveForm, ReasonForm
from forum.events.forms.extras import NeedsFields, needs_values
from forum.events.models import Answer, Occurrence, Place, Rsvp
from forum.events.operations.changes import version_of
from forum.events.operations.needs import keep_needs
from forum.events.operations.occurrences import (
    cancel_occurrence,
    move_occurrence,
    reinstate_occurrence,
)
from forum.events.operations.rsvp import add_phone_in, change_for_caller
from forum.events.operations.series import change_series
from forum.events.queries.needs import needs_of
from forum.events.views import desk_series, rows
from forum.events.views.public import occurrence_or_404
from forum.events.views.roster_page import roster_context
from forum.extensions import db

NeedsForm = TypeVar("NeedsForm", bound=NeedsFields)
blueprint = Blueprint("events_dates", __name__, url_prefix="/desk/events/<int:event_id>/dates/<day>")


@blueprint.get("/move")
@staff(*policy.EDITORS)
def move(event_id: int, day: str) -> str:
    """The form with when and where it is now."""
    occurrence = _occurrence(event_id, day)
    start, end = rows.local_start(occurrence), rows.local_end(occurrence)
    event = occurrence.event
    form = MoveForm(
        version=version_of(event),
        starts_on=start.date(),
        starts=start.time(),
        ends=end.time(),
        reason=occurrence.reason,
        place_name=event.place_name if occurrence.place_name is None else occurrence.place_name,
        place_address=event.place_address if occurrence.place_address is None else occurrence.place_address,
    )
    return render_template("events/desk_move.html", **_moving(occurrence, form))


@blueprint.post("/move")
@staff(*policy.EDITORS)
def save_move(event_id: int, day: str) -> str | Response:
    """Move it, answers stay; when more than it is meant, show what that changes, then change it."""
    occurrence = _occurrence(event_id, day)
    form = MoveForm()
    if form.validate():
        if desk_series.asked("back"):
            return render_template("events/desk_move.html", **_moving(occurrence, form))
        try:
            return _moved(occurrence, form)
        except Refusal as refusal:
            form.refuse(refusal)
            form.version.data = version_of(occurrence.event)
    return unprocessable("events/desk_move.html", **_moving(occurrence, form))


@blueprint.get("/cancel")
@staff(*policy.EDITORS)
def cancel(event_id: int, day: str) -> str:
    """Ask why."""
    return render_template("events/desk_reason.html", **_asking(_occurrence(event_id, day), ReasonForm()))


@blueprint.post("/cancel")
@staff(*policy.EDITORS)
def save_cancel(event_id: int, day: str) -> Response:
    """Cancel this date alone."""
    occurrence = _occurrence(event_id, day)
    form = ReasonForm()
    if form.validate():
        cancel_occurrence(actor=current_user, occurrence=occurrence, reason=form.reason.data)
        flash(_("This date is cancelled. Who answered is told, and calendars follow."), "success")
        return _to_event(event_id)
    return unprocessable("events/desk_reason.html", **_asking(occurrence, form))


@blueprint.post("/reinstate")
@staff(*policy.EDITORS)
def reinstate(event_id: int, day: str) -> Response:
    """Let it take place after all."""
    reinstate_occurrence(actor=current_user, occurrence=_occurrence(event_id, day))
    flash(_("This date takes place after all."), "success")
    return _to_event(event_id)


@blueprint.get("/roster")
@staff(*policy.DESK)
def roster(event_id: int, day: str) -> str | Response:
    """Who comes."""
    return shared_page("events/desk_roster.html", lambda: _roster(_occurrence(event_id, day)), alone=True)


@blueprint.post("/roster/callers")
@staff(*policy.EDITORS)
def add_caller(event_id: int, day: str) -> Response:
    """Take down a caller's answer."""
    occurrence = _occurrence(event_id, day)
    form = _fitting(CallerForm(), occurrence)
    if form.validate():
        try:
            rsvp = add_phone_in(
                actor=current_user,
                occurrence=occurrence,
                name=form.name.data,
                party_size=form.party_size.data,
            )
            keep_needs(rsvp=rsvp, needs=form.needs())
            waits = rsvp.place == Place.WAITING
            flash(
                _("%(name)s is on the waitlist.", name=rsvp.name)
                if waits
                else _("%(name)s has a place.", name=rsvp.name),
                "success",
            )
            return _to_roster(event_id, day)
        except Refusal as refusal:
            form.refuse(refusal)
    return unprocessable("events/desk_roster.html", **_roster(occurrence, caller=form))


@blueprint.get("/roster/<int:rsvp_id>")
@staff(*policy.EDITORS)
def answer(event_id: int, day: str, rsvp_id: int) -> str:
    """One answer, to change on its owner's word."""
    rsvp = _rsvp(_occurrence(event_id, day), rsvp_id)
    kept = db.session.scalars(needs_of(rsvp.id)).first()
    form = ChangeAnswerForm(answer=str(rsvp.answer), party_size=rsvp.party_size, **needs_values(kept))
    return render_template(
        "events/desk_answer.html", **_answering(rsvp, _fitting(form, rsvp.occurrence), day)
    )


@blueprint.post("/roster/<int:rsvp_id>")
@staff(*policy.EDITORS)
def save_answer(event_id: int, day: str, rsvp_id: int) -> Response:
    """Change it under everyone's rules."""
    rsvp = _rsvp(_occurrence(event_id, day), rsvp_id)
    form = _fitting(ChangeAnswerForm(), rsvp.occurrence)
    if form.validate():
        try:
            change_for_caller(
                actor=current_user,
                rsvp=rsvp,
                answer=Answer(form.answer.data),
                party_size=form.party_size.data,
            )
            keep_needs(rsvp=rsvp, needs=form.needs())
            flash(_("Changed."), "success")
            return _to_roster(event_id, day)
        except Refusal as refusal:
            form.refuse(refusal)
    return unprocessable("events/desk_answer.html", **_answering(rsvp, form, day))


def _occurrence(event_id: int, day: str) -> Occurrence:
    require(policy.can_see_desk(current_user))
    return occurrence_or_404(event_id, day)


def _rsvp(occurrence: Occurrence, rsvp_id: int) -> Rsvp:
    rsvp = db.session.get(Rsvp, rsvp_id)
    if rsvp is None or rsvp.occurrence_id != occurrence.id:
        abort(404)
    require(policy.can_see_rsvp(current_user, rsvp))
    return rsvp


def _roster(occurrence: Occurrence, caller: Form | None = None) -> dict[str, Any]:
    return roster_context(current_user, occurrence) | {
        "caller_form": caller or _fitting(CallerForm(formdata=None), occurrence)
    }


def _moved(occurrence: Occurrence, form: MoveForm) -> str | Response:
    event, anchor = occurrence.event, occurrence.original_date
    if form.scope.data == THIS or not event.is_series:
        move_occurrence(actor=current_user, occurrence=occurrence, **form.changes())
    else:
        details, since = desk_series.move_details(occurrence, form)
        page = desk_series.preview(event, details, since, anchor=anchor, form=form)
        if page is not None and not desk_series.asked("change"):
            return page
        change = {"since": since, "anchor": anchor, "reason": form.reason.data, "version": form.version.data}
        event = change_series(actor=current_user, event=event, details=details, **change)
    flash(_("Moved. Who answered is told, and calendars follow."), "success")
    return _to_event(event.id)


def _fitting(form: NeedsForm, occurrence: Occurrence) -> NeedsForm:
    form.ask_needs(occurrence.event)
    return form


def _answering(rsvp: Rsvp, form: ChangeAnswerForm, day: str) -> dict[str, Any]:
    occurrence = rsvp.occurrence
    return {
        "rsvp": rsvp,
        "form": form,
        "row": rows.event_row(occurrence),
        "day": day,
        "event": occurrence.event,
    }


def _moving(occurrence: Occurrence, form: MoveForm) -> dict[str, Any]:
    return {"event": occurrence.event, "row": rows.event_row(occurrence), "form": form}


def _asking(occurrence: Occurrence, form: ReasonForm) -> dict[str, Any]:
    return {
        "event": occurrence.event,
        "form": form,
        "row": rows.event_row(occurrence),
        "heading": _("Cancel this date"),
        "effect": _(
            "Only this date is cancelled. It stays on the site with your reason, calendars mark it, and everyone "
            "who said going or maybe is told by mail."
        ),
        "submit": _("Cancel this date"),
        "back_url": url_for("events_desk.overview", event_id=occurrence.event_id),
    }


def _to_event(event_id: int) -> Response:
    return redirect(url_for("events_desk.overview", event_id=event_id), 303)


def _to_roster(event_id: int, day: str) -> Response:
    return redirect(url_for("events_dates.roster", event_id=event_id, day=day), 303)
