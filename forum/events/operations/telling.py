"""Telling who answered: what their answer holds, and what changed about the date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from flask import current_app
from sqlalchemy import select

from forum.core import clock
from forum.events.acts import EventNotice
from forum.events.models import Answer, EventStatus, Occurrence, Place, Rsvp, Shift, ShiftSignup
from forum.extensions import db
from forum.notifications.many import Telling, notify_many
from forum.notifications.operations import notify

CLOCKS_APART = timedelta(seconds=5)  # two machines of one installation, at most
Holding = tuple[Answer | None, Place | None, int | None]


def holding(rsvp: Rsvp) -> Holding:
    """What an answer says and holds; keep it to see later what came of a change."""
    return rsvp.answer, rsvp.place, rsvp.party_size


def tell_owner(rsvp: Rsvp, before: Holding) -> None:
    """Confirm by mail an answer that held *before* something else; one statement. An offer has a mail of its own.

    Who says no for the first time has nothing in a calendar and hears nothing.
    """
    was, now = before[0], holding(rsvp)
    if now == before or rsvp.place == Place.OFFERED or not can_be_mailed(rsvp):
        return
    if rsvp.answer == Answer.NOT_GOING and was in (None, Answer.NOT_GOING):
        return
    assert rsvp.said_at is not None
    occasion, due = _moment_of(rsvp.said_at)
    tell_about(rsvp, EventNotice.RSVP_CONFIRMED, occasion, due_at=due)


def _moment_of(said_at: datetime) -> tuple[str, datetime | None]:
    """The occasion of a confirmation and when it is due.

    Who presses twice, or brings one more after all, is told once, of what holds then: answers that fall into the same
    pause are one occasion, and the mail is worded when it is over, with time for a worker whose clock is ahead.
    """
    pause = current_app.config["FORUM"].answer_mail_pause
    if not pause:
        return said_at.isoformat(), None
    end = (int(said_at.timestamp()) // pause + 1) * pause
    return str(end), datetime.fromtimestamp(end, UTC) + CLOCKS_APART


def tell_about(rsvp: Rsvp, notice: EventNotice, occasion: str, due_at: datetime | None = None) -> None:
    """Tell the owner of *rsvp*, with an account or without; once for each *occasion*, at *due_at* or now."""
    notify(
        person_id=rsvp.person_id,
        language=rsvp.language,
        kind=notice,
        key=f"{notice}:{rsvp.id}:{occasion}",
        subject_id=rsvp.id,
        due_at=due_at,
    )


def can_be_mailed(rsvp: Rsvp) -> bool:
    """False for callers and for who gave no address."""
    return rsvp.person_id is not None or rsvp.email != ""


def tell_answered(occurrence: Occurrence, notice: EventNotice) -> None:
    """Tell everyone who said going or maybe, or took a shift, at a date ahead; once for each version of it."""
    event = occurrence.event
    if occurrence.ends_at <= clock.now() or event.status == EventStatus.DRAFT:
        return
    notify_many(
        notice, _tellings(occurrence, f"{notice}:{occurrence.id}:{event.sequence + occurrence.sequence}")
    )


def _tellings(occurrence: Occurrence, key: str) -> Iterator[Telling]:
    """One for each person: of who both answered and helps, the answer counts, since its mail has the calendar part."""
    db.session.flush()
    told: set[int | None] = set()
    answered = select(Rsvp.id, Rsvp.person_id, Rsvp.language).where(
        Rsvp.occurrence_id == occurrence.id,
        Rsvp.answer != Answer.NOT_GOING,
        Rsvp.person_id.is_not(None) | (Rsvp.email != ""),
    )
    for rsvp_id, person_id, language in db.session.execute(answered.order_by(Rsvp.id)):
        told.add(person_id)
        whose = f"{key}:{person_id}" if person_id is not None else f"{key}:guest {rsvp_id}"
        detail = {"rsvp": rsvp_id}
        yield Telling(
            key=whose, person_id=person_id, subject_id=occurrence.id, language=language, detail=detail
        )
    helping = (
        select(ShiftSignup.person_id).join(ShiftSignup.shift).where(Shift.occurrence_id == occurrence.id)
    )
    for person_id in db.session.scalars(helping.where(ShiftSignup.person_id.is_not(None)).distinct()):
        if person_id not in told:
            yield Telling(key=f"{key}:{person_id}", person_id=person_id, subject_id=occurrence.id)
