"""Answering without a name: how many come, and the code that changes it. Never cached; the code is in no address."""

from __future__ import annotations

from typing import Any

from flask import make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from forum.accounts.throttle import TooManyTries
from forum.core import limits
from forum.core.access import public_uncached
from forum.core.errors import Refusal
from forum.core.forms import Form, unprocessable
from forum.events.forms.guest import ChangeByCodeForm, CodeForm, HeadcountForm
from forum.events.models import Answer, Occurrence, Rsvp
from forum.events.operations.headcounts import add_headcount, change_headcount, find_headcount, new_key
from forum.events.views import answer_page
from forum.events.views.guests import refused
from forum.events.views.public import blueprint

PER_ADDRESS = "30 per hour"  # headcounts for one date from one network address
WRONG_PER_ADDRESS = "10 per 10 minutes"
WRONG_IN_ALL = "1000 per hour"  # for one date; its codes are of 40 bits


@blueprint.get("/events/<int:event_id>/rsvp/headcount")
@blueprint.get("/events/<int:event_id>/rsvp/<day>/headcount")
@public_uncached
def headcount(event_id: int, day: str | None = None) -> str:
    """How many? Nothing else is asked."""
    occurrence = answer_page.date_asked(event_id, day)
    form = HeadcountForm(formdata=None, key=new_key(occurrence.id))
    return render_template("events/headcount.html", **_context(occurrence, None, form, "headcount"))


@blueprint.post("/events/<int:event_id>/rsvp/headcount")
@blueprint.post("/events/<int:event_id>/rsvp/<day>/headcount")
@public_uncached
def save_headcount(event_id: int, day: str | None = None) -> Response:
    """Count them, and show the code: only here, in the answer to the form."""
    occurrence, form = answer_page.date_asked(event_id, day), HeadcountForm()
    if form.validate():
        try:
            saved, code = _add(occurrence, form)
            shown = _context(occurrence, saved, form, "code")
            return make_response(render_template("events/headcount_code.html", code=code, **shown))
        except Refusal as refusal:
            if refusal.field == "key":
                form.key.data, refusal.field = new_key(occurrence.id), None
            form.refuse(refusal)
            return refused("events/headcount.html", refusal, **_context(occurrence, None, form, "headcount"))
    return unprocessable("events/headcount.html", **_context(occurrence, None, form, "headcount"))


@blueprint.get("/events/<int:event_id>/rsvp/code")
@blueprint.get("/events/<int:event_id>/rsvp/<day>/code")
@public_uncached
def code(event_id: int, day: str | None = None) -> str:
    """Which code?"""
    occurrence = answer_page.date_asked(event_id, day)
    return render_template("events/code.html", **_context(occurrence, None, CodeForm(formdata=None), "code"))


@blueprint.post("/events/<int:event_id>/rsvp/code")
@blueprint.post("/events/<int:event_id>/rsvp/<day>/code")
@public_uncached
def use_code(event_id: int, day: str | None = None) -> Response:
    """Open the answer of a code; with an answer beside it, change it."""
    occurrence, asked = answer_page.date_asked(event_id, day), CodeForm()
    if not asked.validate():
        return unprocessable("events/code.html", **_context(occurrence, None, asked, "code"))
    try:
        mine = _opened(occurrence, asked.code.data or "")
    except Refusal as refusal:
        asked.refuse(refusal)
        return refused("events/code.html", refusal, **_context(occurrence, None, asked, "code"))
    if "answer" in request.form:
        return _changed(occurrence, mine)
    form = ChangeByCodeForm(
        formdata=None, code=asked.code.data, answer=str(mine.answer), party_size=mine.party_size
    )
    return make_response(render_template("events/code.html", **_context(occurrence, mine, form, "code")))


def _add(occurrence: Occurrence, form: HeadcountForm) -> tuple[Rsvp, str]:
    key = f"{occurrence.id}:{limits.address_key()}"
    if not limits.hit("headcount", key, PER_ADDRESS):
        raise TooManyTries(limits.retry_after("headcount", key, PER_ADDRESS))
    return add_headcount(occurrence=occurrence, key=form.key.data or "", party_size=form.party_size.data or 1)


def _opened(occurrence: Occurrence, code: str) -> Rsvp:
    """The answer of *code*; raises Refusal. Wrong codes are counted, right ones are not."""
    address, date = limits.address_key(), str(occurrence.id)
    for name, key, most in (
        ("wrong-code", address, WRONG_PER_ADDRESS),
        ("wrong-codes", date, WRONG_IN_ALL),
    ):
        if limits.blocked(name, key, most):
            raise TooManyTries(limits.retry_after(name, key, most))
    found = find_headcount(occurrence.id, code)
    if found is None:
        limits.hit("wrong-code", address, WRONG_PER_ADDRESS)
        limits.hit("wrong-codes", date, WRONG_IN_ALL)
        raise Refusal(
            _("No answer to this date has this code. Please check the letters, and the date."), "code"
        )
    return found


def _changed(occurrence: Occurrence, mine: Rsvp) -> Response:
    form = ChangeByCodeForm()
    if form.validate():
        try:
            mine = change_headcount(
                rsvp=mine, answer=Answer(form.answer.data), party_size=form.party_size.data or 1
            )
            shown = _context(occurrence, mine, form, "code")
            said = answer_page.said(mine)
            return make_response(render_template("events/code.html", said=said, **shown))
        except Refusal as refusal:
            form.refuse(refusal)
    return unprocessable("events/code.html", **_context(occurrence, mine, form, "code"))


def _context(occurrence: Occurrence, mine: Rsvp | None, form: Form, view: str) -> dict[str, Any]:
    """*view* takes the form."""
    return answer_page.context(occurrence, mine, form, answer_page.url(view, occurrence)) | {
        "code_url": answer_page.url("code", occurrence),
    }
