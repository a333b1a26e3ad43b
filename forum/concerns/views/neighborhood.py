"""What concerns add to the page of a neighborhood. Wiring registers it."""

from __future__ import annotations

from forum.concerns.queries.public import latest_in
from forum.concerns.views.list_page import concern_rows
from forum.extensions import db
from forum.neighborhoods.models import Neighborhood
from forum.neighborhoods.sections import Section, Viewer

SHOWN = 4


def concerns_here(viewer: Viewer, area: Neighborhood) -> Section:
    """The public concerns of *area* that lately changed, and the way to raise one."""
    rows = concern_rows(db.session.scalars(latest_in(area.id, SHOWN)))
    return Section("concerns/_in_neighborhood.html", {"rows": rows})
