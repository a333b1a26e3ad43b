"""Publish, postpone, cancel, withdraw: whether an event takes place, and who sees it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.core.access import staff
from forum.core.errors import Refusal
from forum.core.forms import unprocessable
from forum.events import policy
from forum.events.forms.desk import ReasonForm
from forum.events.models import Event
from forum.events.operations.events import cancel_event, postpone_event, publish_event, withdraw_event
from forum.events.views.desk import blueprint, event_or_404


@blueprint.post("/<int:event_id>/publish")
@staff(*policy.EDITORS)
def publish(event_id: int) -> Response:
    """Make it public."""
    publish_event(actor=current_user, event=event_or_404(event_id))
    flash(_("Published. It is on the site now, and calendars follow."), "success")
    return redirect(url_for("events_desk.overview", event_id=event_id), 303)


@blueprint.get("/<int:event_id>/cancel")
@staff(*policy.EDITORS)
def cancel(event_id: int) -> str:
    """Ask why, and say what will happen."""
    return render_template(
        "events/desk_reason.html", **_asking("cancel", event_or_404(event_id), ReasonForm())
    )


@blueprint.post("/<int:event_id>/cancel")
@staff(*policy.EDITORS)
def save_cancel(event_id: int) -> Response:
    """Cancel every date."""
    return _with_reason(
        "cancel", event_id, cancel_event, _("Cancelled. Who answered is told, and calendars follow.")
    )


@blueprint.get("/<int:event_id>/postpone")
@staff(*policy.EDITORS)
def postpone(event_id: int) -> str:
    """Ask why, and say what will happen."""
    return render_template(
        "events/desk_reason.html", **_asking("postpone", event_or_404(event_id), ReasonForm())
    )


@blueprint.post("/<int:event_id>/postpone")
@staff(*policy.EDITORS)
def save_postpone(event_id: int) -> Response:
    """Postpone: public, without a sure date."""
    return _with_reason(
        "postpone", event_id, postpone_event, _("Postponed. Who answered is told, and calendars follow.")
    )


@blueprint.get("/<int:event_id>/withdraw")
@staff(*policy.EDITORS)
def withdraw(event_id: int) -> str:
    """Say what will happen."""
    return render_template("events/desk_withdraw.html", event=event_or_404(event_id))


@blueprint.post("/<int:event_id>/withdraw")
@staff(*policy.EDITORS)
def save_withdraw(event_id: int) -> Response:
    """Back to a draft."""
    withdraw_event(actor=current_user, event=event_or_404(event_id))
    flash(_("It is a draft again. It has left the site and its feeds."), "success")
    return redirect(url_for("events_desk.overview", event_id=event_id), 303)


def _with_reason(what: str, event_id: int, act: Callable[..., None], said: str) -> Response:
    event = event_or_404(event_id)
    form = ReasonForm()
    if form.validate():
        try:
            act(actor=current_user, event=event, reason=form.reason.data)
            flash(said, "success")
            return redirect(url_for("events_desk.overview", event_id=event_id), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    return unprocessable("events/desk_reason.html", **_asking(what, event, form))


def _asking(what: str, event: Event, form: ReasonForm) -> dict[str, Any]:
    words = {
        "cancel": (
            _("Cancel this event"),
            _(
                "Every date is cancelled. It stays on the site with your reason, calendars "
                "mark it, and everyone who said going or maybe is told by mail."
            ),
            _("Cancel the event"),
        ),
        "postpone": (
            _("Postpone this event"),
            _(
                "It stays on the site without a sure date, calendars mark it, and "
                "everyone who said going or maybe is told by mail."
            ),
            _("Postpone the event"),
        ),
    }[what]
    return {
        "event": event,
        "form": form,
        "heading": words[0],
        "effect": words[1],
        "submit": words[2],
        "back_url": url_for("events_desk.overview", event_id=event.id),
    }
