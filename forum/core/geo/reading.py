"""Read and check GeoJSON (RFC 7946)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from forum.core.geo.shapes import Position, Ring, Shape, bounding_box, distance, doubled_area

PRECISION = 6  # decimals kept of a degree: 11 cm
SNAG = 10.0  # metres; a smaller loop is a slip of the hand that drew it and is cut, a larger one is refused
MAX_PROBLEMS = 50  # of one file, named at once

_WGS_84 = ("CRS84", "EPSG::4326", "EPSG:4326")


class GeoJSONError(ValueError):
    """A file that cannot be used; ``problems`` has a sentence for each fault, with the feature's number (from 1)."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


class _Fault(ValueError):
    """What is wrong with one geometry."""


@dataclass(frozen=True)
class Feature:
    """One area of a file: its place there (from 1), its properties, its shape."""

    number: int
    properties: Mapping[str, Any]
    shape: Shape


def read_features(document: Any) -> list[Feature]:
    """The polygons of a parsed GeoJSON FeatureCollection; raises GeoJSONError naming every bad feature.

    Elevations are dropped, repeated points, spikes and tiny loops removed, rings wound as RFC 7946 says, polygons
    made MultiPolygons. Refused: other geometries, positions outside the globe, rings that are open, too short, without
    an area, or that cross themselves, and files in another reference system (RFC 7946 section 4).
    """
    if not isinstance(document, Mapping) or document.get("type") != "FeatureCollection":
        raise GeoJSONError(["The file is not a GeoJSON FeatureCollection."])
    if _other_reference_system(document.get("crs")):
        raise GeoJSONError(
            ["The file uses another reference system than WGS 84 (longitude and latitude in degrees)."]
        )
    entries = document.get("features")
    if not isinstance(entries, list) or not entries:
        raise GeoJSONError(["The file has no features."])
    features, problems = [], []
    for number, entry in enumerate(entries, start=1):
        try:
            features.append(_feature(number, entry))
        except _Fault as fault:
            problems.append(f"Feature {number}{_called(entry)}: {fault}.")
    if problems:
        raise GeoJSONError(problems[:MAX_PROBLEMS])
    return features


def _other_reference_system(crs: Any) -> bool:
    if not isinstance(crs, Mapping):
        return False
    properties = crs.get("properties")
    name = properties.get("name", "") if isinstance(properties, Mapping) else ""
    return not str(name).endswith(_WGS_84)


def _called(entry: Any) -> str:
    properties = entry.get("properties") if isinstance(entry, Mapping) else None
    name = properties.get("name") if isinstance(properties, Mapping) else None
    return f" (“{name[:60]}”)" if isinstance(name, str) and name else ""


def _feature(number: int, entry: Any) -> Feature:
    if not isinstance(entry, Mapping) or entry.get("type") != "Feature":
        raise _Fault("it is not a GeoJSON Feature")
    geometry, properties = entry.get("geometry"), entry.get("properties")
    if not isinstance(geometry, Mapping):
        raise _Fault("it has no geometry")
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind not in ("Polygon", "MultiPolygon"):
        raise _Fault(f"its geometry is a {kind}, and an area needs a Polygon or MultiPolygon")
    polygons = [coordinates] if kind == "Polygon" else coordinates
    if not isinstance(polygons, list) or not polygons:
        raise _Fault("its geometry is empty")
    shape = [_polygon(polygon) for polygon in polygons]
    return Feature(number, properties if isinstance(properties, Mapping) else {}, shape)


def _polygon(rings: Any) -> list[Ring]:
    if not isinstance(rings, list) or not rings:
        raise _Fault("a polygon has no ring")
    outer, *holes = (_ring(ring) for ring in rings)
    box = bounding_box([[outer]])
    if any(not box.contains(lon, lat) for hole in holes for lon, lat in hole):
        raise _Fault("a hole reaches outside its polygon")
    return [_wound(outer, counterclockwise=True), *(_wound(hole, counterclockwise=False) for hole in holes)]


def _ring(positions: Any) -> Ring:
    if not isinstance(positions, list):
        raise _Fault("a ring is not a list of positions")
    raw = [_position(position) for position in positions]
    if len(raw) < 4:
        raise _Fault(f"a ring has {len(raw)} positions and needs at least 4")
    if raw[0] != raw[-1]:
        raise _Fault("a ring is not closed: its last position differs from its first")
    ring = _without_spikes([(round(lon, PRECISION), round(lat, PRECISION)) for lon, lat in raw])
    if len(ring) >= 4:
        ring = _without_snags(ring)
    if len(ring) < 4 or doubled_area(ring) == 0:
        raise _Fault("a ring has no area")
    return ring


def _position(value: Any) -> Position:
    if not isinstance(value, list) or len(value) < 2:
        raise _Fault("a position is not a pair of numbers")
    lon, lat = value[:2]
    for number in (lon, lat):
        if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
            raise _Fault("a position is not a pair of numbers")
    if not -180 <= lon <= 180:
        raise _Fault(f"longitude {lon} is not between -180 and 180, so the file may be in another projection")
    if not -90 <= lat <= 90:
        raise _Fault(f"latitude {lat} is not between -90 and 90; longitude comes first")
    return (lon, lat)


def _without_spikes(ring: Ring) -> Ring:
    """*ring* without repeated points and without lines that only go out and come back."""
    kept: Ring = []
    for point in ring[:-1]:
        kept.append(point)
        while len(kept) > 1 and (kept[-1] == kept[-2] or (len(kept) > 2 and kept[-1] == kept[-3])):
            del kept[-1 if kept[-1] == kept[-2] else -2 :]
    while len(kept) > 2 and (kept[0] == kept[-1] or kept[1] == kept[-1] or kept[0] == kept[-2]):
        # The seam between the last point and the first may hide the same faults.
        kept = kept[1:] if kept[1] == kept[-1] else kept[:-1]
    return [*kept, kept[0]]


def _wound(ring: Ring, *, counterclockwise: bool) -> Ring:
    return ring if (doubled_area(ring) > 0) == counterclockwise else ring[::-1]


def _without_snags(ring: Ring) -> Ring:
    """*ring* with loops smaller than SNAG cut off where it crosses itself; a larger loop is a fault."""
    while len(ring) >= 4 and (crossing := first_crossing(ring)):
        first, last = crossing
        loop, rest = ring[first + 1 : last + 1], [*ring[: first + 1], *ring[last + 1 :]]
        if len(loop) > len(rest):
            loop, rest = rest[:-1], [*loop, loop[0]]
        if max(distance(loop[0], point) for point in loop) > SNAG:
            lon, lat = ring[first]
            raise _Fault(f"its boundary crosses itself near longitude {lon}, latitude {lat}")
        ring = rest
    return ring


def first_crossing(ring: Sequence[Position]) -> tuple[int, int] | None:
    """The indices of two lines of *ring* that cross each other, or None; touching is no crossing.

    A sweep over the longitude: real boundaries are long chains of short lines, of which few overlap at a time.
    """
    lines = [(min(a[0], b[0]), max(a[0], b[0]), index, a, b) for index, (a, b) in enumerate(pairwise(ring))]
    active: list[tuple[float, float, int, Position, Position]] = []
    for line in sorted(lines):
        west, _, index, a, b = line
        active = [other for other in active if other[1] >= west]
        for _, _, earlier, c, d in active:
            if _cross(a, b, c, d):
                return min(index, earlier), max(index, earlier)
        active.append(line)
    return None


def _cross(a: Position, b: Position, c: Position, d: Position) -> bool:
    if max(a[1], b[1]) < min(c[1], d[1]) or max(c[1], d[1]) < min(a[1], b[1]):
        return False
    return _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0


def _side(a: Position, b: Position, p: Position) -> int:
    """1 when *p* lies left of the line from *a* to *b*, -1 right, 0 on it (as far as doubles can tell)."""
    turn = (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])
    return 0 if abs(turn) < 1e-14 else (1 if turn > 0 else -1)
