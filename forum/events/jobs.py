"""Periodic work: offers end; reminders go out; series grow; stored bytes follow a changed renderer or address."""

from __future__ import annotations

from sqlalchemy import select

from forum.core import clock, jobs, uploads
from forum.core.transactions import unit_of_work
from forum.events.feeds.site import Site
from forum.events.importing.held import forget_old
from forum.events.models import Event
from forum.events.operations import guests, needs
from forum.events.operations.changes import renew
from forum.events.operations.door import forget_names
from forum.events.operations.feedback import ask_for_feedback
from forum.events.operations.offers import end_lapsed
from forum.events.operations.reminders import remind
from forum.events.operations.schedule import HORIZON, extend_series
from forum.events.queries.door import dates_with_names_to_forget
from forum.events.queries.feedback import to_be_asked
from forum.events.queries.lists import with_lapsed_offers
from forum.events.queries.reminders import dates_ahead
from forum.events.queries.single import hidden_pictures, shown_picture
from forum.events.reminding import due_occasions
from forum.extensions import db

BATCH = 200


@jobs.periodic("events.end_offers", minutes=1, at_start=True)
def end_offers() -> None:
    """Pass on what was offered and not taken in time, one date a transaction. A write on the date does the same."""
    for occurrence_id in db.session.scalars(with_lapsed_offers(clock.now())).all():
        with unit_of_work():
            end_lapsed(occurrence_id)


@jobs.periodic("events.remind", minutes=5)
def remind_everyone() -> None:
    """Remind of the dates whose moment has come, one date a transaction. One question where none is due."""
    now = clock.now()
    near = db.session.scalars(dates_ahead(now)).all()
    for occurrence_id in [found.id for found in near if due_occasions(found, now)]:
        with unit_of_work():
            remind(occurrence_id)


@jobs.periodic("events.ask_for_feedback", minutes=30)
def ask_everyone_for_feedback() -> None:
    """Ask who was at a date that has just ended how it was, one date a transaction."""
    for occurrence_id in db.session.scalars(to_be_asked(clock.now())).all():
        with unit_of_work():
            ask_for_feedback(occurrence_id)


@jobs.periodic("events.extend_series", daily="02:40")
def extend_all_series() -> None:
    """Make the dates that have come within the horizon, one series a transaction."""
    due = select(Event.id).where(Event.rrule.is_not(None), Event.materialized_until < clock.now() + HORIZON)
    for event_id in db.session.scalars(due.order_by(Event.id)).all():
        with unit_of_work():
            event = db.session.get(Event, event_id, with_for_update=True)
            if event is not None:
                extend_series(event)


@jobs.periodic("events.renew_bytes", daily="02:50")
def renew_bytes() -> None:
    """Store calendar bytes anew where they were made by an older renderer or for another address."""
    made = Site.current().made
    stale = select(Event.id).where(Event.vevents_made != made).order_by(Event.id).limit(BATCH)
    while ids := db.session.scalars(stale).all():
        with unit_of_work():
            renew(list(ids))


@jobs.periodic("events.erase_needs", daily="03:10")
def erase_needs() -> None:
    """Erase what people needed to take part, 30 days after the date: nobody needs to know it any more."""
    with unit_of_work():
        needs.erase_needs()


@jobs.periodic("events.forget_arrivals", daily="03:20")
def forget_arrivals() -> None:
    """Forget who came, from a day after each date on; how many came stays. One date a transaction."""
    for occurrence_id in db.session.scalars(dates_with_names_to_forget(clock.now())).all():
        with unit_of_work():
            forget_names(occurrence_id)


@jobs.periodic("events.forget_guest_requests", minutes=30)
def forget_guest_requests() -> None:
    """Forget answers whose address nobody confirmed within a day, and what was kept of those confirmed."""
    with unit_of_work():
        guests.forget_requests()


@jobs.periodic("events.keep_pictures_hidden", daily="03:30", at_start=True)
def keep_pictures_hidden() -> None:
    """Put pictures where the decisions about them say: whoever was killed between a decision's commit and the move of
    the file left it where it was."""
    for name in db.session.scalars(hidden_pictures()).all():
        uploads.seal(name)
    db.session.rollback()  # a decision that was overturned meanwhile is to be seen
    for name in uploads.sealed():
        if db.session.scalars(shown_picture(name)).first() is not None:
            uploads.unseal(name)


@jobs.periodic("events.forget_uploads", minutes=30)
def forget_uploads() -> None:
    """Remove files that were uploaded for an import more than an hour ago."""
    forget_old()
