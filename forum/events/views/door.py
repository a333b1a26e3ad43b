"""The door: who comes is counted by number, by name or by ticket, on phones that may have no network."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from flask import Blueprint, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.core.access import require, staff
from forum.core.errors import Refusal
from forum.core.forms import unprocessable
from forum.core.headers import uses_camera
from forum.events import policy
from forum.events.forms.door import LARGEST_PARTY, MOST_AT_ONCE, batch, key_of, ticket_in, whole_number
from forum.events.models import Occurrence, Rsvp
from forum.events.operations.door import (
    Arriving,
    Ending,
    arrive,
    count_people,
    receive,
    rsvp_id_in,
    undo_arrival,
)
from forum.events.views import door_page, ticket_page
from forum.events.views.public import occurrence_or_404
from forum.extensions import db

blueprint = Blueprint("events_door", __name__, url_prefix="/desk/events/<int:event_id>/dates/<day>")
MOST_BYTES = 64 * 1024  # of a batch


@blueprint.get("/door")
@staff(*policy.EDITORS)
@uses_camera
def door(event_id: int, day: str) -> Response:
    """How many are here, and the list."""
    shown = door_page.context(current_user, occurrence_at(event_id, day))
    answer = make_response(render_template("events/door.html", **shown))
    # For the worker that opens this page without a network (static/js/door-worker.js): later it has no copy.
    answer.headers["X-Kept-Until"] = str(shown["until"])
    return answer


@blueprint.post("/door")
@staff(*policy.EDITORS)
@uses_camera
def note(event_id: int, day: str) -> Response:
    """One press of a button, where no script took it."""
    occurrence = occurrence_at(event_id, day)
    try:
        where = _note(occurrence)
    except Refusal as refusal:
        shown = door_page.context(current_user, occurrence, str(refusal.message))
        return unprocessable("events/door.html", **shown)
    return redirect(url_for("events_door.door", event_id=event_id, day=day, _anchor=where), 303)


@blueprint.get("/door/state")
@staff(*policy.EDITORS)
def state(event_id: int, day: str) -> Response:
    """What other devices have counted meanwhile, and a token for the next sending."""
    return jsonify(door_page.state(current_user, occurrence_at(event_id, day)))


@blueprint.post("/door/batch")
@staff(*policy.EDITORS)
def take_batch(event_id: int, day: str) -> tuple[Response, int]:
    """What a device noted, perhaps long ago, perhaps for the second time. Each item is answered on its own."""
    occurrence = occurrence_at(event_id, day)
    request.max_content_length = MOST_BYTES
    try:
        sent = batch(_sent())
    except Refusal as refusal:
        return jsonify({"said": str(refusal.message)}), 422
    items = [item for _key, item in sent if item is not None]
    endings = receive(actor=current_user, occurrence=occurrence, items=items)
    said = {item.key: _said(item.rsvp_id, ending) for item, ending in zip(items, endings, strict=True)}
    said |= {key: _("This could not be read, and was not counted.") for key, item in sent if item is None}
    return jsonify(door_page.state(current_user, occurrence) | {"said": said}), 200


def occurrence_at(event_id: int, day: str) -> Occurrence:
    """The date whose door it is, for who may count there."""
    require(policy.can_edit_events(current_user))
    return occurrence_or_404(event_id, day)


def _note(occurrence: Occurrence) -> str:
    """Where on the page it was, so that the next press is where this one was."""
    form, who = request.form, {"actor": current_user, "occurrence": occurrence}
    if "arrived" in form:
        rsvp_id = whole_number(form["arrived"], 1, 2**31 - 1, "arrived")
        arrive(rsvp_id=rsvp_id, people=whole_number(form.get(f"people-{rsvp_id}"), 1, LARGEST_PARTY), **who)
        return f"answer-{rsvp_id}"
    if "undo" in form:
        rsvp_id = whole_number(form["undo"], 1, 2**31 - 1, "undo")
        undo_arrival(rsvp_id=rsvp_id, **who)
        return f"answer-{rsvp_id}"
    if "ticket" in form:
        return _take_ticket(occurrence)
    typed = form.get("step") or form.get("people")
    count_people(people=whole_number(typed, -MOST_AT_ONCE, MOST_AT_ONCE), key=key_of(form.get("key")), **who)
    flash(_("Counted."), "success")
    return "count"


def _sent() -> Any:
    """What was sent as JSON; None for what is none, also for a thousand lists within each other."""
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None


def _take_ticket(occurrence: Occurrence) -> str:
    """A ticket that was typed, or read by a hand scanner."""
    key, rsvp_id = key_of(request.form.get("key")), rsvp_id_in(ticket_in(request.form["ticket"]))
    item = Arriving(key or str(uuid4()), rsvp_id=rsvp_id, forged=rsvp_id is None)
    ending = receive(actor=current_user, occurrence=occurrence, items=[item])[0]
    if ending is not Ending.COUNTED:
        raise Refusal(_said(rsvp_id, ending), "ticket")
    found = db.session.get(Rsvp, rsvp_id)
    name = ticket_page.name_of(found) if found is not None else ""
    flash(_("Counted: %(name)s", name=name) if name else _("Counted."), "success")
    return "ticket"


def _said(rsvp_id: int | None, ending: Ending) -> str:
    other: Any = db.session.get(Rsvp, rsvp_id) if ending is Ending.ELSEWHERE else None
    return door_page.ending_words(ending, other.occurrence if other is not None else None)
