"""A list of events for other sites to show in a frame: plain HTML, no script, no cookie."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.core.access import public
from forum.core.headers import framable
from forum.core.languages import page_language
from forum.events.queries import lists, single
from forum.events.queries.filters import CITY_WIDE, EventFilters
from forum.events.views.public import blueprint
from forum.events.views.rows import event_rows
from forum.extensions import db
from forum.neighborhoods.queries import neighborhood_options

USUAL, MOST = 5, 20


@blueprint.get("/embed/events")
@public
@framable
def embed() -> Response:
    """The next events, narrowed by ``neighborhood`` and ``kind``; ``limit`` of them, in the language ``lang``."""
    response = make_response(render_template("events/embed.html", **_context()))
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


def _context() -> dict[str, Any]:
    asked = EventFilters.from_args(request.args)
    filters = EventFilters(neighborhood=asked.neighborhood, kind=asked.kind)
    listed = lists.events_page(current_user, replace(filters, past=False)).limit(_limit())
    found = list(db.session.scalars(listed).unique())
    chosen: dict[str, Any] = dict(filters.as_args())
    return {
        "rows": event_rows(found),
        "heading": _heading(filters),
        "all_url": url_for("events.list_events", **chosen),
    }


def _limit() -> int:
    text = request.args.get("limit", "")
    return min(max(1, int(text)), MOST) if text.isascii() and text.isdigit() and len(text) < 6 else USUAL


def _heading(filters: EventFilters) -> str:
    kinds = {kind.slug: kind.name(page_language()) for kind in db.session.scalars(single.all_kinds())}
    areas = {**dict(neighborhood_options()), CITY_WIDE: _("City-wide events")}
    kind, area = kinds.get(filters.kind), areas.get(filters.neighborhood)
    if kind and area:
        return _("%(kind)s in %(area)s", kind=kind, area=area)
    return kind or area or _("Next events")
