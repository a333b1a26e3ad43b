"""What the pages of an answer share, whoever answers: the date, the form, what holds, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from forum.core import clock
from forum.core.access import require
from forum.events import policy
from forum.events.forms.extras import ExtrasFields, FullAnswerForm, kept_values
from forum.events.forms.guest import GuestForm
from forum.events.forms.rsvp import RsvpForm
from forum.events.models import Answer, Occurrence, Place, Rsvp
from forum.events.operations.extras import keep_extras
from forum.events.queries import answers, needs, single
from forum.events.views import rows, ticket_page
from forum.events.views.event_page import position
from forum.events.views.offer import free_now, offer_to
from forum.events.views.public import occurrence_or_404
from forum.extensions import db


def date_asked(event_id: int, day: str | None) -> Occurrence:
    """The date in the address; without one, a single event's own or a series' next. 404 when it is hidden."""
    if day is not None:
        found = occurrence_or_404(event_id, day)
    else:
        ahead = db.session.scalars(single.next_occurrence(event_id, clock.now())).first()
        found = ahead or db.session.scalars(single.last_occurrence(event_id)).first() or abort(404)
    require(policy.can_see_event(current_user, found.event))
    return found


def url(view: str, occurrence: Occurrence) -> str:
    """The address of one of the answer's pages for a date."""
    day = occurrence.original_date.isoformat() if occurrence.event.is_series else None
    return url_for(f"events.{view}", event_id=occurrence.event_id, day=day)


def full_form(occurrence: Occurrence, mine: Rsvp | None) -> FullAnswerForm:
    """The form to show for *mine*, or for no answer yet."""
    kept = db.session.scalars(needs.needs_of(mine.id)).first() if mine is not None else None
    before = None
    if mine is None and current_user.is_authenticated:
        before = db.session.scalars(answers.last_answer_of(current_user.id)).first()
    form = FullAnswerForm(formdata=None, **kept_values(mine, kept, before))
    fit(form, occurrence, account=mine is None or mine.person_id is not None)
    return form


def sent_form(occurrence: Callable[[], Occurrence], *, account: bool) -> RsvpForm:
    """The form that was sent. Only where more was asked than the answer is the date read for it, before its lock."""
    if "extras" not in request.form:
        return RsvpForm()
    form = FullAnswerForm()
    fit(form, occurrence(), account=account)
    return form


def guest_form(occurrence: Occurrence) -> GuestForm:
    """The form of who has no account, empty or as it was sent."""
    form = GuestForm()
    fit(form, occurrence, account=False)
    return form


def fit(form: ExtrasFields, occurrence: Occurrence, *, account: bool) -> None:
    """Leave in *form* what makes sense for this date and, with an *account*, for its owner."""
    person = current_user if account and current_user.is_authenticated else None
    areas = db.session.scalars(answers.areas_to_be_shown(occurrence.event, person)).all()
    form.ask(occurrence.event, areas, account=person is not None)


def keep_also(saved: Rsvp, form: RsvpForm) -> None:
    """Keep what goes along with an answer, where the form asked for it."""
    if isinstance(form, FullAnswerForm):
        keep_extras(rsvp=saved, extras=form.said())


def context(occurrence: Occurrence, mine: Rsvp | None, form: RsvpForm, action: str) -> dict[str, Any]:
    """Template variables of every page with an answer's form; *action* takes the form."""
    free, place = free_now(occurrence), position(mine)
    event = occurrence.event
    return {
        "occurrence": occurrence,
        "event": event,
        "row": rows.event_row(occurrence),
        "mine": mine,
        "form": form,
        "position": place,
        "ticket": ticket_page.own(occurrence, mine),
        "offer": offer_to(mine),
        "free": free,
        "fewer": free if place == 1 and free and mine and free < mine.party_size else None,
        "takes_answers": policy.takes_answers(occurrence, clock.now()),
        "action": action,
        "contact": " · ".join(part for part in (event.contact_phone, event.contact_email) if part),
    }


def said(saved: Rsvp) -> str:
    """What a changed answer holds now, for its owner."""
    if saved.answer == Answer.MAYBE:
        return _("Noted: maybe. A maybe holds no place.")
    if saved.answer == Answer.NOT_GOING:
        return _("Noted: you can't come. Thank you for saying so.")
    if saved.place == Place.WAITING:
        if saved.code_hash is not None:
            return _("You are on the waitlist. Come back with your code to see how it stands.")
        return _("You are on the waitlist. We mail you the moment places are free for you.")
    if saved.place == Place.OFFERED:
        return _("Places are free and kept for you for a while. Take them below, or pass.")
    return ngettext("Your place is saved.", "Your %(num)s places are saved.", saved.party_size)
