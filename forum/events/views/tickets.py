"""A ticket: its owner shows it on a phone or on paper; who counts at the door sees whose it is and ticks it off.

The address names the event beside the ticket, so that the page for everyone else can lead there without looking into
the ticket: it is the same for a real one and for one that somebody made up.
"""

from __future__ import annotations

from flask import abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.core.access import public_uncached, require, staff
from forum.core.errors import Refusal
from forum.core.forms import unprocessable
from forum.core.qr import qr_svg
from forum.events import policy
from forum.events.forms.door import LARGEST_PARTY, ticket_in, whole_number
from forum.events.models import Rsvp
from forum.events.operations.door import arrive, rsvp_id_in, undo_arrival
from forum.events.queries import answers
from forum.events.views import ticket_page
from forum.events.views.public import blueprint, event_or_404
from forum.extensions import db


@blueprint.get("/events/<int:event_id>/door/<token>")
@public_uncached
def ticket(event_id: int, token: str) -> Response:
    """What a camera opens: whose ticket it is, for who counts; for everyone else the code again, to be shown."""
    if policy.can_edit_events(current_user):
        return make_response(
            render_template("events/ticket_at_door.html", **ticket_page.at_door(_rsvp(token)))
        )
    shown, event = ticket_in(token) or abort(404), event_or_404(event_id)
    address = url_for("events.ticket", event_id=event.id, token=shown, _external=True)
    return make_response(render_template("events/ticket.html", event=event, text=shown, qr=qr_svg(address)))


@blueprint.post("/events/<int:event_id>/door/<token>")
@staff(*policy.EDITORS)
def use_ticket(event_id: int, token: str) -> Response:
    """Its people arrived, or that was a slip."""
    require(policy.can_edit_events(current_user))
    mine = _rsvp(token)
    try:
        if "undo" in request.form:
            undo_arrival(actor=current_user, occurrence=mine.occurrence, rsvp_id=mine.id)
        else:
            ticket_page.require_open(mine.occurrence)
            people = whole_number(request.form.get("people"), 1, LARGEST_PARTY)
            arrive(actor=current_user, occurrence=mine.occurrence, rsvp_id=mine.id, people=people)
    except Refusal as refusal:
        shown = ticket_page.at_door(mine, str(refusal.message))
        return unprocessable("events/ticket_at_door.html", **shown)
    return redirect(url_for("events.ticket", event_id=event_id, token=ticket_in(token)), 303)


def _rsvp(token: str) -> Rsvp:
    """The answer of a ticket, whatever event is named beside it: a date may have moved to another series since."""
    number = rsvp_id_in(ticket_in(token))
    found = db.session.scalars(answers.answer_by_id(number)).first() if number is not None else None
    if found is None:
        said = _("This is not a ticket of ours. Nothing was counted.")
        abort(make_response(render_template("events/ticket_unknown.html", said=said), 404))
    return found
