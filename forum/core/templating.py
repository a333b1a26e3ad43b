"""What every template may use: dates in words, the agency, who is reading, and the CSRF field."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError, dates
from flask import Flask, current_app, g, request
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from forum.core import clock, languages, shared_pages
from forum.core.forms import error_list


@dataclass(frozen=True)
class NavItem:
    """One entry of a menu. ``endpoint`` makes the URL; ``prefix`` tells whether the reader is inside it."""

    label: Any
    endpoint: str
    prefix: str
    visible: Callable[[Any], bool] = lambda _person: True
    exact: bool = False

    def holds(self, path: str) -> bool:
        """Whether the page at *path* lies inside this entry."""
        return path == self.prefix if self.exact else path.startswith(self.prefix)


FAR = 300  # days after which a short date names its year


class Menus:
    """Filled by wiring: what the main navigation and the staff desk's hold, in order."""

    def __init__(self) -> None:
        self.main: list[NavItem] = []
        self.desk: list[NavItem] = []


menus = Menus()


def init_app(app: Flask) -> None:
    """Install filters, globals and the context."""
    env = app.jinja_env
    # Jinja puts a layer of each template's own over what all may use. None has any, and every template, slot and import
    # of a page would read all of it through that layer.
    env.make_globals = lambda d: ChainMap(d, env.globals) if d else env.globals  # type: ignore[method-assign]
    env.filters.update(
        date_long=date_long,
        date_short=date_short,
        day_month=day_month,
        time_of_day=time_of_day,
        weekday_short=weekday_short,
        month_short=month_short,
        month_year=month_year,
        moment=moment,
        local=clock.to_local,
    )
    env.globals.update(
        _=in_language,
        gettext=in_language,
        csrf_field=csrf_field,
        time_range=time_range,
        date_range=date_range,
        error_list=error_list,
        today=clock.today,
        offered_languages=languages.offered,
        language_name=languages.language_name,
    )
    app.context_processor(_context)


def _context() -> dict[str, Any]:
    language = languages.page_language()
    basics = {
        "agency": current_app.config.get("AGENCY") or _agency(),
        "page_language": language,
        "text_direction": languages.text_direction(language),
    }
    if g.get("bare"):
        return basics
    person = current_user._get_current_object()
    return basics | {
        "current_person": person if person.is_authenticated else None,
        "viewer": person,
        "main_nav": _entries(menus.main, person),
        "desk_nav": _entries(menus.desk, person) if person.is_authenticated and person.is_staff else [],
    }


@dataclass(frozen=True)
class Agency:
    """What pages say about whose site this is."""

    name: str
    emergency_number: str
    office_hours: str
    contact: str
    phone: str
    tip_line: str
    is_demonstration: bool


def _agency() -> Agency:
    config = current_app.config["FORUM"]
    agency = Agency(
        name=config.agency_name,
        emergency_number=config.agency_emergency_number,
        office_hours=config.agency_office_hours,
        contact=config.agency_contact,
        phone=config.agency_phone,
        tip_line=config.agency_tip_line,
        is_demonstration=config.environment == "demonstration",
    )
    current_app.config["AGENCY"] = agency
    return agency


def _entries(items: list[NavItem], person: Any) -> list[dict[str, Any]]:
    path = request.path if request else ""
    links = current_app.extensions.setdefault("nav_links", {})
    found = []
    for item in items:
        if item.visible(person):
            url = links.get(item.endpoint) or links.setdefault(item.endpoint, _plain_url(item.endpoint))
            found.append({"label": item.label, "url": url, "current": item.holds(path)})
    return found


def _plain_url(endpoint: str) -> str:
    return next(rule.rule for rule in current_app.url_map.iter_rules(endpoint) if not rule.arguments)


@pass_eval_context
def in_language(context: EvalContext, message: str, /, **variables: Any) -> str:
    """*message* in the page's language with its %(variables)s, as Jinja's own ``_`` does in four times the time."""
    text = languages.catalog().ugettext(message)
    if context.autoescape:
        text = Markup(text)  # noqa: S704 - catalogs are ours; what goes into them is escaped by %
    return text % variables if variables or "%" in text else text


def csrf_field() -> Markup:
    """The hidden CSRF field. A page that has it is personal: it is never kept by the visitor cache."""
    g.personal = True
    return shared_pages.slot(_token_field)


def _token_field() -> Markup:
    if "token_field" not in g:  # a page has a few, all alike
        g.token_field = Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())
    return Markup(g.token_field)  # noqa: S704 - made above


def date_long(day: date | datetime) -> str:
    """«Thursday, December 3, 2026»."""
    return _written(_day(day), "long", languages.date_locale())


def date_short(day: date | datetime) -> str:
    """«Thu, Dec 3», with the year once it is most of a year away."""
    return _short(_day(day), languages.date_locale())


def _short(day: date, locale: str) -> str:
    near = abs((day - clock.today()).days) < FAR
    return _written(day, "short" if near else "short_year", locale)


def day_month(day: date | datetime) -> str:
    """«December 3»."""
    return _written(_day(day), "MMMMd", languages.date_locale())


def weekday_short(day: date | datetime) -> str:
    """«Thu»."""
    return _written(_day(day), "ccc", languages.date_locale())


def month_short(day: date | datetime) -> str:
    """«Dec»."""
    return _written(_day(day), "LLL", languages.date_locale())


def month_year(day: date | datetime) -> str:
    """«December 2026»."""
    return _written(_day(day), "yMMMM", languages.date_locale())


def time_of_day(moment_: datetime) -> str:
    """«6:30 pm» on the agency's wall clock (or the moment's own, when naive)."""
    local = clock.to_local(moment_) if moment_.tzinfo else moment_
    return _clock(local.hour, local.minute, languages.date_locale())


def time_range(start: datetime, end: datetime) -> str:
    """«6:30 to 7:30 pm», from local or aware times."""
    first, last = time_of_day(start), time_of_day(end)
    for half in (" am", " pm", " a.m.", " p.m."):
        if first.endswith(half) and last.endswith(half):
            first = first.removesuffix(half)
            break
    return _("%(start)s to %(end)s", start=first, end=last)


def date_range(start: date, end: date) -> str:
    """«December 3» or «December 3 to December 5»."""
    if start == end:
        return date_long(start)
    return _("%(start)s to %(end)s", start=date_long(start), end=date_long(end))


def moment(when: datetime) -> str:
    """«Thu, Dec 3, 6:30 pm» on the agency's wall clock."""
    local, locale = clock.to_local(when), languages.date_locale()
    day, time = _short(local.date(), locale), _clock(local.hour, local.minute, locale)
    return _("%(date)s, %(time)s", date=day, time=time)


def _day(value: date | datetime) -> date:
    if isinstance(value, datetime):
        return (clock.to_local(value) if value.tzinfo else value).date()
    return value


@lru_cache(maxsize=8192)
def _written(day: date, form: str, locale: str) -> str:
    where = locale_of(locale)
    if form == "long":
        return dates.format_date(day, "full", locale=where)
    skeleton = {"short": "MMMEd", "short_year": "yMMMEd", "MMMMd": "MMMMd", "yMMMM": "yMMMM"}.get(form)
    if skeleton:
        return dates.format_skeleton(skeleton, day, locale=where)
    return dates.format_date(day, form, locale=where)


@lru_cache(maxsize=4096)
def _clock(hour: int, minute: int, locale: str) -> str:
    where = locale_of(locale)
    text = dates.format_time(datetime(2000, 1, 1, hour, minute), "short", locale=where)  # noqa: DTZ001 - a wall clock
    text = text.replace("\u202f", " ").replace("\xa0", " ").replace("AM", "am").replace("PM", "pm")
    if where.language != "en":
        return text
    # As people write it: «6 to 7:30 pm», «9 am to noon».
    return "noon" if text == "12:00 pm" else text.replace(":00 ", " ")


def locale_of(name: str) -> Locale:
    """*name*, or its language alone where nobody has described that country's way."""
    try:
        return Locale.parse(name)
    except UnknownLocaleError:
        return Locale.parse(name.split("_")[0])
