"""Volunteer shifts for who wants to help: see them, take one, give it back. Never cached, as one's own stand out."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.core import clock
from forum.core.access import public_uncached, require, signed_in
from forum.core.errors import Refusal
from forum.core.forms import unprocessable
from forum.events import policy
from forum.events.models import Occurrence, Shift
from forum.events.operations.shifts import leave_shift, take_shift
from forum.events.queries import single
from forum.events.queries.shifts import minutes_worked, my_shifts, shift_by_id, taken_by
from forum.events.views import rows
from forum.events.views.after_page import shift_line, shift_lines
from forum.events.views.public import blueprint, occurrence_or_404
from forum.extensions import db


@blueprint.get("/events/<int:event_id>/shifts")
@blueprint.get("/events/<int:event_id>/shifts/<day>")
@public_uncached
def shifts(event_id: int, day: str | None = None) -> str:
    """The shifts of a date, one's own marked."""
    return render_template("events/shifts.html", **_context(_occurrence(event_id, day)))


@blueprint.post("/events/<int:event_id>/shifts/<int:shift_id>/take")
@signed_in
def take(event_id: int, shift_id: int) -> Response:
    """Sign up."""
    occurrence = _shift(event_id, shift_id).occurrence
    try:
        taken = take_shift(actor=current_user, shift_id=shift_id)
    except Refusal as refusal:
        return _refused(occurrence, refusal)
    flash(_("The shift is yours: %(title)s. Thank you.", title=taken.title), "success")
    return redirect(shifts_url(occurrence), 303)


@blueprint.post("/events/<int:event_id>/shifts/<int:shift_id>/leave")
@signed_in
def leave(event_id: int, shift_id: int) -> Response:
    """Give it back."""
    occurrence = _shift(event_id, shift_id).occurrence
    try:
        left = leave_shift(actor=current_user, shift_id=shift_id)
    except Refusal as refusal:
        return _refused(occurrence, refusal)
    flash(_("Given back: %(title)s. Somebody else can take it now.", title=left.title), "success")
    return redirect(shifts_url(occurrence), 303)


def shifts_url(occurrence: Occurrence) -> str:
    """The page of a date's shifts."""
    day = occurrence.original_date.isoformat() if occurrence.event.is_series else None
    return url_for("events.shifts", event_id=occurrence.event_id, day=day)


def own_shifts() -> dict[str, Any]:
    """The reader's shifts to come and the hours they gave, for the page of their answers."""
    mine = db.session.scalars(my_shifts(current_user, since=clock.now())).unique()
    shown = [
        {
            "title": signup.shift.title,
            "row": rows.event_row(signup.shift.occurrence),
            "when": shift_line(signup.shift, signup.shift.occurrence)["when"],
            "url": shifts_url(signup.shift.occurrence),
        }
        for signup in mine
    ]
    return {"shifts": shown, "hours": round((db.session.scalar(minutes_worked(current_user)) or 0) / 60, 1)}


def _occurrence(event_id: int, day: str | None) -> Occurrence:
    """The date in the address; without one, a single event's own or a series' next."""
    if day is not None:
        found = occurrence_or_404(event_id, day)
    else:
        ahead = db.session.scalars(single.next_occurrence(event_id, clock.now())).first()
        found = ahead or db.session.scalars(single.last_occurrence(event_id)).first() or abort(404)
    require(policy.can_see_event(current_user, found.event))
    return found


def _shift(event_id: int, shift_id: int) -> Shift:
    found = db.session.scalars(shift_by_id(shift_id)).first()
    if found is None or found.occurrence.event_id != event_id:
        abort(404)
    require(policy.can_see_event(current_user, found.occurrence.event))
    return found


def _refused(occurrence: Occurrence, refusal: Refusal) -> Response:
    return unprocessable("events/shifts.html", **_context(occurrence), refused=[(None, str(refusal))])


def _context(occurrence: Occurrence) -> dict[str, Any]:
    here = shifts_url(occurrence)
    mine = (
        set(db.session.scalars(taken_by(current_user, occurrence.id)))
        if current_user.is_authenticated
        else set()
    )
    return {
        "event": occurrence.event,
        "row": rows.event_row(occurrence),
        "shifts": [_line(line, line["id"] in mine, occurrence) for line in shift_lines(occurrence)],
        "is_open": policy.takes_place(occurrence) and occurrence.ends_at > clock.now(),
        "sign_in_url": url_for("accounts.sign_in", next=here),
        "register_url": url_for("accounts.register", next=here),
    }


def _line(line: dict[str, Any], mine: bool, occurrence: Occurrence) -> dict[str, Any]:
    where: dict[str, Any] = {"event_id": occurrence.event_id, "shift_id": line["id"]}
    return line | {
        "mine": mine,
        "take_url": url_for("events.take", **where),
        "leave_url": url_for("events.leave", **where),
    }
