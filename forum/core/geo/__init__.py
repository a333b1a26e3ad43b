"""Boundaries: read and check GeoJSON, simplify it, ask what lies inside, and draw it as SVG.

Everything is in WGS 84 degrees, longitude first. A *shape* is the ``coordinates`` of a MultiPolygon: polygons, each a
closed outer ring (counterclockwise) followed by its holes (clockwise), RFC 7946 3.1.6. No boundary of a town needs a
projection finer than a plane touching it at its own latitude, so that is what tolerances and pictures use.
"""

from forum.core.geo.drawing import Frame, simplify, svg_path
from forum.core.geo.reading import Feature, GeoJSONError, read_features
from forum.core.geo.shapes import Box, Position, Ring, Shape, bounding_box, contains, distance

__all__ = [
    "Box",
    "Feature",
    "Frame",
    "GeoJSONError",
    "Position",
    "Ring",
    "Shape",
    "bounding_box",
    "contains",
    "distance",
    "read_features",
    "simplify",
    "svg_path",
]
