"""What people said of a date, in sums alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, func, select

from forum.events.models import Feedback, Occurrence, Verdict
from forum.events.policy import Viewer, can_see_desk
from forum.events.queries import single
from forum.extensions import db

FEWEST = 5  # answers below which nothing but their number is shown: one could tell who said what
MOST_TEXTS = 200


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
