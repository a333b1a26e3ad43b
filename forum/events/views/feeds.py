"""Calendars and Atom: public feeds, one event, one date, and a person's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flask import Blueprint, abort, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from forum.core.access import public, public_uncached, require
from forum.core.feeds import ATOM, CALENDAR, atom, feed_response
from forum.core.languages import page_language
from forum.core.tokens import keyed_hash
from forum.events.feeds import Site, event_entries
from forum.events.feeds.collect import (
    Feed,
    event_calendar,
    occurrence_calendar,
    personal_calendar,
    public_calendar,
)
from forum.events.operations.calendars import PURPOSE
from forum.events.queries import feeds as queries
from forum.events.queries.feeds import Window
from forum.events.queries.filters import EventFilters
from forum.events.queries.single import all_kinds
from forum.extensions import db
from forum.neighborhoods.queries import by_slug

blueprint = Blueprint("events_feeds", __name__)


@blueprint.get("/events.ics")
@public
def all_events() -> Response:
    """Every public event within the window, or those the filters of ``/events`` leave."""
    return _calendar(EventFilters.from_args(request.args), _("%(agency)s: events", agency=_site().agency))


@blueprint.get("/neighborhoods/<slug>/events.ics")
@public
def of_neighborhood(slug: str) -> Response:
    """The events tied to one neighborhood."""
    area = db.session.scalars(by_slug(slug)).unique().first() or abort(404)
    name = _("%(agency)s: events in %(neighborhood)s", agency=_site().agency, neighborhood=area.name)
    return _calendar(replace(EventFilters.from_args(request.args), neighborhood=area.slug), name)


@blueprint.get("/events/kinds/<slug>.ics")
@public
def of_kind(slug: str) -> Response:
    """The events of one kind, a retired one too: who subscribed keeps what there is."""
    kind = next((kind for kind in db.session.scalars(all_kinds()) if kind.slug == slug), None) or abort(404)
    name = _("%(agency)s: %(kind)s", agency=_site().agency, kind=kind.name(page_language()))
    return _calendar(replace(EventFilters.from_args(request.args), kind=kind.slug), name)


@blueprint.get("/events/<int:event_id>.ics")
@public
def one_event(event_id: int) -> Response:
    """One event; of a series all dates, with what was moved or cancelled."""
    event = db.session.scalars(queries.public_event(event_id)).unique().first() or abort(404)
    return _answer(event_calendar(event, _site()), filename=f"{event.slug}.ics")


@blueprint.get("/events/<int:event_id>/<day>.ics")
@public
def one_date(event_id: int, day: str) -> Response:
    """One date of a series, by its original local date."""
    try:
        on = date.fromisoformat(day)
    except ValueError:
        abort(404)
    found = db.session.scalars(queries.public_occurrence(event_id, on)).first()
    found = found or db.session.scalars(queries.formerly_public_occurrence(event_id, on)).first()
    occurrence = found or abort(404)
    return _answer(occurrence_calendar(occurrence, _site()), filename=f"{occurrence.event.slug}-{on}.ics")


@blueprint.get("/calendar/<token>.ics")
@public_uncached
def personal(token: str) -> Response:
    """A person's own calendar. What its owner may see is asked anew each time; a revoked address is not found."""
    owner = db.session.scalars(queries.token_owner(keyed_hash(token[:200], PURPOSE))).first() or abort(404)
    require(owner.is_active)
    return _answer(personal_calendar(owner, Site.current(_language(owner.language))), private=True)


@blueprint.get("/events.atom")
@public
def atom_feed() -> Response:
    """Public events to come, lately changed first; the filters of ``/events``."""
    site, window, filters = _site(), Window.current(), EventFilters.from_args(request.args)
    rows = db.session.execute(queries.latest_changed(window, filters))
    pairs = {row[0].id: (row[0], row[1]) for row in rows}  # two dates of a series may begin at one moment
    changed = queries.latest(window.midnight, db.session.scalar(queries.feed_changed()))
    body = atom(
        feed_id=site.base_url + "/events.atom",
        title=_("%(agency)s: events", agency=site.agency),
        self_url=_own_address(site),
        alternate_url=site.base_url + "/events",
        updated=changed,
        entries=event_entries(pairs.values(), site),
        author=site.agency,
        language=page_language(),
    )
    return feed_response(body, content_type=ATOM, last_modified=changed)


def _calendar(filters: EventFilters, name: str) -> Response:
    site = _site()
    return _answer(public_calendar(replace(filters, past=False), site, name=name, source=_own_address(site)))


def _answer(feed: Feed, *, filename: str | None = None, private: bool = False) -> Response:
    return feed_response(
        feed.body, content_type=CALENDAR, last_modified=feed.changed, filename=filename, private=private
    )


def _site() -> Site:
    return Site.current(page_language())


def _language(own: str) -> str:
    """A personal calendar speaks ``?lang=``, else its owner's language."""
    return page_language() if "lang" in request.args else own


def _own_address(site: Site) -> str:
    return site.base_url + request.full_path.rstrip("?")
