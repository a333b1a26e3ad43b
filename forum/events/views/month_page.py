"""What the month view shows."""

from __future__ import annotations

from calendar import Calendar
from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any

from babel import Locale
from flask import url_for
from flask_babel import gettext as _

from forum.core import clock, languages, templating
from forum.core.languages import page_language
from forum.events.models import Occurrence
from forum.events.policy import Viewer
from forum.events.queries import lists, single
from forum.events.queries.filters import CITY_WIDE, EventFilters
from forum.events.views.list_page import count_words
from forum.events.views.rows import is_off, kind_mark, local_start, occurrence_url, status_words
from forum.extensions import db
from forum.neighborhoods.queries import neighborhood_options

SHOWN = 3  # events in a day's cell; the rest is one link away
MOST = 2000  # rows a month may load
FIRST, LAST = date(1990, 1, 1), date(2100, 12, 1)


def month_of(text: str) -> date | None:
    """The first day of «2026-11», or None when that is no month."""
    try:
        first = date.fromisoformat(f"{text.strip()}-01")
    except ValueError:
        return None
    return first if FIRST <= first <= LAST else None


def context(viewer: Viewer, first: date, filters: EventFilters) -> dict[str, Any]:
    """Template variables of ``events/calendar.html`` for the month that begins on *first*."""
    locale = templating.locale_of(languages.date_locale())
    weeks = Calendar(locale.first_week_day).monthdatescalendar(first.year, first.month)
    occurrences = _occurrences(viewer, weeks, filters)
    days = _by_day(occurrences)
    chosen: dict[str, Any] = {
        name: value for name, value in filters.as_args().items() if name in ("neighborhood", "kind", "q")
    }
    within = sum(len(found) for day, found in days.items() if day.month == first.month)
    return {
        "first": first,
        "title": templating.month_year(first).capitalize()
        if locale.language == "es"
        else templating.month_year(first),
        "weekdays": [_weekday(locale, (locale.first_week_day + i) % 7) for i in range(7)],
        "weeks": [[_cell(day, first, days.get(day, []), chosen) for day in week] for week in weeks],
        "previous": _other(first - timedelta(days=1), chosen),
        "next": _other(first + timedelta(days=31), chosen),
        "today_url": None if _same_month(first, clock.today()) else url_for("events.calendar", **chosen),
        "count": count_words(within),
        "filters": filters,
        "areas": [("", _("Anywhere")), (CITY_WIDE, _("City-wide events")), *neighborhood_options()],
        "kinds": [
            ("", _("All kinds")),
            *((k.slug, k.name(page_language())) for k in db.session.scalars(single.offered_kinds())),
        ],
        "list_url": url_for("events.list_events", **chosen),
        "earlier_url": _earlier(first, days, chosen),
    }


def _occurrences(viewer: Viewer, weeks: list[list[date]], filters: EventFilters) -> list[Occurrence]:
    zone = clock.agency_zone()
    start = clock.to_utc(datetime.combine(weeks[0][0], datetime.min.time()), zone)
    end = clock.to_utc(datetime.combine(weeks[-1][-1] + timedelta(days=1), datetime.min.time()), zone)
    wanted = lists.occurrences_between(viewer, start, end, filters).limit(MOST)
    return list(db.session.scalars(wanted).unique())


def _by_day(occurrences: list[Occurrence]) -> dict[date, list[Occurrence]]:
    days: dict[date, list[Occurrence]] = defaultdict(list)
    for occurrence in occurrences:
        days[local_start(occurrence).date()].append(occurrence)
    return days


def _cell(day: date, first: date, found: list[Occurrence], chosen: dict[str, Any]) -> dict[str, Any]:
    iso = day.isoformat()
    return {
        "day": day,
        "label": templating.date_long(day),
        "in_month": _same_month(day, first),
        "today": day == clock.today(),
        "past": day < clock.today() and _same_month(first, clock.today()),
        "url": url_for("events.list_events", **(chosen | {"from": iso, "to": iso})),
        "more": max(0, len(found) - SHOWN),
        "events": [_entry(occurrence) for occurrence in found[:SHOWN]],
    }


def _entry(occurrence: Occurrence) -> dict[str, Any]:
    mark = kind_mark(occurrence.event.kind)
    start = local_start(occurrence)
    status = status_words(occurrence)[0] if is_off(occurrence) else ""
    return {
        "title": occurrence.event.title,
        "url": occurrence_url(occurrence),
        "color": mark.color,
        "shape": mark.shape,
        "kind": mark.name,
        "time": "" if occurrence.event.all_day else templating.time_of_day(start),
        "off": is_off(occurrence),
        "status": status,
    }


def _earlier(first: date, days: dict[date, list[Occurrence]], chosen: dict[str, Any]) -> str | None:
    """The list of this month's days that are over, which the agenda on a phone leaves out; None when there are none."""
    if not any(first <= day < clock.today() for day in days) or not _same_month(first, clock.today()):
        return None
    until = clock.today() - timedelta(days=1)
    return url_for("events.list_events", **(chosen | {"from": first.isoformat(), "to": until.isoformat()}))


def _other(day: date, chosen: dict[str, Any]) -> dict[str, str]:
    return {
        "url": url_for("events.calendar", **chosen, month=day.strftime("%Y-%m")),
        "label": templating.month_year(day),
    }


def _weekday(locale: Locale, day: int) -> dict[str, str]:
    names = locale.days["stand-alone"]
    return {"short": names["abbreviated"][day], "long": names["wide"][day]}


def _same_month(day: date, other: date) -> bool:
    return (day.year, day.month) == (other.year, other.month)
