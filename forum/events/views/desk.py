"""The desk's events: list, create, edit, overview."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.core import clock, uploads
from forum.core.access import require, staff
from forum.core.errors import Refusal
from forum.core.forms import unprocessable
from forum.core.languages import page_language
from forum.events import policy
from forum.events.forms.event import EventForm, form_values
from forum.events.models import Event, EventStatus, RsvpPolicy
from forum.events.operations.changes import version_of
from forum.events.operations.details import details_since
from forum.events.operations.events import create_event, duplicate_event, edit_event, publish_event
from forum.events.operations.series import change_series
from forum.events.queries import single
from forum.events.views import desk_pages, desk_series
from forum.extensions import db

blueprint = Blueprint("events_desk", __name__, url_prefix="/desk/events")
PAGE = 30


@blueprint.get("")
@staff(*policy.DESK)
def list_events() -> str:
    """Events lately changed first, by status and words."""
    status = EventStatus(request.args["status"]) if request.args.get("status") in list(EventStatus) else None
    q = request.args.get("q", "")[:200]
    wanted = single.desk_events(
        current_user, status=status, q=q, after=desk_pages.key(request.args.get("after", ""))
    )
    events = list(db.session.scalars(wanted.limit(PAGE + 1)).unique())
    context = desk_pages.list_context(current_user, events, status, q, PAGE)
    return render_template("events/desk_list.html", **context)


@blueprint.get("/new")
@staff(*policy.EDITORS)
def new_event() -> str:
    """An empty form."""
    form = EventForm(
        zone=str(clock.agency_zone()), rsvp_policy=str(RsvpPolicy.WELCOME), language=page_language()
    )
    return render_template("events/desk_form.html", **_form_context(form, None))


@blueprint.post("/new")
@staff(*policy.EDITORS)
def create() -> str | Response:
    """Save a draft, or publish it at once, or show the dates it would make."""
    form = EventForm()
    _offer(form)
    if form.validate() and not _previews():
        picture = ""
        try:
            picture = _picture(form, None)
            event = create_event(actor=current_user, details=form.details(picture))
            if request.form.get("then") == "publish":
                publish_event(actor=current_user, event=event)
            flash(_("Published.") if event.is_public else _("Saved as a draft."), "success")
            return redirect(url_for("events_desk.overview", event_id=event.id), 303)
        except Refusal as refusal:
            _discard(picture)
            form.refuse(refusal)
    return _again(form, None)


@blueprint.get("/<int:event_id>")
@staff(*policy.DESK)
def overview(event_id: int) -> str:
    """One event with everything that can be done, its dates, and who changed what."""
    event = event_or_404(event_id)
    return render_template("events/desk_event.html", **desk_pages.overview_context(current_user, event))


@blueprint.get("/<int:event_id>/edit")
@staff(*policy.EDITORS)
def edit(event_id: int) -> str:
    """The form with what there is."""
    event = event_or_404(event_id)
    since = desk_series.since_of(event)
    form = EventForm(data=form_values(event, details_since(event, since) if since else None))
    return render_template("events/desk_form.html", **_form_context(form, event))


@blueprint.post("/<int:event_id>/edit")
@staff(*policy.EDITORS)
def save(event_id: int) -> str | Response:
    """Change all dates of the event, or those from ``?since=`` on; refused when someone else changed it meanwhile."""
    event = event_or_404(event_id)
    form = EventForm()
    _offer(form)
    picture = before = event.picture
    if form.validate() and not _previews() and not desk_series.asked("back"):
        try:
            _refuse_stale(form, event)
            if page := _preview_of(form, event):
                return page
            picture = _picture(form, event)
            return _saved(form, event, picture)
        except Refusal as refusal:
            _discard(picture, before)
            form.refuse(refusal)
    return _again(form, event)


@blueprint.post("/<int:event_id>/duplicate")
@staff(*policy.EDITORS)
def duplicate(event_id: int) -> Response:
    """A draft like it, a week later, opened for editing."""
    copy = duplicate_event(actor=current_user, event=event_or_404(event_id))
    flash(_("This is a copy, a week later. Change what differs."), "success")
    return redirect(url_for("events_desk.edit", event_id=copy.id), 303)


def event_or_404(event_id: int) -> Event:
    """The event, for who may see the desk."""
    require(policy.can_see_desk(current_user))
    event = db.session.scalars(single.event_by_id(current_user, event_id)).unique().first()
    return event or abort(404)


def _preview_of(form: EventForm, event: Event) -> str | None:
    """What a change does to the dates of a series, when it does anything and was not looked at yet."""
    if not event.is_series or desk_series.asked("change"):
        return None
    asks_picture = bool(form.picture.data)
    details = form.details(event.picture)
    since = desk_series.since_of(event)
    return desk_series.preview(event, details, since, form=form, asks_picture=asks_picture)


def _saved(form: EventForm, event: Event, picture: str) -> Response:
    details = form.details(picture)
    if event.is_series:
        since, version = desk_series.since_of(event), form.version.data or None
        event = change_series(actor=current_user, event=event, details=details, since=since, version=version)
        changed = True
    else:
        changed = bool(edit_event(actor=current_user, event=event, details=details))
    flash(_("Saved. Calendars follow.") if changed else _("Nothing was different."), "success")
    return redirect(url_for("events_desk.overview", event_id=event.id), 303)


def _previews() -> bool:
    return request.form.get("then") == "preview"


def _offer(form: EventForm) -> None:
    kinds = db.session.scalars(single.offered_kinds())
    form.offer([(kind.id, kind.name(page_language())) for kind in kinds], str(clock.agency_zone()))


def _form_context(
    form: EventForm, event: Event | None, dates: list[datetime] | None = None
) -> dict[str, Any]:
    _offer(form)
    since = desk_series.since_of(event) if event else None
    return {"form": form, "event": event, "dates": dates, "since": since, "zones": str(clock.agency_zone())}


def _again(form: EventForm, event: Event | None) -> str | Response:
    """The form with its errors, or with the dates it would make when that was asked and nothing is wrong."""
    dates: list[datetime] | None = None
    if not form.has_errors and _previews():
        try:
            dates = desk_pages.preview(form.details())
        except Refusal as refusal:
            form.refuse(refusal)
    if form.has_errors:
        return unprocessable("events/desk_form.html", **_form_context(form, event))
    return render_template("events/desk_form.html", **_form_context(form, event, dates))


def _picture(form: EventForm, event: Event | None) -> str:
    """The stored name of the picture the event is to have: drawn anew before the write begins."""
    if form.picture.data:
        return uploads.read_picture(form.picture.data).store()
    if event is None or form.remove_picture.data:
        return ""
    return event.picture


def _discard(picture: str, before: str = "") -> None:
    """Forget a picture that came with what was refused (the form asks for it again), unless it was there *before*."""
    if picture != before:
        uploads.remove(picture)


def _refuse_stale(form: EventForm, event: Event) -> None:
    if form.version.data and form.version.data != version_of(event):
        form.version.data = version_of(event)
        raise Refusal(
            _(
                "Somebody else changed this event while you were writing. "
                "Look at it in another tab; save again to keep yours."
            )
        )
