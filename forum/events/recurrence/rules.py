"""Which rules we take, in one canonical spelling (RFC 5545 3.3.10, 3.8.5.3)."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule as Iteration
from dateutil.rrule import rrulestr

from forum.events import zones

FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# The order in which parts are written; INTERVAL=1 is left out.
PARTS = ("FREQ", "INTERVAL", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS", "WKST", "UNTIL", "COUNT")
LONGEST = 255  # the column's length

_BYDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_INTEGER = re.compile(r"[+-]?\d{1,3}")
_MOMENT = re.compile(r"\d{8}(T\d{6}Z?)?")

Parts = dict[str, str]


class Problem(StrEnum):
    """Why a rule is refused; ``problem_words`` says it to a person."""

    COUNT_AND_UNTIL = "count_and_until"
    FREQUENCY = "frequency"
    GAP = "gap"  # the time of day does not exist when the clocks go forward
    MALFORMED = "malformed"
    NOTHING = "nothing"
    ORDINAL_WEEKLY = "ordinal_weekly"
    START = "start"  # the start is not the rule's first date
    TOO_MANY = "too_many"
    TWICE_A_DAY = "twice_a_day"
    UNSUPPORTED = "unsupported"


class RecurrenceError(ValueError):
    """A rule that is refused; ``code`` is a :class:`Problem`."""

    def __init__(self, code: Problem, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else str(code))
        self.code = code


def check(rrule: str, start: datetime, *, zone: ZoneInfo, all_day: bool = False) -> str:
    """The canonical text of *rrule* for a series whose first start is *start*, or RecurrenceError.

    UNTIL comes out as a DATE for all-day series and in UTC otherwise, whichever form it had: a bare date means the
    end of that local day. Times that a clock change skips are refused, since every client places them differently.
    """
    parts = _parse(rrule)
    _check_parts(parts, start)
    if "UNTIL" in parts:
        parts["UNTIL"] = _until_text(_until_local(parts["UNTIL"], zone), zone, all_day)
    if not all_day and zones.skips(zone, start):
        raise RecurrenceError(Problem.GAP, f"{start:%H:%M} in {zone.key}")
    text = _text(parts)
    if len(text) > LONGEST:
        raise RecurrenceError(Problem.MALFORMED, "too long")
    first = next(iter(iteration(text, start, zone)), None) if _fits(parts, start.date()) else None
    if first != start:
        _refuse_start(parts, start, zone)
    return text


def with_end(
    rrule: str,
    start: datetime,
    *,
    zone: ZoneInfo,
    last: date | None = None,
    count: int | None = None,
    all_day: bool = False,
) -> str:
    """*rrule* ending with the local date *last* or after *count* dates, or without end when both are None; checked."""
    if last is not None and count is not None:
        raise RecurrenceError(Problem.COUNT_AND_UNTIL)
    parts = {name: value for name, value in _parse(rrule).items() if name not in ("UNTIL", "COUNT")}
    if last is not None:
        parts["UNTIL"] = f"{last:%Y%m%d}"
    if count is not None:
        parts["COUNT"] = str(count)
    return check(_text(parts), start, zone=zone, all_day=all_day)


def iteration(rrule: str, start: datetime, zone: ZoneInfo) -> Iteration:
    """dateutil's iterator over naive local starts; UNTIL is brought to the wall clock of *zone*."""
    parts = _parse(rrule)
    if "UNTIL" in parts:
        parts["UNTIL"] = f"{_until_local(parts['UNTIL'], zone):%Y%m%dT%H%M%S}"
    rule = rrulestr(_text(parts), dtstart=start)
    assert isinstance(rule, Iteration)
    return rule


def ends(rrule: str, zone: ZoneInfo) -> tuple[date | None, int | None]:
    """The last local date that UNTIL allows and the COUNT; None where the rule has none."""
    parts = _parse(rrule)
    until = _until_local(parts["UNTIL"], zone).date() if "UNTIL" in parts else None
    return until, int(parts["COUNT"]) if "COUNT" in parts else None


def parts_of(rrule: str) -> Parts:
    """The parts of a checked rule by name."""
    return _parse(rrule)


def weekdays(value: str) -> Iterator[tuple[int, int]]:
    """The (ordinal, weekday) pairs of a BYDAY value: 0 for "every", Monday is 0."""
    for item in value.split(","):
        match = _BYDAY.fullmatch(item)
        if match is None:
            raise RecurrenceError(Problem.MALFORMED, f"BYDAY={value}")
        yield int(match[1] or 0), WEEKDAYS.index(match[2])


def _parse(rrule: str) -> Parts:
    parts: Parts = {}
    for part in rrule.strip().upper().removeprefix("RRULE:").rstrip(";").split(";"):
        name, equals, value = part.strip().partition("=")
        if not equals or not value or name in parts:
            raise RecurrenceError(Problem.MALFORMED, rrule[:80])
        parts[name] = value
    return parts


def _text(parts: Parts) -> str:
    return ";".join(f"{name}={parts[name]}" for name in PARTS if name in parts)


def _check_parts(parts: Parts, start: datetime) -> None:
    if parts.get("FREQ") not in FREQUENCIES:
        raise RecurrenceError(Problem.FREQUENCY, parts.get("FREQ", ""))
    _drop_times(parts, start)
    if unknown := set(parts) - set(PARTS):
        raise RecurrenceError(Problem.UNSUPPORTED, ", ".join(sorted(unknown)))
    if "COUNT" in parts and "UNTIL" in parts:
        raise RecurrenceError(Problem.COUNT_AND_UNTIL)
    if parts.get("WKST", "MO") not in WEEKDAYS:
        raise RecurrenceError(Problem.MALFORMED, "WKST")
    _check_numbers(parts)
    _name_months_by_year(parts, start)
    _check_days(parts)
    _sort_lists(parts)
    if "UNTIL" in parts and not _MOMENT.fullmatch(parts["UNTIL"]):
        raise RecurrenceError(Problem.MALFORMED, "UNTIL")


def _drop_times(parts: Parts, start: datetime) -> None:
    """Some programs repeat the start's time in the rule; anything more would make several a day."""
    for name, own in (("BYHOUR", start.hour), ("BYMINUTE", start.minute), ("BYSECOND", start.second)):
        value = parts.pop(name, None)
        if value is not None and value.lstrip("0") != str(own or ""):
            raise RecurrenceError(Problem.TWICE_A_DAY if "," in value else Problem.UNSUPPORTED, name)


def _check_numbers(parts: Parts) -> None:
    bounds = {
        "INTERVAL": (1, 999),
        "COUNT": (1, 999),
        "BYMONTH": (1, 12),
        "BYMONTHDAY": (-31, 31),
        "BYSETPOS": (-31, 31),
    }
    if parts.get("COUNT", "").isdecimal() and int(parts["COUNT"][:9]) > bounds["COUNT"][1]:
        raise RecurrenceError(Problem.TOO_MANY, f"COUNT={parts['COUNT'][:9]}")
    for name, (low, high) in bounds.items():
        for item in parts.get(name, "1").split(","):
            if not _INTEGER.fullmatch(item) or not low <= int(item) <= high or int(item) == 0:
                raise RecurrenceError(Problem.MALFORMED, f"{name}={item[:20]}")
        if name in ("INTERVAL", "COUNT") and "," in parts.get(name, ""):
            raise RecurrenceError(Problem.MALFORMED, name)
    if parts.get("INTERVAL") is not None and int(parts["INTERVAL"]) == 1:
        del parts["INTERVAL"]


def _name_months_by_year(parts: Parts, start: datetime) -> None:
    """The same dates in words that all programs read alike: certain months of every year, with their days named."""
    if parts["FREQ"] == "MONTHLY" and "BYMONTH" in parts and not {"INTERVAL", "BYSETPOS"} & set(parts):
        parts["FREQ"] = "YEARLY"
    if parts["FREQ"] == "YEARLY" and not {"BYDAY", "BYMONTHDAY"} & set(parts):
        parts.setdefault("BYMONTH", str(start.month))
        parts["BYMONTHDAY"] = str(start.day)


def _sort_lists(parts: Parts) -> None:
    """Every list in order, once each: some programs take the dates in the order of BYMONTH."""
    for name in ("BYMONTH", "BYMONTHDAY", "BYSETPOS"):
        if name in parts:
            numbers = sorted({int(item) for item in parts[name].split(",")}, key=lambda n: (n < 0, n))
            parts[name] = ",".join(map(str, numbers))
    if "BYDAY" in parts:
        days = sorted(set(weekdays(parts["BYDAY"])), key=lambda pair: (pair[0] < 0, pair))
        parts["BYDAY"] = ",".join(f"{ordinal or ''}{WEEKDAYS[day]}" for ordinal, day in days)


def _check_days(parts: Parts) -> None:
    frequency = parts["FREQ"]
    ordinals = [ordinal for ordinal, _ in weekdays(parts["BYDAY"]) if ordinal] if "BYDAY" in parts else []
    if ordinals and frequency in ("DAILY", "WEEKLY"):
        raise RecurrenceError(Problem.ORDINAL_WEEKLY)
    if "BYMONTHDAY" in parts and frequency == "WEEKLY":
        raise RecurrenceError(Problem.MALFORMED, "BYMONTHDAY with WEEKLY")
    if any(abs(ordinal) > 5 for ordinal in ordinals) or _is_read_differently(parts, ordinals):
        raise RecurrenceError(Problem.UNSUPPORTED)


def _is_read_differently(parts: Parts, ordinals: list[int]) -> bool:
    """Combinations from which ical.js and libical make other dates than dateutil does (tests/interop/test_rules.py)."""
    frequency, names = parts["FREQ"], set(parts)
    odd = [
        "BYMONTHDAY" in names and frequency == "DAILY",
        "BYMONTHDAY" in names and frequency == "YEARLY" and not _all_months_have(parts),
        "BYMONTHDAY" in names and bool(ordinals),
        bool(ordinals) and frequency == "YEARLY" and "BYMONTH" not in names,
        frequency == "MONTHLY" and "BYMONTH" in names,
        "BYSETPOS" in names and (frequency != "MONTHLY" or "BYDAY" not in names or bool(ordinals)),
        "BYSETPOS" in names and bool({"BYMONTH", "BYMONTHDAY"} & names),
        any(abs(int(position)) > 5 for position in parts.get("BYSETPOS", "1").split(",")),
        parts.get("WKST", "MO") not in ("MO", "SU"),
    ]
    return any(odd)


def _all_months_have(parts: Parts) -> bool:
    """Whether every month of BYMONTH has every day of BYMONTHDAY, counted from its start, in every year."""
    lengths = [monthrange(2001, int(month))[1] for month in parts.get("BYMONTH", "2").split(",")]
    return "BYMONTH" in parts and all(0 < int(day) <= min(lengths) for day in parts["BYMONTHDAY"].split(","))


def _fits(parts: Parts, day: date) -> bool:
    """Whether *day* passes the rule's filters: a cheap look that spares walking empty rules to the year 9999."""
    length = ((day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)).day
    if "BYMONTH" in parts and day.month not in map(int, parts["BYMONTH"].split(",")):
        return False
    if "BYMONTHDAY" in parts and not {day.day, day.day - length - 1} & set(
        map(int, parts["BYMONTHDAY"].split(","))
    ):
        return False
    if "BYDAY" not in parts:
        return True
    here = {0, (day.day - 1) // 7 + 1, -((length - day.day) // 7 + 1)}
    return any(weekday == day.weekday() and ordinal in here for ordinal, weekday in weekdays(parts["BYDAY"]))


def _refuse_start(parts: Parts, start: datetime, zone: ZoneInfo) -> None:
    ended = "UNTIL" in parts and _until_local(parts["UNTIL"], zone) < start
    raise RecurrenceError(Problem.NOTHING if ended else Problem.START)


def _until_local(value: str, zone: ZoneInfo) -> datetime:
    """UNTIL on the wall clock: UTC is converted, a local time kept, a bare date means the end of that day."""
    try:
        if value.endswith("Z"):
            moment = datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            return moment.astimezone(zone).replace(tzinfo=None)
        if "T" in value:
            return datetime.strptime(value, "%Y%m%dT%H%M%S")  # noqa: DTZ007 - wall-clock time
        return datetime.combine(datetime.strptime(value, "%Y%m%d"), time(23, 59, 59))  # noqa: DTZ007
    except (ValueError, OverflowError):
        raise RecurrenceError(Problem.MALFORMED, f"UNTIL={value}") from None


def _until_text(local: datetime, zone: ZoneInfo, all_day: bool) -> str:
    if all_day:
        return f"{local:%Y%m%d}"
    try:
        return f"{local.replace(tzinfo=zone).astimezone(UTC):%Y%m%dT%H%M%SZ}"
    except OverflowError:
        raise RecurrenceError(Problem.MALFORMED, "UNTIL") from None
