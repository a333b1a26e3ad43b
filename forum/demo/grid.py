"""Where a Chicago address lies: the city numbers its streets from State and Madison, 800 to the mile.

`data/streets.csv` and `data/places.csv` are kept by hand: what number a street runs at, and where a few addresses on
diagonal streets lie. A point found this way is right to a block or so, which is enough to tell a neighborhood.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

Point = tuple[float, float]
"""Longitude and latitude, in degrees (the order of GeoJSON)."""

DATA = Path(__file__).parent / "data"
STATE_AND_MADISON: Point = (-87.62781, 41.88205)
MILE_NORTH, MILE_SOUTH, MILE_WEST = 0.014453, 0.01456, 0.01953
DRIFT = 0.00036
"""State Street leans east by this many degrees of longitude a mile to the south."""


def simplified(points: Sequence[Point], tolerance: float) -> list[Point]:
    """The line of `points` with those left out that lie within `tolerance` of it (Douglas and Peucker, 1973)."""
    keep = {0, len(points) - 1}
    stack = [(0, len(points) - 1)]
    while stack:
        first, last = stack.pop()
        far, distance = 0, 0.0
        for index in range(first + 1, last):
            away = _distance(points[index], points[first], points[last])
            if away > distance:
                far, distance = index, away
        if distance > tolerance:
            keep.add(far)
            stack += [(first, far), (far, last)]
    return [points[index] for index in sorted(keep)]


def _distance(point: Point, start: Point, end: Point) -> float:
    (x, y), (x1, y1), (x2, y2) = point, start, end
    dx, dy = x2 - x1, y2 - y1
    length = dx * dx + dy * dy
    along = max(0.0, min(1.0, ((x - x1) * dx + (y - y1) * dy) / length)) if length else 0.0
    return float(((x - x1 - along * dx) ** 2 + (y - y1 - along * dy) ** 2) ** 0.5)


def miles_south(number: float) -> float:
    """Miles from Madison to a southern house number; the first three miles are longer by the numbers."""
    steps = ((0, 1200), (1200, 2200), (2200, 3100), (3100, 3900))
    for mile, (low, high) in enumerate(steps):
        if number <= high:
            return mile + (number - low) / (high - low)
    return 4 + (number - 3900) / 800


def at(east_west: str, north_south: str) -> Point:
    """The point of two grid numbers such as "800W" and "6300S"."""
    across, along = float(east_west[:-1]) / 800, float(north_south[:-1])
    south = miles_south(along) if north_south[-1] == "S" else -along / 800
    latitude = STATE_AND_MADISON[1] - south * (MILE_SOUTH if south > 0 else MILE_NORTH)
    state = STATE_AND_MADISON[0] + DRIFT * south
    return state + (across if east_west[-1] == "E" else -across) * MILE_WEST, latitude


@cache
def _streets() -> dict[tuple[str, str], str]:
    with (DATA / "streets.csv").open(newline="") as file:
        return {(row["axis"], row["street"]): row["number"] for row in csv.DictReader(file)}


@cache
def _places() -> dict[str, tuple[str, str]]:
    with (DATA / "places.csv").open(newline="") as file:
        return {row["address"]: (row["east_west"], row["north_south"]) for row in csv.DictReader(file)}


def locate(key: str) -> Point | None:
    """The point of an address key of `importing.places` ("7808 s halsted"), or None where the street is not known."""
    if key in _places():
        return at(*_places()[key])
    number, direction, street = [*key.split(" ", 2), "", ""][:3]
    if not number.isdigit() or not street:
        return None
    own = number + direction.upper()
    if direction in "ns":
        other = _streets().get(("NS", street))
        return at(other, own) if other else None
    if street.isdigit():
        return at(own, f"{int(street) * 100}S")
    other = _streets().get(("EW", street))
    return at(own, other) if other else None


def inside(point: Point, polygons: Iterable[Sequence[Sequence[Sequence[float]]]]) -> bool:
    """Whether `point` lies in one of the polygons (each an outer ring and its holes), by ray casting."""
    return any(
        _in_ring(point, polygon[0]) and not any(_in_ring(point, hole) for hole in polygon[1:])
        for polygon in polygons
    )


def _in_ring(point: Point, ring: Sequence[Sequence[float]]) -> bool:
    x, y = point
    if not min(corner[1] for corner in ring) <= y <= max(corner[1] for corner in ring):
        return False
    odd = False
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            odd = not odd
    return odd


def areas(collection: bytes) -> dict[str, list[list[list[list[float]]]]]:
    """Name and polygons of each feature of a GeoJSON collection of multipolygons."""
    return {f["properties"]["name"]: f["geometry"]["coordinates"] for f in json.loads(collection)["features"]}
