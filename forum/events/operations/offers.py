"""Places offered for a while to who waited for them: taken, passed on, or over."""

from __future__ import annotations

from flask_babel import gettext as _

from forum.core.errors import Refusal
from forum.core.transactions import operation
from forum.events.models import Answer, Occurrence, Place, Rsvp
from forum.events.operations import line
from forum.events.operations.occurrences import lock_occurrence
from forum.events.operations.rsvp import settle
from forum.extensions import db


@operation
def take_offer(*, rsvp: Rsvp) -> Rsvp:
    """Confirm the places offered to *rsvp*, also when the time is over and nobody else has got them yet.

    Taking twice is taking once. Refusal when the places have gone to the next in line.
    """
    occurrence = _locked(rsvp)
    if rsvp.place == Place.CONFIRMED:
        return rsvp
    line.end_offers(occurrence, but=rsvp)
    lapsed = rsvp.place == Place.NONE and rsvp.answer == Answer.MAYBE
    if rsvp.place == Place.OFFERED or (lapsed and line.fits(occurrence, rsvp.party_size)):
        return settle(occurrence, rsvp, Answer.GOING, rsvp.party_size)
    raise Refusal(_("These places are not offered to you any more. Below is what holds now."))


@operation
def pass_offer(*, rsvp: Rsvp) -> Rsvp:
    """Leave the line, so that the next in it is asked at once. Refusal when there is nothing to pass on any more."""
    occurrence = _locked(rsvp)
    if rsvp.place in (Place.CONFIRMED, Place.WAITING):  # the page was an old one
        raise Refusal(_("These places are not offered to you any more. Below is what holds now."))
    return settle(occurrence, rsvp, Answer.NOT_GOING, rsvp.party_size)


@operation
def end_lapsed(occurrence_id: int) -> None:
    """End the offers of a date whose time is over, and offer the places to the next in line."""
    line.fill_places(lock_occurrence(occurrence_id))


def _locked(rsvp: Rsvp) -> Occurrence:
    occurrence = lock_occurrence(rsvp.occurrence)
    db.session.refresh(rsvp)
    return occurrence
