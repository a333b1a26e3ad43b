"""Boundaries: what is wrong is named, what is right survives, and what is drawn is what was given."""

import itertools
import json
import math
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.core import geo
from forum.core.geo.shapes import doubled_area

pytestmark = pytest.mark.once

SQUARE = [[-87.0, 41.0], [-86.0, 41.0], [-86.0, 42.0], [-87.0, 42.0], [-87.0, 41.0]]
HOLE = [[-86.6, 41.4], [-86.6, 41.6], [-86.4, 41.6], [-86.4, 41.4], [-86.6, 41.4]]


def feature(coordinates: Any, kind: str = "Polygon", **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def collection(*features: Any, **members: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features), **members}


def read(coordinates: Any, kind: str = "Polygon") -> geo.Shape:
    return geo.read_features(collection(feature(coordinates, kind)))[0].shape


def problems(document: Any) -> list[str]:
    with pytest.raises(geo.GeoJSONError) as error:
        geo.read_features(document)
    return error.value.problems


def star(radii: list[float], center: tuple[float, float] = (-87.6, 41.9)) -> geo.Ring:
    """A ring around *center* that cannot cross itself: one corner in each direction."""
    count = len(radii)
    corners = [
        (
            round(center[0] + r * math.cos(2 * math.pi * i / count), 6),
            round(center[1] + r * math.sin(2 * math.pi * i / count), 6),
        )
        for i, r in enumerate(radii)
    ]
    return [*corners, corners[0]]


stars = st.lists(st.floats(0.01, 0.2), min_size=3, max_size=40).map(star)
near = st.tuples(st.floats(-87.9, -87.3), st.floats(41.6, 42.2))


@pytest.mark.parametrize(
    ("document", "words"),
    (
        (None, "not a GeoJSON FeatureCollection"),
        ([], "not a GeoJSON FeatureCollection"),
        ({"type": "Polygon", "coordinates": [SQUARE]}, "not a GeoJSON FeatureCollection"),
        (collection(), "no features"),
        ({"type": "FeatureCollection", "features": 7}, "no features"),
        (
            collection(
                feature([SQUARE]), crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
            ),
            "another reference system",
        ),
    ),
)
def test_a_file_of_another_kind_is_refused(document: Any, words: str) -> None:
    assert words in problems(document)[0]


@pytest.mark.parametrize(
    ("entry", "words"),
    (
        (None, "not a GeoJSON Feature"),
        ({"type": "Polygon"}, "not a GeoJSON Feature"),
        ({"type": "Feature", "geometry": None}, "has no geometry"),
        (feature([-87, 41], "Point"), "its geometry is a Point"),
        (
            {"type": "Feature", "geometry": {"type": "GeometryCollection", "geometries": []}},
            "is a GeometryCollection",
        ),
        (feature([]), "a polygon has no ring"),
        (feature([], "MultiPolygon"), "its geometry is empty"),
        (feature(None), "a polygon has no ring"),
        (feature([None]), "a ring is not a list"),
        (feature([SQUARE[:3]]), "has 3 positions and needs at least 4"),
        (feature([SQUARE[:4]]), "not closed"),
        (feature([[[0, 0], [1, 1], [2, 2], [0, 0]]]), "no area"),
        (feature([[[0, 0], [0, 0], [0, 0], [0, 0]]]), "no area"),
        (feature([[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]), "crosses itself"),
        (feature([[[0, "1"], *SQUARE]]), "not a pair of numbers"),
        (feature([[[True, 1], *SQUARE]]), "not a pair of numbers"),
        (feature([[[math.nan, 1], *SQUARE]]), "not a pair of numbers"),
        (feature([[[math.inf, 1], *SQUARE]]), "not a pair of numbers"),
        (feature([[[0], *SQUARE]]), "not a pair of numbers"),
        (feature([[[358000.5, 1], *SQUARE]]), "longitude 358000.5 is not between"),
        (feature([[[41, -187], *SQUARE]]), "latitude -187 is not between -90 and 90; longitude comes first"),
        (feature([SQUARE, [[0, 0], [1, 0], [1, 1], [0, 0]]]), "hole reaches outside"),
    ),
)
def test_a_bad_geometry_is_named_with_its_features_number(entry: Any, words: str) -> None:
    found = problems(collection(feature([SQUARE]), entry, feature([SQUARE])))
    assert len(found) == 1
    assert found[0].startswith("Feature 2")
    assert words in found[0]


def test_every_bad_feature_is_named_at_once_with_its_name() -> None:
    found = problems(collection(feature([SQUARE[:4]], name="Pilsen"), feature([SQUARE]), feature(None)))
    assert [line.split(":")[0] for line in found] == ["Feature 1 (“Pilsen”)", "Feature 3"]


def test_polygons_become_multipolygons_wound_as_the_standard_says() -> None:
    for outer in (SQUARE, SQUARE[::-1]):
        for hole in (HOLE, HOLE[::-1]):
            shape = read([outer, hole])
            assert doubled_area(shape[0][0]) > 0
            assert doubled_area(shape[0][1]) < 0


def test_elevation_repeats_and_spikes_are_dropped() -> None:
    plain = read([SQUARE])
    with_noise = [
        [-87, 41, 180.5],
        [-87, 41],
        [-86, 41],
        [-85.5, 41.0000001],
        [-86, 41],
        [-86, 42],
        [-87, 42],
        [-87, 41],
    ]
    assert read([with_noise]) == plain
    assert read([[[-87.5, 41], *SQUARE[0:], [-87.5, 41]]]) == plain


def test_a_loop_of_a_few_metres_is_cut_and_a_larger_one_refused() -> None:
    slip, blunder = 0.00002, 0.002  # degrees
    for width in (slip, blunder):
        knot = [
            [-86.0, 41.5 + width],
            [-86.0 + width, 41.5],
            [-86.0 - width, 41.5],
            [-86.0, 41.5 + 2 * width],
        ]
        ring = [*SQUARE[:2], *knot, *SQUARE[2:]]
        if width == slip:
            assert abs(doubled_area(read([ring])[0][0]) - 2) < 1e-3
        else:
            assert "crosses itself" in problems(collection(feature([ring])))[0]


def test_rings_that_touch_themselves_are_no_crossing() -> None:
    hourglass = [[0, 0], [2, 0], [1, 1], [2, 2], [0, 2], [1, 1], [0, 0]]
    assert len(read([hourglass])[0][0]) == 7


@given(stars)
def test_no_ring_without_a_crossing_is_refused(ring: geo.Ring) -> None:
    shape = read([[list(point) for point in ring]])
    assert abs(abs(doubled_area(shape[0][0])) - abs(doubled_area(ring))) < 1e-9


def test_a_hole_is_outside_and_an_island_inside() -> None:
    shape = read([[SQUARE, HOLE], [[[-85, 41], [-84, 41], [-84, 42], [-85, 41]]]], "MultiPolygon")
    assert geo.contains(shape, -86.9, 41.1)
    assert not geo.contains(shape, -86.5, 41.5)
    assert geo.contains(shape, -84.1, 41.2)
    assert not geo.contains(shape, -85.5, 41.5)


def test_a_point_on_a_shared_border_is_in_one_area_at_most() -> None:
    west = read([SQUARE])
    east = read([[[lon + 1, lat] for lon, lat in SQUARE]])
    north = read([[[lon, lat + 1] for lon, lat in SQUARE]])
    for lat in (41.0, 41.25, 41.5, 42.0):
        assert geo.contains(west, -86.0, lat) + geo.contains(east, -86.0, lat) <= 1
    assert geo.contains(west, -86.5, 42.0) + geo.contains(north, -86.5, 42.0) == 1


@given(stars, near)
def test_inside_agrees_with_the_winding_number(ring: geo.Ring, point: geo.Position) -> None:
    turns = 0.0
    for a, b in itertools.pairwise(ring):
        first = math.atan2(a[1] - point[1], a[0] - point[0])
        second = math.atan2(b[1] - point[1], b[0] - point[0])
        turns += (second - first + math.pi) % (2 * math.pi) - math.pi
    assert geo.contains([[ring]], *point) == (abs(turns) > math.pi)


@given(stars, st.floats(1, 3000))
def test_simplifying_moves_no_point_and_strays_no_farther_than_allowed(ring: geo.Ring, metres: float) -> None:
    (simple,) = geo.simplify([[ring]], metres)[0]
    assert simple[0] == simple[-1]
    assert len(simple) >= 4
    assert set(simple) <= set(ring)
    if set(simple) != set(ring) and len(simple) > 4:
        for point in ring:
            nearest = min(distance_to_line(point, a, b) for a, b in itertools.pairwise(simple))
            assert nearest <= metres * 1.02


def distance_to_line(point: geo.Position, a: geo.Position, b: geo.Position) -> float:
    """Metres between *point* and the nearest of 200 points of the line."""
    shares = [i / 200 for i in range(201)]
    return min(geo.distance(point, (a[0] + (b[0] - a[0]) * s, a[1] + (b[1] - a[1]) * s)) for s in shares) - (
        geo.distance(a, b) / 400
    )


def test_simplifying_keeps_something_of_the_smallest_area() -> None:
    tiny = read([[[lon / 1e4, lat / 1e4] for lon, lat in SQUARE]])
    assert len(geo.simplify(tiny, 10_000)[0][0]) == 4


def test_the_same_ring_begun_elsewhere_simplifies_alike() -> None:
    ring = star([0.1 + 0.05 * math.sin(i * 2.1) for i in range(90)])
    turned = [*ring[30:-1], *ring[:31]]
    assert geo.simplify([[ring]], 400) == geo.simplify([[turned]], 400)


def test_distance_is_that_of_the_globe() -> None:
    chicago, boston = (-87.6298, 41.8781), (-71.0589, 42.3601)
    assert geo.distance(chicago, boston) == pytest.approx(1_366_000, rel=0.003)
    assert geo.distance(chicago, chicago) == 0


def points_of(path: str) -> list[list[tuple[float, float]]]:
    """The corners of each ring of a path as our own drawing writes it: ``M x y l dx dy ... z``."""
    rings = []
    for start, steps in re.findall(r"M([^lh]*)l([^z]*)z", path):
        numbers = [[float(n) for n in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", part)] for part in (start, steps)]
        x, y = numbers[0]
        corners = [(x, y)]
        for dx, dy in zip(numbers[1][::2], numbers[1][1::2], strict=True):
            x, y = x + dx, y + dy
            corners.append((x, y))
        rings.append(corners)
    return rings


def test_a_path_keeps_the_aspect_of_its_latitude_and_points_north() -> None:
    shape = read([SQUARE, HOLE])
    outer, hole = points_of(geo.svg_path(shape, geo.Frame(geo.bounding_box(shape)), 0))
    width = max(x for x, _ in outer) - min(x for x, _ in outer)
    height = max(y for _, y in outer) - min(y for _, y in outer)
    assert height == pytest.approx(98)
    assert width / height == pytest.approx(math.cos(math.radians(41.5)), abs=0.01)
    assert min(outer, key=lambda p: p[1])[1] == pytest.approx(1)  # the north edge on top
    assert all(40 < x < 60 and 39 < y < 61 for x, y in hole)


@given(stars)
def test_every_corner_of_a_path_lies_in_the_view_box_and_near_the_boundary(ring: geo.Ring) -> None:
    frame = geo.Frame(geo.bounding_box([[ring]]))
    path = geo.svg_path([[ring]], frame, 0.2)
    assert re.fullmatch(r"[Mlhz0-9. -]+", path)
    places = [frame.place(point) for point in ring]
    for corner in [corner for corners in points_of(path) for corner in corners]:
        assert all(0 <= value <= 100 for value in corner)
        assert min(math.dist(corner, place) for place in places) < 0.08


def test_a_shape_too_small_to_see_is_a_dot() -> None:
    tiny = read([[[lon / 1e4, lat / 1e4] for lon, lat in SQUARE]])
    path = geo.svg_path(tiny, geo.Frame(geo.Box(-90, -45, 90, 45)))
    assert re.fullmatch(r"M[\d.]+ [\d.]+h\.1z", path)


def test_boxes_join() -> None:
    assert geo.Box.around([geo.Box(0, 0, 1, 1), geo.Box(-2, 0.5, 0, 3)]) == geo.Box(-2, 0, 1, 3)
    with pytest.raises(ValueError, match="no boxes"):
        geo.Box.around([])


def test_a_shape_survives_json() -> None:
    shape = read([SQUARE, HOLE])
    assert geo.contains(json.loads(json.dumps(shape)), -86.9, 41.1)
