"""What the roster shows."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import pgettext

from forum.core import clock, templating
from forum.events import policy
from forum.events.models import Answer, Occurrence, Place, Rsvp
from forum.events.operations.line import free_places
from forum.events.policy import Viewer
from forum.events.queries import single
from forum.events.views import rows
from forum.extensions import db

MOST = 5000  # answers on one page: more than any room, and bounded


def roster_context(viewer: Viewer, occurrence: Occurrence) -> dict[str, Any]:
    """Template variables of ``events/desk_roster.html``, forms left out."""
    answers = list(db.session.scalars(single.roster(viewer, occurrence.id).limit(MOST)))
    day = occurrence.original_date.isoformat()
    where: dict[str, Any] = {"event_id": occurrence.event_id, "day": day}
    waiting = [rsvp.id for rsvp in answers if rsvp.place == Place.WAITING]
    return {
        "occurrence": occurrence,
        "event": occurrence.event,
        "row": rows.event_row(occurrence),
        "places": occurrence.places,
        "free": free_places(occurrence),
        "answers": [_line(rsvp, waiting, where) for rsvp in answers],
        "totals": _totals(answers),
        "can_edit": policy.can_edit_events(viewer),
        "takes_answers": policy.takes_answers(occurrence, clock.now()),
        "caller_url": url_for("events_dates.add_caller", **where),
        "walk_ins_url": url_for("events_dates.walk_ins", **where),
        "back_url": url_for("events_desk.overview", event_id=occurrence.event_id),
    }


def _line(rsvp: Rsvp, waiting: list[int], where: dict[str, Any]) -> dict[str, Any]:
    name = rsvp.person.name if rsvp.person is not None else rsvp.name
    return {
        "name": name,
        "party": rsvp.party_size,
        "by_phone": rsvp.person is None,
        "since": rsvp.updated_at,
        "standing": _standing(rsvp, waiting),
        "tone": {Place.CONFIRMED: "good", Place.OFFERED: "wait", Place.WAITING: "wait"}.get(rsvp.place, ""),
        "url": url_for("events_dates.answer", rsvp_id=rsvp.id, **where),
    }


def _standing(rsvp: Rsvp, waiting: list[int]) -> str:
    if rsvp.place == Place.WAITING:
        return _("Waiting, number %(position)s", position=waiting.index(rsvp.id) + 1)
    if rsvp.offer_ends_at is not None:
        until = templating.moment(rsvp.offer_ends_at)
        over = rsvp.offer_ends_at <= clock.now()
        return _("Offer ended %(when)s", when=until) if over else _("Offered until %(when)s", when=until)
    going = pgettext("people", "Going")
    return {Answer.GOING: going, Answer.MAYBE: _("Maybe"), Answer.NOT_GOING: _("Not coming")}[rsvp.answer]


def _totals(answers: list[Rsvp]) -> dict[str, int]:
    """People by what they hold."""
    return {
        "going": sum(rsvp.party_size for rsvp in answers if rsvp.place == Place.CONFIRMED),
        "offered": sum(rsvp.party_size for rsvp in answers if rsvp.place == Place.OFFERED),
        "waiting": sum(rsvp.party_size for rsvp in answers if rsvp.place == Place.WAITING),
        "maybe": sum(rsvp.party_size for rsvp in answers if rsvp.answer == Answer.MAYBE),
        "not_going": sum(1 for rsvp in answers if rsvp.answer == Answer.NOT_GOING),
    }
