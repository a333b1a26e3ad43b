"""Areas, beats and follows. Call inside a unit of work (the fixtures ``work`` and ``saved``)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

from forum.accounts.models import Person
from forum.core import geo
from forum.extensions import db
from forum.neighborhoods.areas import slug_for
from forum.neighborhoods.models import Beat, Follow, Neighborhood

_numbers = count(1)
SIDE = 0.02  # degrees


def square(west: float, south: float, side: float = SIDE) -> geo.Shape:
    """A square area as MultiPolygon coordinates."""
    east, north = round(west + side, 6), round(south + side, 6)
    return [[[(west, south), (east, south), (east, north), (west, north), (west, south)]]]


def neighborhood(
    name: str | None = None, *, west: float = -87.7, south: float = 41.9, **columns: Any
) -> Neighborhood:
    """A square area; those without a place lie on top of each other."""
    name = name or f"Area {next(_numbers)}"
    shape = square(west, south)
    box = geo.bounding_box(shape)
    given = {
        "key": name, "slug": slug_for(name, ()), "name": name,
        "boundary": {"type": "MultiPolygon", "coordinates": [[[list(p) for p in ring] for ring in shape[0]]]},
        "outline": geo.svg_path(shape, geo.Frame(box)), "locator": geo.svg_path(shape, geo.Frame(box)),
        "sketch": [[[list(p) for p in ring] for ring in shape[0]]],
        "west": box.west, "south": box.south, "east": box.east, "north": box.north, **columns,
    }  # fmt: skip
    made = Neighborhood(**given)
    db.session.add(made)
    db.session.flush()
    return made


def beat(
    code: str | None = None, *, neighborhoods: Sequence[Neighborhood] = (), officers: Sequence[Person] = ()
) -> Beat:
    """A beat."""
    made = Beat(
        code=code or str(1400 + next(_numbers)), neighborhoods=list(neighborhoods), officers=list(officers)
    )
    db.session.add(made)
    db.session.flush()
    return made


def follow(person: Person, area: Neighborhood) -> Follow:
    """A follow."""
    made = Follow(person_id=person.id, neighborhood_id=area.id)
    db.session.add(made)
    db.session.flush()
    return made
