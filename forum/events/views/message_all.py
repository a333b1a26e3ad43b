"""Writing to everybody who answered: the form, its preview, and sending."""

from __future__ import annotations

import secrets
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.core.access import require, staff
from forum.core.errors import Refusal
from forum.core.forms import unprocessable
from forum.events import policy
from forum.events.forms.message import MessageForm
from forum.events.models import Occurrence
from forum.events.operations.messages_to_all import READERS, message_everyone, nobody_reads
from forum.events.queries import roster
from forum.events.queries.roster import Standing, standing_of
from forum.events.views import rows
from forum.events.views.desk_dates import blueprint
from forum.events.views.public import occurrence_or_404
from forum.events.views.roster_page import standing_words
from forum.extensions import db

TEMPLATE = "events/desk_message.html"


@blueprint.get("/message")
@staff(*policy.EDITORS)
def message_all(event_id: int, day: str) -> str:
    """The form; who is going and waits is ticked."""
    form = MessageForm(
        token=secrets.token_urlsafe(18),
        audience=[str(Standing.GOING), str(Standing.OFFERED), str(Standing.WAITING)],
    )
    return render_template(TEMPLATE, **_context(_occurrence(event_id, day), form))


@blueprint.post("/message")
@staff(*policy.EDITORS)
def send_message(event_id: int, day: str) -> str | Response:
    """Show it as it will be read and by how many; on the second look, send it."""
    occurrence = _occurrence(event_id, day)
    form = MessageForm()
    context = _context(occurrence, form)
    if form.validate():
        try:
            if request.form.get("then") == "send":
                return _sent(occurrence, form)
            return _looked_at(context)
        except Refusal as refusal:
            form.refuse(refusal)
    return unprocessable(TEMPLATE, **context)


def _looked_at(context: dict[str, Any]) -> str:
    """As it will be read, or the form once more to change it; Refusal when nobody would read it."""
    previews = request.form.get("then") != "edit"
    if previews and not context["reached"]:
        raise nobody_reads()
    return render_template(TEMPLATE, **context, previews=previews)


def _sent(occurrence: Occurrence, form: MessageForm) -> Response:
    where: dict[str, Any] = {"event_id": occurrence.event_id, "day": occurrence.original_date.isoformat()}
    message = message_everyone(
        actor=current_user,
        occurrence=occurrence,
        audience=_audience(form),
        subject=form.subject.data,
        text=form.text.data,
        token=form.token.data,
    )
    flash(
        ngettext(
            "Your message goes to %(num)s person.", "Your message goes to %(num)s people.", message.recipients
        ),
        "success",
    )
    return redirect(url_for("events_dates.roster", **where), 303)


def _occurrence(event_id: int, day: str) -> Occurrence:
    require(policy.can_edit_events(current_user))
    return occurrence_or_404(event_id, day)


def _audience(form: MessageForm) -> list[Standing]:
    return [Standing(word) for word in form.audience.data or []]


def _context(occurrence: Occurrence, form: MessageForm) -> dict[str, Any]:
    counts = _counts(occurrence)
    words = standing_words()
    form.offer([(str(standing), f"{words[standing]} ({counts[standing]})") for standing in READERS])
    where: dict[str, Any] = {"event_id": occurrence.event_id, "day": occurrence.original_date.isoformat()}
    return {
        "event": occurrence.event,
        "row": rows.event_row(occurrence),
        "form": form,
        "counts": counts,
        "roster_url": url_for("events_dates.roster", **where),
        "sent": db.session.execute(roster.messages_about(current_user, occurrence.event_id)).all(),
        "reached": sum(
            counts[standing] for standing in READERS if str(standing) in (form.audience.data or [])
        ),
    }


def _counts(occurrence: Occurrence) -> dict[Standing, int]:
    """How many of each can be written to."""
    found = dict.fromkeys(Standing, 0)
    for place, answer, answers in db.session.execute(roster.reachable_counts(current_user, occurrence.id)):
        found[standing_of(place, answer)] += answers
    return found
