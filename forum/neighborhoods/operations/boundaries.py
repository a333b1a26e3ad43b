"""Importing boundaries: what a file would change, and changing it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from forum.accounts.models import Person
from forum.audit.operations import record
from forum.core import geo, search
from forum.core.transactions import operation
from forum.extensions import db
from forum.neighborhoods.areas import Area, areas_of, slug_for
from forum.neighborhoods.models import Neighborhood
from forum.neighborhoods.queries import listed
from forum.neighborhoods.vocabulary import NeighborhoodAct

SKETCH_METRES = 6.0  # how far the map's outline may stray; 98 areas of a large city come to 25 KB compressed
OUTLINE_UNITS = 0.3  # of 100, in the picture of one area
LOCATOR_UNITS = 0.2  # of 100, in the picture of all


@dataclass(frozen=True)
class Change:
    """An area that is there already, as the file has it, and what differs: "name", "boundary"."""

    neighborhood: Neighborhood
    area: Area
    what: tuple[str, ...]


@dataclass
class ImportPlan:
    """What an import does. ``gone`` are areas that the file lacks; they stay."""

    new: list[Area] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: list[Neighborhood] = field(default_factory=list)
    gone: list[Neighborhood] = field(default_factory=list)


def plan_import(features: Iterable[geo.Feature], *, key: str | None = None, name: str = "name") -> ImportPlan:
    """Compare *features* with what is there, changing nothing. Raises GeoJSONError as ``areas_of`` does."""
    known = {area.key: area for area in db.session.scalars(listed().options(undefer(Neighborhood.boundary)))}
    plan = ImportPlan()
    for area in areas_of(features, key=key, name=name):
        found = known.pop(area.key, None)
        if found is None:
            plan.new.append(area)
        elif differs := _differences(found, area):
            plan.changed.append(Change(found, area, differs))
        else:
            plan.unchanged.append(found)
    plan.gone = list(known.values())
    return plan


@operation
def import_neighborhoods(
    *, actor: Person | None, features: Sequence[geo.Feature], key: str | None = None, name: str = "name"
) -> ImportPlan:
    """Bring the areas of a file in, by *key*; doing it twice changes nothing. *actor* is None on the command line.

    Raises GeoJSONError before anything is written.
    """
    plan = plan_import(features, key=key, name=name)
    slugs = set(db.session.scalars(sa.select(Neighborhood.slug)))
    for area in plan.new:
        neighborhood = Neighborhood(key=area.key, slug=slug_for(area.name, slugs), locator="")
        slugs.add(neighborhood.slug)
        _fill(neighborhood, area)
        db.session.add(neighborhood)
        db.session.flush()
        record(actor=actor, act=NeighborhoodAct.IMPORT_NEW, subject=neighborhood)
    for change in plan.changed:
        _fill(change.neighborhood, change.area)
        record(
            actor=actor,
            act=NeighborhoodAct.IMPORT_CHANGE,
            subject=change.neighborhood,
            what=list(change.what),
        )
    db.session.flush()
    if plan.new or plan.changed:
        _draw_locators()
        search.renew("neighborhood", *db.session.scalars(sa.select(Neighborhood.id)))
    return plan


def _differences(known: Neighborhood, area: Area) -> tuple[str, ...]:
    differs = {"name": known.name != area.name, "boundary": known.boundary != _multipolygon(area.shape)}
    return tuple(word for word, is_so in differs.items() if is_so)


def _fill(neighborhood: Neighborhood, area: Area) -> None:
    box = geo.bounding_box(area.shape)
    neighborhood.name = area.name
    neighborhood.boundary = _multipolygon(area.shape)
    neighborhood.outline = geo.svg_path(area.shape, geo.Frame(box), OUTLINE_UNITS)
    neighborhood.sketch = _plain(geo.simplify(area.shape, SKETCH_METRES))
    neighborhood.west, neighborhood.south = box.west, box.south
    neighborhood.east, neighborhood.north = box.east, box.north


def _draw_locators() -> None:
    """Draw every area anew in the frame of all, which a new area may have widened. Nothing else about them changes."""
    areas = list(db.session.scalars(listed().options(undefer(Neighborhood.sketch))))
    frame = geo.Frame(geo.Box.around(geo.Box(a.west, a.south, a.east, a.north) for a in areas))
    for area in areas:
        path = geo.svg_path(area.sketch, frame, LOCATOR_UNITS)
        values = {"locator": path, "updated_at": Neighborhood.updated_at}
        db.session.execute(sa.update(Neighborhood).where(Neighborhood.id == area.id).values(values))


def _multipolygon(shape: geo.Shape) -> dict[str, Any]:
    return {"type": "MultiPolygon", "coordinates": _plain(shape)}


def _plain(shape: geo.Shape) -> list[Any]:
    """*shape* as JSON gives it back, so that what is stored and what is read compare."""
    plain: list[Any] = json.loads(json.dumps(shape))
    return plain
