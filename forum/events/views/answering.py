"""The answer's own page: never cached, so that the event's page can be."""

from __future__ import annotations

from flask import flash, redirect, render_template
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.core import clock
from forum.core.access import public_uncached, signed_in
from forum.core.errors import Refusal
from forum.core.forms import unprocessable
from forum.core.transactions import finish_writing
from forum.events.forms.rsvp import OfferForm, RsvpForm
from forum.events.models import Answer, Occurrence, Rsvp
from forum.events.operations.offers import pass_offer, take_offer
from forum.events.operations.rsvp import answer
from forum.events.queries import lists, single
from forum.events.views import answer_page, rows
from forum.events.views.guests import visitor_context
from forum.events.views.offer import offer_to
from forum.events.views.public import blueprint, day_or_404, occurrence_or_404
from forum.events.views.shifts import own_shifts
from forum.extensions import db


@blueprint.get("/events/<int:event_id>/rsvp")
@blueprint.get("/events/<int:event_id>/rsvp/<day>")
@public_uncached
def rsvp(event_id: int, day: str | None = None) -> str:
    """One's own answer; for who is not signed in the ways to answer without an account, or to sign in and back."""
    occurrence = answer_page.date_asked(event_id, day)
    if not current_user.is_authenticated:
        form = answer_page.guest_form(occurrence)
        return render_template("events/rsvp.html", **visitor_context(occurrence, form))
    mine = _mine(occurrence)
    return render_template(
        "events/rsvp.html", **_context(occurrence, mine, answer_page.full_form(occurrence, mine))
    )


@blueprint.post("/events/<int:event_id>/rsvp")
@blueprint.post("/events/<int:event_id>/rsvp/<day>")
@signed_in
def save_rsvp(event_id: int, day: str | None = None) -> Response:
    """Record the answer and show what it holds. What is hidden takes no answer, and is then not found."""
    form = answer_page.sent_form(lambda: answer_page.date_asked(event_id, day), account=True)
    if form.validate():
        try:
            saved = answer(
                actor=current_user,
                occurrence=_number(event_id, day),
                answer=Answer(form.answer.data),
                party_size=form.party_size.data,
            )
            answer_page.keep_also(saved, form)
            finish_writing()
            flash(answer_page.said(saved), "success")
            return redirect(rows.rsvp_url(saved.occurrence), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    occurrence = answer_page.date_asked(event_id, day)
    return unprocessable("events/rsvp.html", **_context(occurrence, _mine(occurrence), form))


@blueprint.post("/events/<int:event_id>/rsvp/offer")
@blueprint.post("/events/<int:event_id>/rsvp/<day>/offer")
@signed_in
def answer_offer(event_id: int, day: str | None = None) -> Response:
    """Take the offered places or pass; what holds now is shown to who comes too late."""
    occurrence = answer_page.date_asked(event_id, day)
    mine, choice, form = _mine(occurrence), OfferForm(), RsvpForm(formdata=None)
    if mine is None:
        return redirect(rows.rsvp_url(occurrence), 303)
    if choice.validate():
        try:
            saved = take_offer(rsvp=mine) if choice.choice.data == "take" else pass_offer(rsvp=mine)
            flash(answer_page.said(saved), "success")
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


def _number(event_id: int, day: str | None) -> int:
    """The id behind the address; a date is read whole only under the lock of who answers."""
    if day is None:
        return answer_page.date_asked(event_id, day).id
    asked = {"event_id": event_id, "day": day_or_404(day)}
    number: int | None = single.number_of_occurrence().scalar(db.session(), **asked)
    return number or occurrence_or_404(event_id, day).id


def _mine(occurrence: Occurrence) -> Rsvp | None:
    if not current_user.is_authenticated:
        return None
    return db.session.scalars(single.answer_of(current_user, occurrence.id)).first()


def _context(occurrence: Occurrence, mine: Rsvp | None, form: RsvpForm) -> dict[str, object]:
    return answer_page.context(occurrence, mine, form, rows.rsvp_url(occurrence))
