"""Simplify a shape, and draw it as SVG."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from forum.core.geo.shapes import METRES_A_DEGREE, Box, Position, Ring, Shape, bounding_box, doubled_area


def simplify(shape: Shape, metres: float) -> Shape:
    """*shape* with no point moved, and those left out that lie within *metres* of the new line (Douglas-Peucker).

    Holes and further polygons that collapse are dropped; the largest polygon always stays.
    """
    box = bounding_box(shape)
    shrink = math.cos(math.radians((box.south + box.north) / 2))

    def flat(point: Position) -> Position:
        return point[0] * METRES_A_DEGREE * shrink, point[1] * METRES_A_DEGREE

    return _simplified(shape, flat, metres)


@dataclass(frozen=True)
class Frame:
    """Where a box of the globe comes to lie in the view box ``0 0 100 100``: centered, its aspect kept."""

    box: Box

    def place(self, point: Position) -> Position:
        """*point* in the view box, y downward."""
        return self._across(point[0]), self._down(point[1])

    @property
    def _shrink(self) -> float:
        return math.cos(math.radians((self.box.south + self.box.north) / 2))

    @property
    def _scale(self) -> float:
        """Units of the view box in a degree of latitude."""
        widest = max((self.box.east - self.box.west) * self._shrink, self.box.north - self.box.south)
        return 98 / widest if widest else 1.0  # one unit of margin, so that a stroke is not cut

    def _across(self, lon: float) -> float:
        return 50 + (lon - (self.box.west + self.box.east) / 2) * self._shrink * self._scale

    def _down(self, lat: float) -> float:
        return 50 - (lat - (self.box.south + self.box.north) / 2) * self._scale


def svg_path(shape: Shape, frame: Frame, tolerance: float = 0.25) -> str:
    """*shape* as the data of an SVG path (to be filled ``evenodd``) in *frame*, to a tenth of a unit.

    *tolerance* is how far, in units, a left-out point may lie from the line. Something is always drawn.
    """
    flat: Shape = [[[frame.place(point) for point in ring] for ring in polygon] for polygon in shape]
    thin = _simplified(flat, lambda point: point, tolerance)
    return "".join(_ring_path(ring) for polygon in thin for ring in polygon)


def _ring_path(ring: Ring) -> str:
    """*ring* in steps of tenths, as short as SVG allows; between points of a grid, so that rounding never adds up."""
    grid = [(round(x * 10), round(y * 10)) for x, y in ring[:-1]]
    steps = [
        step for (x1, y1), (x2, y2) in pairwise(grid) if (x1, y1) != (x2, y2) for step in (x2 - x1, y2 - y1)
    ]
    lines = (
        "l" + _tenths(steps) if steps else "h.1"
    )  # a round line cap makes a dot of what is too small to have corners
    return f"M{_tenths(grid[0])}{lines}z"


def _tenths(numbers: Sequence[int]) -> str:
    return "".join(_tenth(number, first=not index) for index, number in enumerate(numbers))


def _tenth(tenths: int, *, first: bool) -> str:
    """«12.3», «-.4», with the blank before it that a number needs unless its sign parts it from the last."""
    whole, rest = divmod(abs(tenths), 10)
    digits = f"{whole or ''}.{rest}" if rest else str(whole)
    sign = "-" if tenths < 0 else ("" if first else " ")
    return sign + digits


def _simplified(shape: Shape, flat: Callable[[Position], Position], tolerance: float) -> Shape:
    kept: Shape = []
    for polygon in sorted(shape, key=lambda polygon: -abs(doubled_area(polygon[0]))):
        rings = [_thin_ring(ring, flat, tolerance) for ring in polygon]
        if rings[0] is None and not kept:
            rings[0] = _three_corners(polygon[0])
        if rings[0] is not None:
            kept.append([ring for ring in rings if ring is not None])
    return kept


def _thin_ring(ring: Ring, flat: Callable[[Position], Position], tolerance: float) -> Ring | None:
    """*ring* simplified, or None when nothing with an area is left of it.

    It is cut at its lowest point and at the one farthest from there, which depend on the ring alone and not on where
    its list begins, so that importing the same area written differently draws the same line.
    """
    start = min(range(len(ring) - 1), key=ring.__getitem__)
    points = [*ring[start:-1], *ring[:start], ring[start]]
    plane = [flat(point) for point in points]
    far = max(range(len(plane)), key=lambda i: math.dist(plane[0], plane[i]))
    kept = sorted({0, far, len(plane) - 1, *_corners(plane, 0, far, tolerance),
                   *_corners(plane, far, len(plane) - 1, tolerance)})  # fmt: skip
    return [points[index] for index in kept] if len(kept) >= 4 else None


def _corners(plane: Sequence[Position], first: int, last: int, tolerance: float) -> Iterator[int]:
    """The points between *first* and *last* that Douglas-Peucker keeps."""
    stack = [(first, last)]
    while stack:
        low, high = stack.pop()
        worst, index = tolerance, 0
        for middle in range(low + 1, high):
            off = _off_line(plane[middle], plane[low], plane[high])
            if off > worst:
                worst, index = off, middle
        if index:
            yield index
            stack += [(low, index), (index, high)]


def _off_line(point: Position, a: Position, b: Position) -> float:
    """The distance of *point* from the line between *a* and *b*, in the plane."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    along = ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / length if length else 0.0
    along = min(1.0, max(0.0, along))
    return math.hypot(point[0] - a[0] - along * dx, point[1] - a[1] - along * dy)


def _three_corners(ring: Ring) -> Ring:
    """A triangle in place of an area too small for the tolerance."""
    third = max(1, (len(ring) - 1) // 3)
    return [ring[0], ring[third], ring[min(2 * third, len(ring) - 2)], ring[0]]
