"""Rules as people say them, and the rules an officer may pick."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from forum.events.recurrence.rules import WEEKDAYS, Parts, Problem, ends, parts_of, weekdays


def presets_for(start: date | datetime) -> list[tuple[str, str]]:
    """The (code, rule) pairs that begin on *start*, the likeliest first. Days that some months lack are not offered."""
    code = WEEKDAYS[start.weekday()]
    length = monthrange(start.year, start.month)[1]
    nth = (start.day - 1) // 7 + 1
    presets = [("weekly", f"FREQ=WEEKLY;BYDAY={code}"), ("biweekly", f"FREQ=WEEKLY;INTERVAL=2;BYDAY={code}")]
    ordinals = [("weekday", nth)] if nth < 5 else []
    ordinals += [("last_weekday", -1)] if start.day > length - 7 else []
    for months, prefix in ((1, "monthly"), (2, "bimonthly"), (3, "quarterly")):
        interval = f"INTERVAL={months};" if months > 1 else ""
        presets += [(f"{prefix}_{name}", f"FREQ=MONTHLY;{interval}BYDAY={n}{code}") for name, n in ordinals]
    if start.day <= 28:
        presets.append(("monthly_day", f"FREQ=MONTHLY;BYMONTHDAY={start.day}"))
    if start.day == length:
        presets.append(("monthly_last_day", "FREQ=MONTHLY;BYMONTHDAY=-1"))
    if (start.month, start.day) != (2, 29):
        presets.append(("yearly", f"FREQ=YEARLY;BYMONTH={start.month};BYMONTHDAY={start.day}"))
    return presets


def preset_words(start: date | datetime, zone: ZoneInfo) -> list[tuple[str, str]]:
    """(rule, words) for a select field, in the reader's language."""
    return [(rrule, describe(rrule, start, zone)) for _code, rrule in presets_for(start)]


def describe(rrule: str, start: date | datetime, zone: ZoneInfo) -> str:
    """A checked rule in the reader's language: "every second month on the first Thursday, until May 4, 2027"."""
    parts = parts_of(rrule)
    words = {"DAILY": _daily, "WEEKLY": _weekly, "MONTHLY": _monthly, "YEARLY": _yearly}[parts["FREQ"]](
        parts, start
    )
    last, count = ends(rrule, zone)
    if last is not None:
        return _("%(repeats)s, until %(date)s", repeats=words, date=format_date(last, "long", _locale()))
    if count is not None:
        return ngettext("%(repeats)s, once", "%(repeats)s, %(num)s times", count, repeats=words)
    return words


def problem_words(code: Problem) -> str:
    """Why a rule is refused, and what to do, in the reader's language."""
    return {
        Problem.COUNT_AND_UNTIL: _("Give either a last date or a number of dates, not both."),
        Problem.FREQUENCY: _("A series repeats by days, weeks, months or years."),
        Problem.GAP: _("The clocks skip this time of day once a year. Choose another time for a series."),
        Problem.MALFORMED: _("This rule cannot be read."),
        Problem.NOTHING: _("This rule makes no date. Its end may lie before its start."),
        Problem.ORDINAL_WEEKLY: _("“First” or “last” weekdays belong to months, not to weeks."),
        Problem.START: _("The first date does not follow the rule. Change one or the other."),
        Problem.TOO_MANY: _("This rule makes too many dates. Give it an earlier end."),
        Problem.TWICE_A_DAY: _("A series can have one meeting a day."),
        Problem.UNSUPPORTED: _("This kind of rule is not supported here."),
    }[code]


def _daily(parts: Parts, _start: date | datetime) -> str:
    interval = int(parts.get("INTERVAL", 1))
    words = _("every second day") if interval == 2 else ngettext("every day", "every %(num)s days", interval)
    if "BYDAY" in parts:
        words = _(
            "%(repeats)s, if it is a %(days)s", repeats=words, days=_listed(_day_names(parts["BYDAY"]), "or")
        )
    return _in_months(parts, words)


def _weekly(parts: Parts, start: date | datetime) -> str:
    interval = int(parts.get("INTERVAL", 1))
    days = _listed(_day_names(parts.get("BYDAY", WEEKDAYS[start.weekday()])))
    if interval == 2:
        words = _("every second week on %(days)s", days=days)
    else:
        words = ngettext("every week on %(days)s", "every %(num)s weeks on %(days)s", interval, days=days)
    return _in_months(parts, words)


def _monthly(parts: Parts, start: date | datetime) -> str:
    interval = int(parts.get("INTERVAL", 1))
    when = _when(parts, start)
    if interval == 2:
        words = _("every second month %(when)s", when=when)
    else:
        words = ngettext("every month %(when)s", "every %(num)s months %(when)s", interval, when=when)
    return _in_months(parts, words)


def _yearly(parts: Parts, start: date | datetime) -> str:
    interval = int(parts.get("INTERVAL", 1))
    if "BYDAY" not in parts and "," not in parts.get("BYMONTH", "") + parts.get("BYMONTHDAY", ""):
        when = _("on %(date)s", date=format_date(start, _("MMMM d"), _locale()))
        return ngettext("every year %(when)s", "every %(num)s years %(when)s", interval, when=when)
    words = ngettext(
        "every year %(when)s", "every %(num)s years %(when)s", interval, when=_when(parts, start)
    )
    return _in_months(parts, words)


def _when(parts: Parts, start: date | datetime) -> str:
    """Which day of the month: "on the first Thursday", "on day 15"."""
    if "BYSETPOS" in parts or ("BYDAY" in parts and "BYMONTHDAY" in parts):
        return _week_of_days(parts) or _("on days of its own")
    if "BYDAY" in parts:
        return _listed([_ordinal_day(ordinal, day) for ordinal, day in weekdays(parts["BYDAY"])])
    days = [int(day) for day in parts.get("BYMONTHDAY", str(start.day)).split(",")]
    if days == [-1]:
        return _("on the last day")
    if min(days) < 0:
        return _("on days of its own")
    return ngettext(
        "on day %(days)s", "on days %(days)s", len(days), days=_listed([str(day) for day in days])
    )


def _week_of_days(parts: Parts) -> str:
    """One weekday of seven days in a row, or '': "on the Tuesday from day 11 to 17" (calendars moved by weeks)."""
    if "BYSETPOS" in parts:
        return ""
    days = [int(day) for day in parts["BYMONTHDAY"].split(",")]
    (ordinal, weekday), *more = weekdays(parts["BYDAY"])
    if more or ordinal or days[0] < 1 or days != list(range(days[0], days[0] + 7)):
        return ""
    name = _weekday(weekday)
    return _("on the %(weekday)s from day %(first)s to %(last)s", weekday=name, first=days[0], last=days[6])


def _ordinal_day(ordinal: int, weekday: int) -> str:
    name = _weekday(weekday)
    # Whole phrases, since languages order and inflect them differently.
    phrases = {
        0: _("on every %(weekday)s", weekday=name),
        1: _("on the first %(weekday)s", weekday=name),
        2: _("on the second %(weekday)s", weekday=name),
        3: _("on the third %(weekday)s", weekday=name),
        4: _("on the fourth %(weekday)s", weekday=name),
        5: _("on the fifth %(weekday)s", weekday=name),
        -1: _("on the last %(weekday)s", weekday=name),
        -2: _("on the last %(weekday)s but one", weekday=name),
    }
    return phrases.get(ordinal) or _("on days of its own")


def _in_months(parts: Parts, words: str) -> str:
    if "BYMONTH" not in parts:
        return words
    names = _locale().months["stand-alone"]["wide"]
    months = _listed([str(names[int(month)]) for month in parts["BYMONTH"].split(",")])
    return _("%(repeats)s, in %(months)s", repeats=words, months=months)


def _day_names(byday: str) -> list[str]:
    return [_weekday(day) for _ordinal, day in weekdays(byday)]


def _weekday(weekday: int) -> str:
    monday = date(2001, 1, 1)
    return format_date(monday + timedelta(days=weekday), "EEEE", _locale())


def _listed(items: list[str], style: str = "standard") -> str:
    return format_list(items, style="or" if style == "or" else "standard", locale=_locale())


def _locale() -> Locale:
    return get_locale() or Locale("en")
