"""How a series repeats, as a person picks it: a preset named by its code, an end, or a rule of one's own."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from forum.core.errors import Refusal
from forum.events.recurrence import Pattern, RecurrenceError, presets_for, problem_words, with_end
from forum.events.recurrence.rules import ends

NEVER, CUSTOM = "", "custom"
CHOICES = (
    (NEVER, _l("Does not repeat")),
    ("weekly", _l("Every week")),
    ("biweekly", _l("Every second week")),
    ("monthly_weekday", _l("Every month on the same weekday, like the second Tuesday")),
    ("monthly_last_weekday", _l("Every month on the last such weekday")),
    ("bimonthly_weekday", _l("Every second month on the same weekday")),
    ("bimonthly_last_weekday", _l("Every second month on the last such weekday")),
    ("quarterly_weekday", _l("Every third month on the same weekday")),
    ("quarterly_last_weekday", _l("Every third month on the last such weekday")),
    ("monthly_day", _l("Every month on the same day of the month")),
    ("monthly_last_day", _l("Every month on its last day")),
    ("yearly", _l("Every year")),
    (CUSTOM, _l("Own rule")),
)


def rule(
    code: str,
    custom: str,
    start: datetime,
    zone: ZoneInfo,
    *,
    until: date | None,
    count: int | None,
    all_day: bool,
) -> str | None:
    """The RRULE for a pick; None when it does not repeat. Raises Refusal, naming the field, when it makes no sense."""
    if code == NEVER:
        return None
    chosen = custom if code == CUSTOM else dict(presets_for(start)).get(code)
    if not chosen:
        raise Refusal(
            _("The first date is not such a day. Choose another date or another way to repeat."), "repeats"
        )
    if until is None and count is None:
        return chosen
    try:
        return with_end(chosen, start, zone=zone, last=until, count=count, all_day=all_day)
    except RecurrenceError as error:
        raise Refusal(problem_words(error.code), "until" if until else "count") from error


def values(series: Pattern) -> dict[str, Any]:
    """The form's data for the rule of a series."""
    if series.rrule is None:
        return {"repeats": NEVER}
    until, count = ends(series.rrule, series.zone)
    plain = with_end(series.rrule, series.start, zone=series.zone, all_day=series.all_day)
    for code, preset in presets_for(series.start):
        if with_end(preset, series.start, zone=series.zone, all_day=series.all_day) == plain:
            return {"repeats": code, "until": until, "count": count}
    return {"repeats": CUSTOM, "custom_rule": plain, "until": until, "count": count}
