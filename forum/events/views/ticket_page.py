"""The ticket of an answer: what its owner shows, and what the door sees of it."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from forum.core import clock
from forum.core.errors import Refusal
from forum.core.qr import qr_svg
from forum.events import policy
from forum.events.letters import ticket_url
from forum.events.models import Occurrence, Place, Rsvp
from forum.events.operations.door import ticket_for
from forum.events.queries import door
from forum.events.queries.roster import Standing, standing_of
from forum.events.views import rows
from forum.events.views.roster_page import TONES, standing_words
from forum.extensions import db


def own(occurrence: Occurrence, mine: Rsvp | None) -> dict[str, Any] | None:
    """The ticket for its owner; None where there is no place, or no door any more."""
    if mine is None or mine.place != Place.CONFIRMED or not policy.takes_place(occurrence):
        return None
    if not policy.keeps_door_list(occurrence, clock.now()):
        return None
    return {"qr": qr_svg(ticket_url(mine)), "text": ticket_for(mine.id)}


def require_open(occurrence: Occurrence) -> None:
    """Refusal outside the time in which a ticket is good."""
    if not policy.door_is_open(occurrence, clock.now()):
        raise Refusal(
            _("A ticket counts from a day before the start until a day after the end. Nothing was counted.")
        )


def at_door(mine: Rsvp, refused: str = "") -> dict[str, Any]:
    """Template variables of ``events/ticket_at_door.html``, for who counts."""
    occurrence = mine.occurrence
    standing = standing_of(mine.place, mine.answer)
    here = max((found.people for found in db.session.scalars(door.arrivals_of_answer(mine.id))), default=0)
    where: dict[str, Any] = {
        "event_id": occurrence.event_id,
        "day": occurrence.original_date.isoformat(),
    }
    return {
        "name": name_of(mine),
        "party": mine.party_size,
        "here": here,
        "standing": "" if standing is Standing.GOING else standing_words()[standing],
        "tone": TONES.get(standing, ""),
        "row": rows.event_row(occurrence),
        "is_open": policy.door_is_open(occurrence, clock.now()),
        "action": url_for("events.ticket", event_id=occurrence.event_id, token=ticket_for(mine.id)),
        "door_url": url_for("events_door.door", **where),
        "refused": refused,
    }


def name_of(mine: Rsvp) -> str:
    """Whose answer it is, as the door's list says it."""
    return (mine.person.name if mine.person is not None else mine.name) or _("By headcount")
