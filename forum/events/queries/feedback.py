"""What people said of a date, in sums alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Select, String, cast, exists, func, literal, or_, select

from forum.events.models import Event, EventStatus, Feedback, Occurrence, Place, Rsvp, Verdict
from forum.events.policy import Viewer, can_see_desk
from forum.events.queries import single
from forum.extensions import db
from forum.notifications.models import Notification

FEWEST = 5  # answers below which nothing but their number is shown: one could tell who said what
MOST_TEXTS = 200
ASKED_WITHIN = timedelta(days=1)  # after the end; a worker that was away longer asks nobody any more
LONGEST_ASKED = timedelta(days=32)  # no date lasts longer, so older starts need not be looked at


@dataclass(frozen=True)
class Results:
    """*answers*: how many there are. With fewer than FEWEST, *is_withheld*, and the rest is empty."""

    answers: int
    worth: dict[Verdict, int] = field(default_factory=dict)
    heard: dict[Verdict, int] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)

    @property
    def is_withheld(self) -> bool:
        return self.answers < FEWEST


def last_ended(event_id: int, now: datetime) -> Select[Occurrence]:
    """The latest date of an event that is over: what people have in mind who come to give feedback."""
    return single.last_occurrence(event_id).where(Occurrence.ends_at <= now)


def to_be_asked(now: datetime) -> Select[int]:
    """The ids of public dates that ended within a day before *now* and to which somebody came by answer."""
    some = exists().where(Rsvp.occurrence_id == Occurrence.id, Rsvp.place == Place.CONFIRMED)
    return (
        select(Occurrence.id)
        .join(Occurrence.event)
        .where(Occurrence.listed, Occurrence.starts_at > now - LONGEST_ASKED, Occurrence.starts_at <= now)
        .where(Occurrence.ends_at <= now, Occurrence.ends_at > now - ASKED_WITHIN)
        .where(~Occurrence.cancelled, Event.status == EventStatus.PUBLISHED, some)
        .order_by(Occurrence.id)
    )


def not_asked_yet(occurrence_id: int, kind: str) -> Select[int, int | None, str]:
    """(id, person, language) of the confirmed answers to a date that can be mailed and were not told of *kind*."""
    told = exists().where(Notification.key == literal(f"{kind}:") + cast(Rsvp.id, String))
    return (
        select(Rsvp.id, Rsvp.person_id, Rsvp.language)
        .where(Rsvp.occurrence_id == occurrence_id, Rsvp.place == Place.CONFIRMED, ~told)
        .where(or_(Rsvp.person_id.is_not(None), Rsvp.email != ""))
        .order_by(Rsvp.id)
    )


def results_of(viewer: Viewer, occurrence_id: int) -> Results:
    """The answers to a date in sums, and what should be different in an order that tells nothing of when it came.

    Nothing off the desk.
    """
    if not can_see_desk(viewer):
        return Results(0)
    here = Feedback.occurrence_id == occurrence_id
    counted = db.session.execute(
        select(Feedback.worth, Feedback.heard, func.count())
        .where(here)
        .group_by(Feedback.worth, Feedback.heard)
    ).all()
    answers = sum(count for _worth, _heard, count in counted)
    if answers < FEWEST:
        return Results(answers)
    worth, heard = Counter[Verdict](), Counter[Verdict]()
    for said_worth, said_heard, count in counted:
        worth[said_worth] += count
        heard[said_heard] += count
    # The key is random, so its order is a shuffle that stays the same at every look.
    written = (
        select(Feedback.change).where(here, Feedback.change != "").order_by(Feedback.key).limit(MOST_TEXTS)
    )
    return Results(answers, dict(worth), dict(heard), list(db.session.scalars(written)))
