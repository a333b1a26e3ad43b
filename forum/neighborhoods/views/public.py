"""What everyone reads: the areas, one of them, and which is mine."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from forum.core.access import public, require
from forum.core.shared_pages import shared_page
from forum.extensions import db
from forum.neighborhoods import following, queries, sections
from forum.neighborhoods.forms import read_point
from forum.neighborhoods.models import Neighborhood
from forum.neighborhoods.views import blueprint
from forum.neighborhoods.views.contact import contact_url

GEOJSON = "application/geo+json"


@blueprint.get("/neighborhoods")
@public
def list_neighborhoods() -> ResponseReturnValue:
    """Every area from A to Z, and the town as a drawing."""
    return shared_page(
        "neighborhoods/list_neighborhoods.html",
        lambda: {"areas": db.session.scalars(queries.listed_with_outlines()).all()},
    )


@blueprint.get("/neighborhoods/find")
@public
def find() -> str:
    """Which is mine? By list, by drawing or map, or by a point in the address."""
    words = request.args.get("point", "")[:100]
    if "lat" in request.args or "lon" in request.args:
        words = f"{request.args.get('lat', '')[:40]}, {request.args.get('lon', '')[:40]}"
    point = read_point(words)
    return render_template(
        "neighborhoods/find.html",
        areas=db.session.scalars(queries.listed_with_outlines()).all(),
        words=words,
        misread=bool(words.strip(" ,")) and point is None,
        found=queries.at_point(*point) if point else None,
        tiles=current_app.config["FORUM"].map_tiles,
        attribution=current_app.config["FORUM"].map_attribution,
    )


@blueprint.get("/neighborhoods.geojson")
@public
def geojson() -> Response:
    """Every area with its simplified boundary, for the map and for whoever wants it (RFC 7946)."""
    features = [
        {
            "type": "Feature",
            "id": slug,
            "properties": {"name": name, "url": f"/neighborhoods/{slug}"},
            "geometry": {"type": "MultiPolygon", "coordinates": sketch},
        }
        for slug, name, sketch in db.session.execute(queries.sketches())
    ]
    body = json.dumps(
        {"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":")
    )
    response = Response(body, mimetype=GEOJSON)
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@blueprint.get("/neighborhoods/<slug>")
@public
def neighborhood(slug: str) -> ResponseReturnValue:
    """One area: where it lies, what happens there, who serves it."""
    return shared_page(
        "neighborhoods/neighborhood.html",
        lambda: _context(area_or_404(slug)),
        follows=following.follows(current_user, slug),
    )


def _context(area: Neighborhood) -> dict[str, Any]:
    return {
        "area": area,
        "town": db.session.scalar(queries.whole_town()),
        "officers": db.session.scalars(queries.officers_of(area.id)).all(),
        "sections": sections.sections_for(current_user, area),
        "links": sections.links_for(area),
        "contact_url": contact_url,
    }


def area_or_404(slug: str) -> Neighborhood:
    """The area of an address."""
    area = db.session.scalars(queries.by_slug(slug)).unique().first()
    require(area is not None)
    assert area is not None
    return area
