"""What the front page shows: the nearest events of the areas one follows, else of the city, and what was answered."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from forum.concerns.queries.public import answered_lately
from forum.concerns.views.list_page import concern_rows
from forum.events.policy import Viewer
from forum.events.queries import lists
from forum.events.views.rows import event_rows
from forum.extensions import db
from forum.neighborhoods.models import Neighborhood

NEXT = 5
ANSWERED = 3


def context(viewer: Viewer, areas: list[Neighborhood]) -> dict[str, Any]:
    """Template variables of ``home/index.html``; *areas* are those the reader follows."""
    near = lists.upcoming_in(viewer, [area.id for area in areas], most=NEXT)
    return {
        "areas": [
            {"name": area.name, "url": url_for("neighborhoods.neighborhood", slug=area.slug)}
            for area in areas
        ],
        "rows": event_rows(db.session.scalars(near).unique()),
        "answered": concern_rows(db.session.scalars(answered_lately(ANSWERED))),
        "ways": [
            {
                "label": _("Tell us what worries you"),
                "url": url_for("concerns.begin"),
                "note": _("Openly, privately, or without your name"),
            },
            {
                "label": _("Find a meeting"),
                "url": url_for("events.list_events"),
                "note": _("By neighborhood, date or kind"),
            },
            {
                "label": _("Find my neighborhood"),
                "url": url_for("neighborhoods.find"),
                "note": _("From a list, a map or a point"),
            },
            {
                "label": _("Put events in my calendar"),
                "url": url_for("events.subscribe"),
                "note": _("They follow every change by themselves"),
            },
        ],
    }
