"""What the list of events shows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from forum.core.intake import LARGEST_ID
from forum.core.languages import page_language
from forum.events.models import Occurrence
from forum.events.policy import Viewer
from forum.events.queries import lists, single
from forum.events.queries.filters import CITY_WIDE, EventFilters
from forum.events.queries.minutes import with_minutes
from forum.events.views.rows import EventRow, event_rows
from forum.extensions import db
from forum.neighborhoods.queries import neighborhood_options

PAGE = 20


def context(viewer: Viewer, filters: EventFilters, args: Mapping[str, str]) -> dict[str, Any]:
    """Template variables of ``events/list_events.html``; *args* may hold ``after`` or ``before``, a row's key."""
    before = _key(args.get("before", ""))
    after = None if before else _key(args.get("after", ""))
    listed = lists.events_page(viewer, filters, after=after, before=before).limit(PAGE + 1)
    rows = list(db.session.scalars(listed).unique())
    more, rows = len(rows) > PAGE, rows[:PAGE]
    if before:
        rows.reverse()
    return {
        "rows": _rows(rows, past=filters.past),
        "filters": filters,
        "count": count_words(lists.counted_events(viewer, filters)),
        "kinds": _kind_chips(filters),
        "areas": [("", _("Anywhere")), (CITY_WIDE, _("City-wide events")), *neighborhood_options()],
        "older_url": _edge_url(filters, rows, "before") if (more if before else after) else None,
        "newer_url": _edge_url(filters, rows, "after") if (more if not before else True) else None,
        "month_url": url_for("events.calendar", **_shared(filters)),
        "past_url": url_for("events.list_events", **_shared(filters), past=None if filters.past else "1"),
        "feed_url": "/events.ics",
        "feed_args": _shared(filters),
        "is_filtered": bool(filters.as_args()),
    }


def _rows(occurrences: list[Occurrence], *, past: bool) -> list[EventRow]:
    """The lines of the list; those of the past say where there are minutes to read."""
    shown = event_rows(occurrences)
    written = with_minutes(occurrence.id for occurrence in occurrences) if past else set()
    for occurrence, row in zip(occurrences, shown, strict=True):
        if occurrence.id in written:
            row.notes.append(_("Minutes"))
    return shown


def count_words(count: int) -> str:
    """«14 events», counted no further than a thousand."""
    if count > lists.COUNTED:
        return _("More than 1,000 events")
    return ngettext("%(num)s event", "%(num)s events", count)


def _shared(filters: EventFilters) -> dict[str, Any]:
    return {name: value for name, value in filters.as_args().items() if name in ("neighborhood", "kind", "q")}


def _kind_chips(filters: EventFilters) -> list[dict[str, Any]]:
    chosen: dict[str, Any] = dict(filters.as_args())
    chosen.pop("kind", None)
    chips = [
        {"label": _("All kinds"), "url": url_for("events.list_events", **chosen), "current": not filters.kind}
    ]
    for kind in db.session.scalars(single.offered_kinds()):
        url = url_for("events.list_events", **chosen, kind=kind.slug)
        chips.append({"label": kind.name(page_language()), "url": url, "current": kind.slug == filters.kind})
    return chips


def _edge_url(filters: EventFilters, rows: list[Occurrence], side: str) -> str | None:
    if not rows:
        return None
    edge = rows[-1] if side == "after" else rows[0]
    chosen: dict[str, Any] = dict(filters.as_args())
    key = f"{edge.starts_at.strftime('%Y%m%dT%H%M%SZ')}-{edge.id}"
    return url_for("events.list_events", **(chosen | {side: key}))


def _key(text: str) -> lists.Key | None:
    moment, _hyphen, row = text.partition("-")
    try:
        key = datetime.strptime(moment + "+0000", "%Y%m%dT%H%M%SZ%z"), int(row[:12])
    except ValueError:
        return None
    return key if 0 <= key[1] <= LARGEST_ID else None
