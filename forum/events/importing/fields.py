"""What the readers of `.ics` and CSV files share: dates that exist, zones that are known, rules that end."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from flask_babel import gettext as _

from forum.events.importing.model import When
from forum.events.recurrence import Problem, RecurrenceError, check, expand, problem_words
from forum.events.recurrence.rules import iteration

MAX_BYTES = 5 * 1024 * 1024
FIRST_YEAR, LAST_YEAR = 1970, 2199
TITLE_LENGTH = 200
MOST_OCCURRENCES = 1000
USUAL_LENGTH = timedelta(hours=1)

_STAMP = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?")


class Refused(ValueError):
    """A row or component cannot go in; the message says why in plain words."""


def within_years(value: When) -> When:
    """`value`, or Refused where its year is out of this century and its neighbors."""
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise Refused(
            _(
                "The year %(year)s is not between %(first)s and %(last)s.",
                year=value.year,
                first=FIRST_YEAR,
                last=LAST_YEAR,
            )
        )
    return value


def stamp(value: str) -> tuple[When, bool]:
    """A DATE or DATE-TIME value (RFC 5545 3.3.4, 3.3.5) and whether it is UTC; Refused where it is no such day."""
    match = _STAMP.fullmatch(value.strip())
    if match is None:
        raise Refused(_("“%(text)s” is not a date.", text=value[:40]))
    year, month, day, hour, minute, second, utc = match.groups()
    try:
        if hour is None:
            return within_years(date(int(year), int(month), int(day))), False
        moment = datetime.combine(date(int(year), int(month), int(day)), time(int(hour), int(minute)))
        if int(second) > 60:  # 60 is a leap second, which no meeting begins in
            raise ValueError(second)
        return within_years(moment), bool(utc)
    except ValueError as error:
        if isinstance(error, Refused):
            raise
        raise Refused(_("“%(text)s” is a day or an hour that does not exist.", text=value[:40])) from error


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def is_zone(name: str) -> bool:
    """Whether `name` is a zone of the time zone database that this machine has."""
    return name in _zones() and not name.startswith(("Etc/", "posix/", "right/", "SystemV/"))


def to_local(value: datetime, zone: str) -> datetime:
    """A naive UTC `value` as naive local time in `zone`."""
    return value.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def to_utc(value: datetime, zone: str) -> datetime:
    """A naive local `value` in `zone` as naive UTC."""
    return value.replace(tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo("UTC")).replace(tzinfo=None)


def anchor(value: When) -> datetime:
    """`value` as a naive date-time: a date at its midnight."""
    return value if isinstance(value, datetime) else datetime.combine(value, time())


def length_of(starts: When, ends: When) -> timedelta:
    """How long it lasts on the wall clock."""
    return anchor(ends) - anchor(starts)


def checked_rule(text: str, starts: When, zone: str) -> tuple[str, When]:
    """The canonical RRULE value and its first date, which is `starts` unless the rule does not make that.

    Refused where the rule is none that we take (RFC 5545 3.3.10 and `recurrence.check`).
    """
    at, timed, tz = anchor(starts), isinstance(starts, datetime), ZoneInfo(zone)
    try:
        try:
            return check(text, at, zone=tz, all_day=not timed), starts
        except RecurrenceError as error:
            if error.code is not Problem.START:
                raise
        # Asked with an hour that the rule names or not: iteration starts at `at` and skips to the first real date.
        first = next(iter(iteration(text, at, tz)), None)
        if first is None or first.year > LAST_YEAR:
            raise RecurrenceError(Problem.NOTHING)
        return check(text, first, zone=tz, all_day=not timed), first if timed else first.date()
    except RecurrenceError as error:
        raise Refused(problem_words(error.code)) from error


def occurrences(
    rule: str,
    starts: When,
    zone: str,
    extra: Iterable[When] = (),
    skipped: Iterable[When] = (),
    years: int = 10,
) -> list[datetime]:
    """The dates of a series in its first `years`, naive and local; Refused where there are too many."""
    at = anchor(starts)
    try:
        return expand(
            at,
            rule or None,
            zone=ZoneInfo(zone),
            extra=map(anchor, extra),
            skipped=map(anchor, skipped),
            until=at + timedelta(days=366 * years),
            limit=MOST_OCCURRENCES if re.search("COUNT|UNTIL", rule) else 400 * years,
        )
    except RecurrenceError as error:
        raise Refused(problem_words(error.code)) from error


def ends_or_usual(starts: When, ends: When | None) -> tuple[When, bool]:
    """An end after `starts`, and whether it had to be assumed: an hour, or the one day."""
    same_form = ends is not None and isinstance(ends, datetime) == isinstance(starts, datetime)
    if same_form and ends > starts:  # type: ignore[operator]
        return ends, False  # type: ignore[return-value]
    return starts + (USUAL_LENGTH if isinstance(starts, datetime) else timedelta(days=1)), True


def web_address(text: str) -> str:
    """`text` if it is an http or https address, else nothing."""
    text = text.strip()
    return text if re.fullmatch(r"https?://[^\s<>\"]{3,1000}", text, re.I) else ""


def coordinates(latitude: str, longitude: str) -> tuple[float | None, float | None]:
    """Both numbers in degrees, or neither; Refused where they lie off the globe."""
    if not latitude.strip() and not longitude.strip():
        return None, None
    try:
        lat, lon = float(latitude), float(longitude)
    except ValueError as error:
        raise Refused(_("The coordinates are not two numbers.")) from error
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise Refused(_("The coordinates are not on the globe."))
    return lat, lon
