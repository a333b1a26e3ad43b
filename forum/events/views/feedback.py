"""Was it worth your evening? A page for whoever was there: no account, no name, never cached."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.core import clock, limits
from forum.core.access import public_uncached, require
from forum.core.errors import Refusal
from forum.core.forms import unprocessable
from forum.events import policy
from forum.events.forms.feedback import FeedbackForm
from forum.events.models import Occurrence, Verdict
from forum.events.operations.feedback import give_feedback, new_key
from forum.events.queries import single
from forum.events.queries.feedback import last_ended
from forum.events.views import rows
from forum.events.views.public import blueprint, occurrence_or_404
from forum.extensions import db

# A whole room may answer over the one Wi-Fi of the fieldhouse; more than that from one address is no room.
PER_ADDRESS = "60 per hour"


@blueprint.get("/events/<int:event_id>/feedback")
@blueprint.get("/events/<int:event_id>/feedback/<day>")
@public_uncached
def feedback(event_id: int, day: str | None = None) -> str:
    """Three questions, while the date takes answers to them."""
    occurrence = _occurrence(event_id, day)
    form = FeedbackForm(formdata=None, key=new_key(occurrence.id))
    return render_template("events/feedback.html", **_context(occurrence, form))


@blueprint.post("/events/<int:event_id>/feedback")
@blueprint.post("/events/<int:event_id>/feedback/<day>")
@public_uncached
def save_feedback(event_id: int, day: str | None = None) -> Response:
    """Keep the answers and say thank you; the same form again changes nothing."""
    occurrence = _occurrence(event_id, day)
    form = FeedbackForm()
    if form.validate():
        try:
            _give(occurrence, form)
            return redirect(url_for("events.feedback_thanks", event_id=event_id, day=day), 303)
        except Refusal as refusal:
            if refusal.field == "key":
                form.key.data, refusal.field = new_key(occurrence.id), None
            form.refuse(refusal)
    return unprocessable("events/feedback.html", **_context(occurrence, form))


@blueprint.get("/events/<int:event_id>/feedback/thanks")
@blueprint.get("/events/<int:event_id>/feedback/<day>/thanks")
@public_uncached
def feedback_thanks(event_id: int, day: str | None = None) -> str:
    """Thank you, and where to go on. It shows nothing of what was said, and sets no cookie."""
    return render_template("events/feedback_thanks.html", **_context(_occurrence(event_id, day), None))


def _occurrence(event_id: int, day: str | None) -> Occurrence:
    """The date in the address; without one the latest that is over, else the one to come."""
    if day is not None:
        found = occurrence_or_404(event_id, day)
    else:
        now = clock.now()
        ended = db.session.scalars(last_ended(event_id, now)).first()
        found = ended or db.session.scalars(single.next_occurrence(event_id, now)).first() or abort(404)
    require(policy.can_see_event(current_user, found.event))
    return found


def _give(occurrence: Occurrence, form: FeedbackForm) -> None:
    if not limits.hit("feedback", f"{occurrence.id}:{limits.address_key()}", PER_ADDRESS):
        raise Refusal(_("Many answers came from this connection. Please send yours again in an hour."))
    give_feedback(
        occurrence=occurrence,
        key=form.key.data or "",
        worth=Verdict(form.worth.data),
        heard=Verdict(form.heard.data),
        change=form.change.data or "",
    )


def _context(occurrence: Occurrence, form: FeedbackForm | None) -> dict[str, Any]:
    return {
        "event": occurrence.event,
        "row": rows.event_row(occurrence),
        "form": form,
        "is_open": policy.takes_feedback(occurrence, clock.now()),
        "is_ahead": occurrence.ends_at > clock.now() and policy.takes_place(occurrence),
    }
