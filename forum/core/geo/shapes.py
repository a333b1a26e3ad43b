"""Shapes on the globe: their boxes, areas and distances, and what lies inside them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

Position = tuple[float, float]
Ring = list[Position]
Shape = list[list[Ring]]

EARTH_RADIUS = 6_371_009.0  # metres, mean
METRES_A_DEGREE = math.pi * EARTH_RADIUS / 180


@dataclass(frozen=True)
class Box:
    """A bounding box in degrees."""

    west: float
    south: float
    east: float
    north: float

    def contains(self, lon: float, lat: float) -> bool:
        return self.west <= lon <= self.east and self.south <= lat <= self.north

    @staticmethod
    def around(boxes: Iterable[Box]) -> Box:
        """The smallest box that holds all of *boxes*; ValueError when there is none."""
        found = list(boxes)
        if not found:
            raise ValueError("no boxes")
        return Box(
            min(box.west for box in found),
            min(box.south for box in found),
            max(box.east for box in found),
            max(box.north for box in found),
        )


def bounding_box(shape: Shape) -> Box:
    """The box around *shape*."""
    lons = [lon for polygon in shape for lon, _ in polygon[0]]
    lats = [lat for polygon in shape for _, lat in polygon[0]]
    return Box(min(lons), min(lats), max(lons), max(lats))


def contains(shape: Shape, lon: float, lat: float) -> bool:
    """Whether the point lies inside: in some polygon's outer ring and in none of its holes.

    Of two areas that share a border a point on it is in one at most, never in both, except where the border bends.
    """
    return any(
        _inside(polygon[0], lon, lat) and not any(_inside(hole, lon, lat) for hole in polygon[1:])
        for polygon in shape
    )


def _inside(ring: Sequence[Position], lon: float, lat: float) -> bool:
    """Ray casting: count the lines that a ray to the east meets, each line half open in latitude."""
    inside = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def distance(a: Position, b: Position) -> float:
    """Metres between two positions along the globe (haversine)."""
    (lon1, lat1), (lon2, lat2) = a, b
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    half = math.sin((phi2 - phi1) / 2) ** 2
    half += math.cos(phi1) * math.cos(phi2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS * math.asin(min(1.0, math.sqrt(half)))


def doubled_area(ring: Sequence[Position]) -> float:
    """Twice the signed area, positive when counterclockwise; measured from the first point for accuracy's sake."""
    x0, y0 = ring[0]
    return sum((x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0) for (x1, y1), (x2, y2) in pairwise(ring))
