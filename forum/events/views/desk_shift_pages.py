"""What the desk's pages of volunteer shifts show, and the rows of the hours' file."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_login import current_user

from forum.core import clock
from forum.events import policy
from forum.events.forms.shifts import HelperForm, HoursForm, ShiftForm, hour_values, typed_hours
from forum.events.models import Occurrence, Shift, ShiftSignup
from forum.events.queries.shifts import with_helpers
from forum.events.views import rows
from forum.events.views.after_page import shift_line
from forum.events.views.date_tabs import date_tabs
from forum.extensions import db


def list_context(occurrence: Occurrence, form: ShiftForm | None = None) -> dict[str, Any]:
    """Template variables of ``events/desk_shifts.html``."""
    where = _where(occurrence)
    found = list(db.session.scalars(with_helpers(current_user, occurrence.id)))
    return _page(occurrence) | {
        "form": form or _empty(occurrence),
        "shifts": [
            shift_line(shift, occurrence)
            | {
                "helpers": [signup.called for signup in shift.signups],
                "url": url_for("events_shifts.shift", shift_id=shift.id, **where),
            }
            for shift in found
        ],
        "hours": typed_hours(sum(signup.worked or 0 for shift in found for signup in shift.signups)),
        "add_url": url_for("events_shifts.add", **where),
        "export_url": url_for("events_shifts.export", **where),
        "public_url": url_for("events.shifts", **where),
    }


def one_context(
    occurrence: Occurrence,
    shift: Shift,
    form: ShiftForm | None = None,
    helper: HelperForm | None = None,
    hours: HoursForm | None = None,
    refused: str = "",
) -> dict[str, Any]:
    """Template variables of ``events/desk_shift.html``; a form that was refused comes with what was typed."""
    where = {**_where(occurrence), "shift_id": shift.id}
    line = shift_line(shift, occurrence)
    return _page(occurrence) | {
        "shift": line,
        "begun": shift.starts_at <= clock.now(),
        "helpers": [_helper(signup, where) for signup in shift.signups],
        "typed": hour_values(shift, request.form if hours is not None else None),
        "form": form or _filled(occurrence, shift),
        "helper_form": helper or HelperForm(formdata=None),
        "hours_form": hours or HoursForm(formdata=None),
        "save_url": url_for("events_shifts.save", **where),
        "helper_url": url_for("events_shifts.add_name", **where),
        "hours_url": url_for("events_shifts.hours", **where),
        "remove_url": url_for("events_shifts.remove", **where),
        "refused": [(None, refused)] if refused else [],
        "list_url": url_for("events_shifts.shifts", **_where(occurrence)),
    }


def csv_row(signup: ShiftSignup, occurrence: Occurrence) -> list[str]:
    """One helper in one shift, in the event's zone; hours with a point, empty when not counted."""
    shift = signup.shift
    zone = occurrence.event.tz
    start, end = clock.to_local(shift.starts_at, zone), clock.to_local(shift.ends_at, zone)
    return [
        occurrence.event.title,
        start.date().isoformat(),
        shift.title,
        f"{start:%H:%M}",
        f"{end:%H:%M}",
        signup.called,
        typed_hours(signup.worked),
    ]


def _where(occurrence: Occurrence) -> dict[str, Any]:
    return {"event_id": occurrence.event_id, "day": occurrence.original_date.isoformat()}


def _page(occurrence: Occurrence) -> dict[str, Any]:
    return {
        "event": occurrence.event,
        "row": rows.event_row(occurrence),
        "tabs": date_tabs(occurrence, "events_shifts.shifts"),
        "back_url": url_for("events_desk.overview", event_id=occurrence.event_id),
        "can_edit": policy.can_edit_events(current_user),
    }


def _helper(signup: ShiftSignup, where: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": signup.id,
        "name": signup.called,
        "has_account": signup.person_id is not None,
        "remove_url": url_for("events_shifts.remove_name", signup_id=signup.id, **where),
    }


def _empty(occurrence: Occurrence) -> ShiftForm:
    """The date's own hours, to be made narrower."""
    start, end = rows.local_start(occurrence), rows.local_end(occurrence)
    return ShiftForm(formdata=None, day=start.date(), starts=start.time(), ends=end.time(), capacity=5)


def _filled(occurrence: Occurrence, shift: Shift) -> ShiftForm:
    zone = occurrence.event.tz
    start, end = clock.to_local(shift.starts_at, zone), clock.to_local(shift.ends_at, zone)
    return ShiftForm(
        formdata=None,
        title=shift.title,
        day=start.date(),
        starts=start.time(),
        ends=end.time(),
        capacity=shift.capacity,
        bring=shift.bring,
    )
