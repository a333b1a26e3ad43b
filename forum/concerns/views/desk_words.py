"""What the desk says of a concern in a line: how old it is, when it is due, who has it."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from forum.concerns.models import Concern, Status
from forum.concerns.policy import in_days
from forum.core import clock
from forum.core.languages import language_name
from forum.core.templating import date_short, time_of_day

_DAY = timedelta(days=1)
TONES = {
    Status.ACKNOWLEDGED: "accent",
    Status.ANSWERED: "good",
    Status.CLOSED: "",
    Status.IN_PROGRESS: "accent",
    Status.RECEIVED: "solid",
    Status.REOPENED: "late",
    Status.WAITING: "wait",
}


def is_late(concern: Concern, now: datetime) -> bool:
    """Whether a clock of an open concern has run out."""
    return concern.is_open and concern.due_at is not None and concern.due_at < now


def due_words(concern: Concern, now: datetime) -> str:
    """«Late by 2 days», «today, 4 pm», «Mon, Dec 7»; in days alone where the desk knows no more; "" without a clock."""
    due = concern.due_at
    if due is None or not concern.is_open:
        return ""
    days = (clock.to_local(due).date() - clock.to_local(now).date()).days
    if due < now:
        return _late_words(now - due > _DAY or in_days(concern), due, now)
    if in_days(concern) or days > 6:
        return {0: _("today"), 1: _("tomorrow")}.get(days, date_short(clock.to_local(due)))
    time = time_of_day(due)
    if days == 0:
        return _("today, %(time)s", time=time)
    if days == 1:
        return _("tomorrow, %(time)s", time=time)
    return _("%(date)s, %(time)s", date=date_short(clock.to_local(due)), time=time)


def age_words(concern: Concern) -> str:
    """«3 days», by the agency's calendar."""
    days = (clock.today() - clock.to_local(concern.arrived_at).date()).days
    return ngettext("%(num)s day", "%(num)s days", days) if days > 0 else _("today")


def language_words(concern: Concern, language: str) -> str:
    """«Spanish, with interpreter»; "" when the person reads the page's own *language* and needs none."""
    if concern.interpreter:
        return _("%(language)s, with interpreter", language=language_name(concern.language))
    return "" if concern.language == language else language_name(concern.language)


def _late_words(whole_days: bool, due: datetime, now: datetime) -> str:
    if whole_days:
        days = (clock.to_local(now).date() - clock.to_local(due).date()).days
        return ngettext("late by %(num)s day", "late by %(num)s days", days) if days else _("late today")
    hours = int((now - due).total_seconds() // 3600)
    if hours:
        return ngettext("late by %(num)s hour", "late by %(num)s hours", hours)
    minutes = max(1, int((now - due).total_seconds() // 60))
    return ngettext("late by %(num)s minute", "late by %(num)s minutes", minutes)
