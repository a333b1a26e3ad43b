"""After a date, on the desk: minutes, action items, and what people said of it in sums."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.core.access import require, staff
from forum.core.errors import Refusal
from forum.core.forms import unprocessable
from forum.events import policy
from forum.events.forms.feedback import VERDICTS
from forum.events.forms.minutes import DoneForm, ItemForm, MinutesForm
from forum.events.models import ActionItem, Minutes, Occurrence
from forum.events.operations.minutes import (
    add_item,
    change_item,
    publish_minutes,
    remove_item,
    withdraw_minutes,
    write_minutes,
)
from forum.events.queries.attendance import attendance_of
from forum.events.queries.feedback import FEWEST, results_of
from forum.events.queries.minutes import minutes_of
from forum.events.views import rows
from forum.events.views.after_page import item_line
from forum.events.views.date_tabs import date_tabs
from forum.events.views.public import occurrence_or_404
from forum.extensions import db

blueprint = Blueprint("events_minutes", __name__, url_prefix="/desk/events/<int:event_id>/dates/<day>")


@blueprint.get("/minutes")
@staff(*policy.DESK)
def minutes(event_id: int, day: str) -> str:
    """The minutes with their action items, as they are written."""
    occurrence = _occurrence(event_id, day)
    return render_template("events/desk_minutes.html", **_writing(occurrence))


@blueprint.post("/minutes")
@staff(*policy.EDITORS)
def save_minutes(event_id: int, day: str) -> Response:
    """Keep them; with ``then=publish`` show them to everybody."""
    occurrence = _occurrence(event_id, day)
    form = MinutesForm()
    if form.validate():
        try:
            _write(occurrence, form)
            if request.form.get("then") == "publish":
                publish_minutes(actor=current_user, occurrence=occurrence)
                flash(_("Published. The minutes stand on the event’s page."), "success")
            else:
                flash(_("Saved."), "success")
            return _to_minutes(event_id, day)
        except Refusal as refusal:
            form.refuse(refusal)
    return _again(occurrence, form=form)


@blueprint.post("/minutes/withdraw")
@staff(*policy.EDITORS)
def withdraw(event_id: int, day: str) -> Response:
    """Make them a draft again."""
    withdraw_minutes(actor=current_user, occurrence=_occurrence(event_id, day))
    flash(_("The minutes are a draft again. They have left the event’s page."), "success")
    return _to_minutes(event_id, day)


@blueprint.post("/minutes/items")
@staff(*policy.EDITORS)
def add_action(event_id: int, day: str) -> Response:
    """Note what somebody is to do."""
    occurrence = _occurrence(event_id, day)
    form = ItemForm(prefix="item")
    if form.validate():
        try:
            add_item(actor=current_user, occurrence=occurrence, details=form.details())
            flash(_("Noted."), "success")
            return _to_minutes(event_id, day)
        except Refusal as refusal:
            form.refuse(refusal)
    return _again(occurrence, item_form=form)


@blueprint.get("/minutes/items/<int:item_id>")
@staff(*policy.EDITORS)
def action(event_id: int, day: str, item_id: int) -> str:
    """One action item, to change or to say what came of it."""
    occurrence = _occurrence(event_id, day)
    item = _item(occurrence, item_id)
    form = DoneForm(data=_values(item))
    return render_template("events/desk_item.html", **_item_context(occurrence, item, form))


@blueprint.post("/minutes/items/<int:item_id>")
@staff(*policy.EDITORS)
def save_action(event_id: int, day: str, item_id: int) -> Response:
    """Keep it."""
    occurrence = _occurrence(event_id, day)
    item = _item(occurrence, item_id)
    form = DoneForm()
    if form.validate():
        try:
            change_item(actor=current_user, item=item, details=form.details())
            flash(_("Saved."), "success")
            return _to_minutes(event_id, day)
        except Refusal as refusal:
            form.refuse(refusal)
    return unprocessable("events/desk_item.html", **_item_context(occurrence, item, form))


@blueprint.post("/minutes/items/<int:item_id>/remove")
@staff(*policy.EDITORS)
def remove_action(event_id: int, day: str, item_id: int) -> Response:
    """Take it away; pressed twice, it is gone once."""
    occurrence = _occurrence(event_id, day)
    if (item := _found(occurrence, item_id)) is not None:
        remove_item(actor=current_user, item=item)
    flash(_("Taken away."), "success")
    return _to_minutes(event_id, day)


@blueprint.get("/feedback")
@staff(*policy.DESK)
def feedback(event_id: int, day: str) -> str:
    """What people said of the date, in sums; nothing of it while there are too few."""
    occurrence = _occurrence(event_id, day)
    results = results_of(current_user, occurrence.id)
    return render_template(
        "events/desk_feedback.html",
        **_page(occurrence, "events_minutes.feedback"),
        results=results,
        fewest=FEWEST,
        verdicts=VERDICTS,
        columns=[_("Question"), *({"label": label, "number": True} for _verdict, label in VERDICTS)],
    )


def _occurrence(event_id: int, day: str) -> Occurrence:
    require(policy.can_see_desk(current_user))
    return occurrence_or_404(event_id, day)


def _item(occurrence: Occurrence, item_id: int) -> ActionItem:
    return _found(occurrence, item_id) or abort(404)


def _found(occurrence: Occurrence, item_id: int) -> ActionItem | None:
    item = db.session.get(ActionItem, item_id)
    return item if item is not None and item.minutes.occurrence_id == occurrence.id else None


def _write(occurrence: Occurrence, form: MinutesForm) -> Minutes:
    try:
        return write_minutes(
            actor=current_user,
            occurrence=occurrence,
            text=form.text.data or "",
            shows_attendance=bool(form.shows_attendance.data),
            version=form.started_from,
        )
    except Refusal:
        form.version.data = ""  # whoever has been told may save over the other's
        raise


def _page(occurrence: Occurrence, current: str) -> dict[str, Any]:
    return {
        "event": occurrence.event,
        "occurrence": occurrence,
        "row": rows.event_row(occurrence),
        "tabs": date_tabs(occurrence, current),
        "back_url": url_for("events_desk.overview", event_id=occurrence.event_id),
        "can_edit": policy.can_edit_events(current_user),
    }


def _writing(
    occurrence: Occurrence, form: MinutesForm | None = None, item_form: ItemForm | None = None
) -> dict[str, Any]:
    found = db.session.scalars(minutes_of(current_user, occurrence.id)).first()
    where: dict[str, Any] = {"event_id": occurrence.event_id, "day": occurrence.original_date.isoformat()}
    written = MinutesForm(
        formdata=None,
        version=str(found.version) if found else "",
        text=found.text if found else "",
        shows_attendance=found.shows_attendance if found else False,
    )
    return _page(occurrence, "events_minutes.minutes") | {
        "minutes": found,
        "form": form or written,
        "item_form": item_form or ItemForm(formdata=None, prefix="item"),
        "items": [_item_row(item, occurrence, where) for item in (found.items if found else ())],
        "attendance": attendance_of(occurrence),
        "item_url": url_for("events_minutes.add_action", **where),
        "minutes_url": url_for("events_minutes.save_minutes", **where),
        "withdraw_url": url_for("events_minutes.withdraw", **where),
        "public_url": rows.occurrence_url(occurrence),
    }


def _item_row(item: ActionItem, occurrence: Occurrence, where: dict[str, Any]) -> dict[str, Any]:
    return item_line(item, occurrence) | {"url": url_for("events_minutes.action", item_id=item.id, **where)}


def _again(
    occurrence: Occurrence, form: MinutesForm | None = None, item_form: ItemForm | None = None
) -> Response:
    return unprocessable("events/desk_minutes.html", **_writing(occurrence, form, item_form))


def _values(item: ActionItem) -> dict[str, Any]:
    return {
        "text": item.text,
        "owner": item.owner,
        "mine": item.owner_id is not None and item.owner_id == current_user.id,
        "due_on": item.due_on,
        "done_on": item.done_on,
        "outcome": item.outcome,
    }


def _item_context(occurrence: Occurrence, item: ActionItem, form: DoneForm) -> dict[str, Any]:
    where: dict[str, Any] = {"event_id": occurrence.event_id, "day": occurrence.original_date.isoformat()}
    return _page(occurrence, "events_minutes.minutes") | {
        "form": form,
        "minutes_url": url_for("events_minutes.minutes", **where),
        "remove_url": url_for("events_minutes.remove_action", item_id=item.id, **where),
    }


def _to_minutes(event_id: int, day: str) -> Response:
    return redirect(url_for("events_minutes.minutes", event_id=event_id, day=day), 303)
