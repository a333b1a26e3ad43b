"""Public concerns by neighborhood, as a drawing and as a table. No closer than that: a concern's page says no more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from forum.concerns.queries.public import ConcernFilters, counted_by_area
from forum.concerns.views.list_page import categories, count_words, status_chips
from forum.extensions import db
from forum.neighborhoods.models import Neighborhood
from forum.neighborhoods.queries import listed_with_outlines

ENDPOINT = "concerns_public.concern_map"
SHADES = (
    "shade-0",
    "shade-1",
    "shade-2",
    "shade-3",
)  # classes of the drawing, from none to as many as anywhere


@dataclass(frozen=True, kw_only=True)
class AreaCount:
    """A neighborhood of the drawing."""

    name: str
    locator: str
    url: str
    count: int
    words: str
    shade: str


def context(filters: ConcernFilters) -> dict[str, Any]:
    """Template variables of ``concerns/map.html``. The map shows every area, whichever the list was narrowed to."""
    filters = replace(filters, neighborhood="")
    counts: dict[int | None, int] = {}
    for area_id, count in db.session.execute(counted_by_area(filters)):
        counts[area_id] = count
    somewhere = counts.pop(None, 0)
    most = max(counts.values(), default=0)
    areas = [
        _area(area, counts.get(area.id, 0), most, filters)
        for area in db.session.scalars(listed_with_outlines())
    ]
    ranked = sorted((area for area in areas if area.count), key=lambda area: -area.count)
    chosen: dict[str, Any] = dict(filters.as_args())
    return {
        "areas": areas,
        "ranked": ranked,
        "finding": _finding(ranked),
        "somewhere": count_words(somewhere) if somewhere else "",
        "filters": filters,
        "categories": categories(filters),
        "statuses": status_chips(filters, ENDPOINT),
        "list_url": url_for("concerns_public.list_concerns", **chosen),
        "is_filtered": bool(filters.as_args()),
    }


def _finding(ranked: list[AreaCount]) -> str:
    """What the drawing shows, in words: where most are from, or how many neighborhoods when none stands out."""
    if len(ranked) > 1 and ranked[0].count == ranked[1].count:
        return ngettext("From %(num)s neighborhood", "From %(num)s neighborhoods", len(ranked))
    return _("Most are from %(name)s", name=ranked[0].name) if ranked else ""


def _area(area: Neighborhood, count: int, most: int, filters: ConcernFilters) -> AreaCount:
    chosen: dict[str, Any] = {**filters.as_args(), "neighborhood": area.slug}
    return AreaCount(
        name=area.name,
        locator=area.locator,
        url=url_for("concerns_public.list_concerns", **chosen),
        count=count,
        words=count_words(count),
        shade=SHADES[-(-3 * count // most)] if count else SHADES[0],
    )
