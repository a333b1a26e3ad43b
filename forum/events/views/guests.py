"""Answering without an account, by name and e-mail. Nothing here is cached, and what a mailed link opens is private.

The pages keep the site's ``Referrer-Policy: same-origin``: it tells no other site their address, while ``no-referrer``
would make browsers send their forms with ``Origin: null``, which no form of ours is taken from.
"""

from __future__ import annotations

from typing import Any

from flask import abort, flash, make_response, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.accounts import throttle
from forum.accounts.throttle import TooManyTries
from forum.core import limits
from forum.core.access import public_uncached, require
from forum.core.errors import Refusal
from forum.core.forms import Form, unprocessable
from forum.core.languages import page_language
from forum.events import guest_links, policy
from forum.events.forms.guest import GuestForm
from forum.events.forms.rsvp import OfferForm, RsvpForm
from forum.events.models import Answer, GuestRequest, Occurrence, Rsvp
from forum.events.operations.guests import LinkOver, ask_guest, change_guest, confirm_guest, find_request
from forum.events.operations.offers import pass_offer, take_offer
from forum.events.queries import answers
from forum.events.views import answer_page, rows
from forum.events.views.public import blueprint
from forum.extensions import db

PER_ADDRESS = "60 per hour"  # a whole library may share one; mailboxes have a limit of their own


@blueprint.post("/events/<int:event_id>/rsvp/guest")
@blueprint.post("/events/<int:event_id>/rsvp/<day>/guest")
@public_uncached
def ask_as_guest(event_id: int, day: str | None = None) -> Response:
    """Mail a link to confirm. The answer is the same whoever has the address."""
    occurrence = answer_page.date_asked(event_id, day)
    form = answer_page.guest_form(occurrence)
    if form.validate():
        try:
            _ask(occurrence, form)
            return redirect(answer_page.url("guest_asked", occurrence), 303)
        except Refusal as refusal:
            form.refuse(refusal)
            return refused("events/rsvp.html", refusal, **visitor_context(occurrence, form))
    return unprocessable("events/rsvp.html", **visitor_context(occurrence, form))


@blueprint.get("/events/<int:event_id>/rsvp/check-mail")
@blueprint.get("/events/<int:event_id>/rsvp/<day>/check-mail")
@public_uncached
def guest_asked(event_id: int, day: str | None = None) -> str:
    """What happens next."""
    occurrence = answer_page.date_asked(event_id, day)
    return render_template("events/guest_asked.html", event=occurrence.event, row=rows.event_row(occurrence))


@blueprint.get("/events/<int:event_id>/rsvp/confirm/<token>")
@public_uncached
def confirm_as_guest(event_id: int, token: str) -> Response:
    """A button, since mail programs open links ahead of their reader."""
    try:
        request = find_request(token)
    except LinkOver as over:
        return _link_over(event_id, over)
    if request.rsvp_id is not None:
        return redirect(guest_url(request.rsvp_id, event_id), 303)
    return make_response(render_template("events/guest_confirm.html", **_confirming(request, Form())))


@blueprint.post("/events/<int:event_id>/rsvp/confirm/<token>")
@public_uncached
def confirm_as_guest_post(event_id: int, token: str) -> Response:
    """Count the answer, and go where it can be changed."""
    try:
        saved = confirm_guest(token)
    except LinkOver as over:
        return _link_over(event_id, over)
    except Refusal as refusal:
        form = Form(formdata=None)
        form.form_errors.append(str(refusal))
        return unprocessable("events/guest_confirm.html", **_confirming(find_request(token), form))
    flash(answer_page.said(saved), "success")
    return redirect(guest_url(saved.id, event_id), 303)


@blueprint.get("/events/<int:event_id>/rsvp/guest/<token>")
@public_uncached
def guest_answer(event_id: int, token: str) -> str:
    """A guest's own answer, by the link in their mail."""
    mine = _rsvp(token)
    form = answer_page.full_form(mine.occurrence, mine)
    return render_template("events/guest_answer.html", **_context(mine, form, event_id))


@blueprint.post("/events/<int:event_id>/rsvp/guest/<token>")
@public_uncached
def save_guest_answer(event_id: int, token: str) -> Response:
    """Change it under everyone's rules."""
    mine = _rsvp(token)
    form = answer_page.sent_form(lambda: mine.occurrence, account=False)
    if form.validate():
        try:
            saved = change_guest(rsvp=mine, answer=Answer(form.answer.data), party_size=form.party_size.data)
            answer_page.keep_also(saved, form)
            flash(answer_page.said(saved), "success")
            return redirect(guest_url(saved.id, event_id), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    return unprocessable("events/guest_answer.html", **_context(_rsvp(token), form, event_id))


@blueprint.post("/events/<int:event_id>/rsvp/guest/<token>/offer")
@public_uncached
def answer_guest_offer(event_id: int, token: str) -> Response:
    """Take the offered places or pass; what holds now is shown to who comes too late."""
    mine, choice = _rsvp(token), OfferForm()
    refusal = None
    if choice.validate():
        try:
            saved = take_offer(rsvp=mine) if choice.choice.data == "take" else pass_offer(rsvp=mine)
            flash(answer_page.said(saved), "success")
            return redirect(guest_url(saved.id, event_id), 303)
        except Refusal as error:
            refusal = error
    mine = _rsvp(token)
    form = answer_page.full_form(mine.occurrence, mine)
    if refusal is not None:
        form.refuse(refusal)
    return unprocessable("events/guest_answer.html", **_context(mine, form, event_id))


def guest_url(rsvp_id: int, event_id: int) -> str:
    """The private page of an answer."""
    return url_for("events.guest_answer", event_id=event_id, token=guest_links.token_for(rsvp_id))


def visitor_context(occurrence: Occurrence, form: GuestForm) -> dict[str, Any]:
    """Template variables of ``events/rsvp.html`` for who is not signed in."""
    return answer_page.context(occurrence, None, form, answer_page.url("ask_as_guest", occurrence)) | {
        "headcount_url": answer_page.url("headcount", occurrence),
        "code_url": answer_page.url("code", occurrence),
        "sign_in_url": url_for("accounts.sign_in", next=rows.rsvp_url(occurrence)),
        "register_url": url_for("accounts.register", next=rows.rsvp_url(occurrence)),
    }


def refused(template: str, refusal: Refusal, **context: Any) -> Response:
    """The form again: 429 with the wait after too many tries, else 422."""
    answer = unprocessable(template, **context)
    if isinstance(refusal, TooManyTries):
        answer.status_code = 429
        answer.headers["Retry-After"] = str(refusal.seconds)
    return answer


def _ask(occurrence: Occurrence, form: GuestForm) -> None:
    address = limits.address_key()
    if not limits.hit("guest-form", address, PER_ADDRESS):
        raise TooManyTries(limits.retry_after("guest-form", address, PER_ADDRESS))
    email = form.email.data or ""
    if not throttle.may_mail(email):
        return  # told the same: whoever floods a mailbox learns nothing, and its owner has our mails already
    ask_guest(
        occurrence=occurrence,
        name=form.name.data or "",
        email=email,
        language=page_language(),
        answer=Answer(form.answer.data),
        party_size=form.party_size.data or 1,
        extras=form.said(),
    )


def _rsvp(token: str) -> Rsvp:
    """The answer of a token, whatever event is named beside it: a date may have moved to another series since."""
    number = guest_links.rsvp_id_in(token)
    found = db.session.scalars(answers.answer_by_id(number)).first() if number is not None else None
    if found is None:
        abort(404)
    require(policy.can_see_event(current_user, found.occurrence.event))
    return found


def _context(mine: Rsvp, form: RsvpForm, event_id: int) -> dict[str, Any]:
    action = guest_url(mine.id, event_id)
    found = answer_page.context(mine.occurrence, mine, form, action)
    if found["offer"]:
        found["offer"]["url"] = f"{action}/offer"
    return found


def _confirming(request: GuestRequest, form: Form) -> dict[str, Any]:
    occurrence = request.occurrence
    return {"request_": request, "event": occurrence.event, "row": rows.event_row(occurrence), "form": form}


def _link_over(event_id: int, over: LinkOver) -> Response:
    found = url_for("events.rsvp", event_id=event_id)
    return make_response(
        render_template("events/guest_link_over.html", message=over.message, again=found), 404
    )
