"""What everyone reads: the list, the month, an event, one of its dates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.core import clock
from forum.core.access import public, require
from forum.core.shared_pages import shared_page
from forum.events import policy
from forum.events.models import Event, Occurrence
from forum.events.queries import lists, single
from forum.events.queries.filters import EventFilters
from forum.events.views import event_page, list_page, month_page
from forum.extensions import db

blueprint = Blueprint("events", __name__)


@blueprint.get("/events")
@public
def list_events() -> str | Response:
    """Upcoming events (or past ones), narrowed by the address."""
    filters = EventFilters.from_args(request.args)
    return shared_page(
        "events/list_events.html", lambda: list_page.context(current_user, filters, request.args)
    )


@blueprint.get("/events/calendar")
@public
def calendar() -> str | Response:
    """One month; without a month in the address, this one."""
    filters = EventFilters.from_args(request.args)
    first = month_page.month_of(request.args.get("month", "")) or clock.today().replace(day=1)
    return shared_page("events/calendar.html", lambda: month_page.context(current_user, first, filters))


@blueprint.get("/events/<int:event_id>")
@public
def event_by_number(event_id: int) -> Response:
    """The address without its readable part leads to the whole one."""
    return redirect(_address(event_or_404(event_id)), 301)


@blueprint.get("/events/<int:event_id>/<day>")
@public
def occurrence_by_number(event_id: int, day: str) -> Response:
    """The address of one date, too, leads to the whole one."""
    event_or_404(event_id)
    return _moved_to(event_id, occurrence_or_404(event_id, day), day)


@blueprint.get("/events/<int:event_id>-<slug>")
@public
def event(event_id: int, slug: str) -> str | Response:
    """One event; of a series, its next date and all others."""
    return _page(lambda: _event_context(event_id, slug))


@blueprint.get("/events/<int:event_id>-<slug>/<day>")
@public
def occurrence(event_id: int, slug: str, day: str) -> str | Response:
    """One date of a series, by its original local date."""
    return _page(lambda: _occurrence_context(event_id, slug, day))


def occurrence_or_404(event_id: int, day: str) -> Occurrence:
    """The occurrence by the ISO date in an address, also one that it had in a series that was split since."""
    on = day_or_404(day)
    shown = db.session.scalars(single.occurrence_on(event_id, on)).first()
    shown = shown or db.session.scalars(single.occurrence_formerly_on(event_id, on)).first()
    if shown is None:
        abort(404)
    return shown


def day_or_404(day: str) -> date:
    """The date in an address."""
    try:
        return date.fromisoformat(day)
    except ValueError:
        abort(404)


def event_or_404(event_id: int) -> Event:
    """An event for whoever reads; what is hidden is not found."""
    found = db.session.scalars(single.event_by_id(current_user, event_id)).unique().first()
    if found is None:
        abort(404)
    require(policy.can_see_event(current_user, found))
    return found


def _address(found: Event, shown: Occurrence | None = None) -> str:
    if shown is None:
        return url_for("events.event", event_id=found.id, slug=found.slug)
    return url_for(
        "events.occurrence", event_id=found.id, slug=found.slug, day=shown.original_date.isoformat()
    )


def _page(make: Callable[[], dict[str, Any] | Response]) -> str | Response:
    """The page, shared between readers; one's own answer stands in a slot, asked for once."""
    return shared_page("events/event.html", make, answer_to=cache(event_page.answer_to))


def _event_context(event_id: int, slug: str) -> dict[str, Any] | Response:
    found = event_or_404(event_id)
    if slug != found.slug:
        return redirect(_address(found), 301)
    upcoming = db.session.scalars(single.next_occurrence(event_id, clock.now())).first()
    shown = upcoming or db.session.scalars(single.last_occurrence(event_id)).first()
    if shown is None:
        abort(404)
    return _context(found, shown)


def _occurrence_context(event_id: int, slug: str, day: str) -> dict[str, Any] | Response:
    found = event_or_404(event_id)
    shown = occurrence_or_404(event_id, day)
    now, here = shown.event, shown.original_date.isoformat() == day
    if now.id != event_id or not here or slug != now.slug or not now.is_series:
        return _moved_to(event_id, shown, day)
    return _context(found, shown, single_date=True)


def _moved_to(event_id: int, shown: Occurrence, day: str) -> Response:
    """From the *day* of event *event_id* to the one address of the date that is meant."""
    now, here = shown.event, shown.original_date.isoformat() == day
    require(policy.can_see_event(current_user, now))
    # A date may come back within its series, and browsers keep a 301 for good: the two would send each other on.
    code = 302 if now.id == event_id and not here else 301
    return redirect(_address(now, shown if now.is_series else None), code)


def _context(found: Event, shown: Occurrence, *, single_date: bool = False) -> dict[str, Any]:
    dates = list(db.session.scalars(lists.dates_of(current_user, found.id, since=clock.now(), most=7)))
    return event_page.context(found, shown, dates, single_date=single_date)
