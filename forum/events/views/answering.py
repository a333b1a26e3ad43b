"""The answer's own page: never cached, so that the event's page can be."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.core import clock
from forum.core.access import public_uncached, require, signed_in
from forum.core.errors import Refusal
from forum.core.forms import unprocessable
from forum.events import policy
from forum.events.forms.rsvp import OfferForm, RsvpForm
from forum.events.models import Answer, Occurrence, Place, Rsvp
from forum.events.operations.offers import pass_offer, take_offer
from forum.events.operations.rsvp import answer
from forum.events.queries import lists, single
from forum.events.views import rows
from forum.events.views.event_page import position
from forum.events.views.offer import free_now, offer_to
from forum.events.views.public import blueprint, day_or_404, occurrence_or_404
from forum.events.views.shifts import own_shifts
from forum.extensions import db


@blueprint.get("/events/<int:event_id>/rsvp")
@blueprint.get("/events/<int:event_id>/rsvp/<day>")
@public_uncached
def rsvp(event_id: int, day: str | None = None) -> str:
    """The form for who is signed in; for others the way to sign in and back."""
    occurrence = _occurrence(event_id, day)
    mine = _mine(occurrence)
    form = RsvpForm(answer=str(mine.answer) if mine else None, party_size=mine.party_size if mine else 1)
    return render_template("events/rsvp.html", **_context(occurrence, mine, form))


@blueprint.post("/events/<int:event_id>/rsvp")
@blueprint.post("/events/<int:event_id>/rsvp/<day>")
@signed_in
def save_rsvp(event_id: int, day: str | None = None) -> Response:
    """Record the answer and show what it holds. What is hidden takes no answer, and is then not found."""
    form = RsvpForm()
    if form.validate():
        try:
            saved = answer(
                actor=current_user,
                occurrence=_number(event_id, day),
                answer=Answer(form.answer.data),
                party_size=form.party_size.data,
            )
            flash(_said(saved), "success")
            return redirect(rows.rsvp_url(saved.occurrence), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    occurrence = _occurrence(event_id, day)
    return unprocessable("events/rsvp.html", **_context(occurrence, _mine(occurrence), form))


@blueprint.post("/events/<int:event_id>/rsvp/offer")
@blueprint.post("/events/<int:event_id>/rsvp/<day>/offer")
@signed_in
def answer_offer(event_id: int, day: str | None = None) -> Response:
    """Take the offered places or pass; what holds now is shown to who comes too late."""
    occurrence = _occurrence(event_id, day)
    mine, choice, form = _mine(occurrence), OfferForm(), RsvpForm(formdata=None)
    if mine is None:
        return redirect(rows.rsvp_url(occurrence), 303)
    if choice.validate():
        try:
            saved = take_offer(rsvp=mine) if choice.choice.data == "take" else pass_offer(rsvp=mine)
            flash(_said(saved), "success")
            return redirect(rows.rsvp_url(saved.occurrence), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    form.answer.data, form.party_size.data = str(mine.answer), mine.party_size
    return unprocessable("events/rsvp.html", **_context(occurrence, mine, form))


@blueprint.get("/account/rsvps")
@signed_in
def my_rsvps() -> str:
    """Everything one has said going or maybe to, soonest first."""
    mine = list(db.session.scalars(lists.my_answers(current_user, since=clock.now())).unique())
    shown = [
        {
            "row": rows.event_row(found.occurrence),
            "rsvp": found,
            "offer": offer_to(found),
            "url": rows.rsvp_url(found.occurrence),
        }
        for found in mine
    ]
    return render_template("events/my_rsvps.html", answers=shown, own=own_shifts())


def _occurrence(event_id: int, day: str | None) -> Occurrence:
    """The date in the address; without one, a single event's own or a series' next."""
    if day is not None:
        found = occurrence_or_404(event_id, day)
    else:
        ahead = db.session.scalars(single.next_occurrence(event_id, clock.now())).first()
        found = ahead or db.session.scalars(single.last_occurrence(event_id)).first() or abort(404)
    require(policy.can_see_event(current_user, found.event))
    return found


def _number(event_id: int, day: str | None) -> int:
    """The id behind the address; a date is read whole only under the lock of who answers."""
    if day is None:
        return _occurrence(event_id, day).id
    number = db.session.scalar(single.number_of_occurrence(), {"event_id": event_id, "day": day_or_404(day)})
    return number or occurrence_or_404(event_id, day).id


def _mine(occurrence: Occurrence) -> Rsvp | None:
    if not current_user.is_authenticated:
        return None
    return db.session.scalars(single.answer_of(current_user, occurrence.id)).first()


def _context(occurrence: Occurrence, mine: Rsvp | None, form: RsvpForm) -> dict[str, object]:
    free = free_now(occurrence)
    place = position(mine)
    return {
        "occurrence": occurrence,
        "event": occurrence.event,
        "row": rows.event_row(occurrence),
        "mine": mine,
        "form": form,
        "position": place,
        "offer": offer_to(mine),
        "free": free,
        "fewer": free if place == 1 and free and mine and free < mine.party_size else None,
        "takes_answers": policy.takes_answers(occurrence, clock.now()),
        "action": rows.rsvp_url(occurrence),
        "sign_in_url": url_for("accounts.sign_in", next=rows.rsvp_url(occurrence)),
    }


def _said(saved: Rsvp) -> str:
    if saved.answer == Answer.MAYBE:
        return _("Noted: maybe. A maybe holds no place.")
    if saved.answer == Answer.NOT_GOING:
        return _("Noted: you can't come. Thank you for saying so.")
    if saved.place == Place.WAITING:
        return _("You are on the waitlist. We mail you the moment places are free for you.")
    if saved.place == Place.OFFERED:
        return _("Places are free and kept for you for a while. Take them below, or pass.")
    return ngettext("Your place is saved.", "Your %(num)s places are saved.", saved.party_size)
