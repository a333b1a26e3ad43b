"""What goes along with an answer: how it is shown, whether attendance is kept, what is needed."""

from __future__ import annotations

from dataclasses import dataclass

from forum.core.transactions import operation
from forum.events.models import Rsvp
from forum.events.operations.needs import NOTHING, Needs, keep_needs
from forum.extensions import db


@dataclass(frozen=True, kw_only=True)
class Extras:
    """*shown_neighborhood_id*: "Resident of ..." on the event's page, one that the form offered; None: not shown.

    *remind_day*, *remind_hours*: a mail the day before, and two hours before.
    """

    shown_neighborhood_id: int | None = None
    keeps_attendance: bool = False
    remind_day: bool = True
    remind_hours: bool = False
    needs: Needs = NOTHING


@operation
def keep_extras(*, rsvp: Rsvp, extras: Extras) -> None:
    """Replace what goes along with *rsvp*."""
    rsvp.shown_neighborhood_id = extras.shown_neighborhood_id
    rsvp.keeps_attendance = extras.keeps_attendance and rsvp.person_id is not None
    rsvp.remind_day, rsvp.remind_hours = extras.remind_day, extras.remind_hours
    db.session.flush()
    keep_needs(rsvp=rsvp, needs=extras.needs)
