"""The clocks of a concern in words, for the desk and for its person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from forum.concerns.models import ClockKind, Concern, Status
from forum.concerns.policy import in_days
from forum.core import clock
from forum.core.templating import date_long


@dataclass(frozen=True)
class NextClock:
    """Which clock runs out next, when, whether only the day counts, and whether it has run out."""

    kind: ClockKind
    due_at: datetime
    words: str
    whole_days: bool
    late: bool


def clock_words(kind: ClockKind) -> str:
    """«First answer»."""
    return {
        ClockKind.ACKNOWLEDGEMENT: _("Say that it arrived"),
        ClockKind.ANSWER: _("First answer"),
        ClockKind.CLOSING: _("Close it"),
        ClockKind.UPDATE: _("Write again"),
    }[kind]


def next_clock(concern: Concern, now: datetime) -> NextClock | None:
    """What is due next of *concern*; None while every clock rests or is met. Asks the database nothing."""
    if concern.due_clock is None or concern.due_at is None:
        return None
    return NextClock(
        kind=concern.due_clock,
        due_at=concern.due_at,
        words=clock_words(concern.due_clock),
        whole_days=in_days(concern),
        late=concern.due_at < now,
    )


def next_words(concern: Concern, now: datetime) -> str:
    """What happens next and by when, as its person reads it: «You have our first answer by Monday, November 30.»"""
    if concern.status is Status.CLOSED:
        return _("It is closed.")
    if concern.status is Status.WAITING:
        return _("It waits. The last message says for whom.")
    if concern.due_clock is None or concern.due_at is None:
        return _("We are on it.")
    # Until the beginning of a day: the day before is the last one.
    day = date_long(clock.to_local(concern.due_at - timedelta(seconds=1)))
    if concern.due_at < now:
        return _(
            "We are late: you should have heard from us by %(day)s. Our supervisors see that, too.", day=day
        )
    return {
        ClockKind.ACKNOWLEDGEMENT: _("You hear that it arrived by %(day)s.", day=day),
        ClockKind.ANSWER: _("You have our first answer by %(day)s.", day=day),
        ClockKind.CLOSING: _("We mean to be done with it by %(day)s.", day=day),
        ClockKind.UPDATE: _("You hear from us again by %(day)s.", day=day),
    }[concern.due_clock]
