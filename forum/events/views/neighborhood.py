"""What events add to the page of a neighborhood: the next ones, and its calendars. Wiring registers both."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from forum.events.queries import lists
from forum.events.views.rows import event_rows
from forum.extensions import db
from forum.neighborhoods.models import Neighborhood
from forum.neighborhoods.sections import Link, Section, Viewer

SHOWN = 6


def upcoming(viewer: Viewer, area: Neighborhood) -> Section:
    """The next events in *area*; those of the whole town are a click away, so that its own are not buried."""
    found = (
        db.session.scalars(lists.upcoming_in(viewer, [area.id], city_wide=False, most=SHOWN)).unique().all()
    )
    return Section("events/_in_neighborhood.html", {"rows": event_rows(found)})


def calendars(area: Neighborhood) -> list[Link]:
    """The area's calendar, to subscribe or to fetch."""
    address = url_for("events_feeds.of_neighborhood", slug=area.slug)
    ways = url_for("events.subscribe", neighborhood=area.slug)
    return [
        {"label": _("Subscribe on a phone or computer"), "url": ways, "icon": "calendar-plus"},
        {"label": _("Calendar file (.ics)"), "url": address, "icon": "download"},
    ]
