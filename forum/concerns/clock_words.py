"""The clocks of a concern in words, for the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from forum.concerns.models import ClockKind, Concern
from forum.concerns.policy import in_days


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
