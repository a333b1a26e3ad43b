"""Importing boundaries: idempotent, all or nothing, addresses that stay, and words for what is wrong."""

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskCliRunner

from forum.audit.models import Entry
from forum.core import geo
from forum.extensions import db
from forum.neighborhoods.areas import slug_for
from forum.neighborhoods.models import Neighborhood
from forum.neighborhoods.operations import import_neighborhoods
from tests.factories.neighborhoods import square

FIVE = Path(__file__).parent / "data/five_areas.geojson"


def feature(name: Any, west: float = 0.0, **properties: Any) -> dict[str, Any]:
    coordinates = [[[list(point) for point in ring] for ring in polygon] for polygon in square(west, 10.0)]
    geometry = {"type": "MultiPolygon", "coordinates": coordinates}
    return {"type": "Feature", "properties": {"name": name, **properties}, "geometry": geometry}


def features(*given: dict[str, Any]) -> list[geo.Feature]:
    return geo.read_features({"type": "FeatureCollection", "features": list(given)})


def bring_in(*given: dict[str, Any], **options: Any) -> Any:
    return import_neighborhoods(actor=None, features=features(*given), **options)


def areas() -> dict[str, Neighborhood]:
    return {area.name: area for area in db.session.scalars(sa.select(Neighborhood))}


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


def written(path: Path, *given: Any) -> str:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(given)}))
    return str(path)


@pytest.mark.usefixtures("work")
def test_importing_twice_changes_nothing() -> None:
    found = geo.read_features(json.loads(FIVE.read_text()))
    assert len(import_neighborhoods(actor=None, features=found).new) == 5
    db.session.expire_all()
    before = {name: (area.updated_at, area.locator, area.outline) for name, area in areas().items()}
    plan = import_neighborhoods(actor=None, features=found)
    assert (len(plan.new), len(plan.changed), len(plan.unchanged), len(plan.gone)) == (0, 0, 5, 0)
    db.session.expire_all()
    assert {name: (area.updated_at, area.locator, area.outline) for name, area in areas().items()} == before


@pytest.mark.usefixtures("work")
def test_an_imported_area_has_what_pages_draw() -> None:
    import_neighborhoods(actor=None, features=geo.read_features(json.loads(FIVE.read_text())))
    area = areas()["Logan Square"]
    assert area.slug == "logan-square"
    assert area.boundary["type"] == "MultiPolygon"
    assert area.outline.startswith("M")
    assert area.locator.startswith("M")
    assert area.locator != area.outline
    assert area.west < -87.7 < area.east
    assert geo.contains(area.sketch, -87.7, 41.923)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Entry)) == 5


@pytest.mark.usefixtures("work")
def test_a_new_name_keeps_the_address_when_a_key_tells_areas_apart() -> None:
    bring_in(feature("Pilsen", code=31), key="code")
    plan = bring_in(feature("Lower West Side", code=31.0), key="code")
    assert [change.what for change in plan.changed] == [("name",)]
    assert areas()["Lower West Side"].slug == "pilsen"


@pytest.mark.usefixtures("work")
def test_a_moved_boundary_is_a_change_and_redraws_all() -> None:
    bring_in(feature("East", 1.0), feature("West", 0.0))
    before = areas()["West"]
    locator, outline, updated = before.locator, before.outline, before.updated_at
    plan = bring_in(feature("East", 3.0), feature("West", 0.0))
    assert [(change.area.name, change.what) for change in plan.changed] == [("East", ("boundary",))]
    db.session.expire_all()
    west = areas()["West"]
    assert west.locator != locator
    assert (west.outline, west.updated_at) == (outline, updated)


@pytest.mark.usefixtures("work")
def test_an_area_that_the_file_lacks_stays() -> None:
    bring_in(feature("Here"), feature("Gone", 1.0))
    plan = bring_in(feature("Here"))
    assert [area.name for area in plan.gone] == ["Gone"]
    assert set(areas()) == {"Here", "Gone"}


@pytest.mark.usefixtures("work")
def test_names_that_fold_alike_get_addresses_of_their_own() -> None:
    bring_in(feature("O'Hare"), feature("Ohare", 1.0), feature("Find", 2.0), feature("東", 3.0))
    assert {area.slug for area in areas().values()} == {"ohare", "ohare-2", "find-2", "area"}


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "slug"),
    (
        ("Sheffield & DePaul", "sheffield-depaul"),
        ("Sauganash,Forest Glen", "sauganash-forest-glen"),
        ("Cañada  Real", "canada-real"),
        ("x" * 300, "x" * 114),
        ("---", "area"),
    ),
)
def test_addresses_are_plain(name: str, slug: str) -> None:
    assert slug_for(name, ()) == slug


@pytest.mark.usefixtures("work")
@pytest.mark.parametrize(
    ("given", "options", "words"),
    (
        ([feature("A"), feature("A", 1.0)], {}, "Feature 2: its name “A” is that of feature 1 as well."),
        ([feature("A"), feature("  ")], {}, "Feature 2: it has no property “name”."),
        ([feature("A", code=1), feature("B")], {"key": "code"}, "Feature 2: it has no property “code”."),
        ([feature("A"), feature(True)], {}, "Feature 2: it has no property “name”."),
        ([feature("A"), feature("x" * 121)], {}, "Feature 2: its name is longer than 120 characters."),
        ([feature("A"), feature("nul\x00here")], {}, "Feature 2: its name has characters that are no text."),
        ([feature("A"), feature("\x1b[31mred")], {}, "Feature 2: its name has characters that are no text."),
        ([feature("A"), feature("half \ud800")], {}, "Feature 2: its name has characters that are no text."),
    ),
)
def test_features_without_a_name_of_their_own_are_refused_and_nothing_goes_in(
    given: list[dict[str, Any]], options: dict[str, str], words: str
) -> None:
    with pytest.raises(geo.GeoJSONError, match="Feature") as error:
        bring_in(*given, **options)
    assert words in error.value.problems
    assert areas() == {}


def test_a_dry_run_shows_the_difference_and_changes_nothing(
    app: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    first = written(tmp_path / "a.geojson", feature("Kept"), feature("Moved", 1.0), feature("Gone", 2.0))
    second = written(tmp_path / "b.geojson", feature("Kept"), feature("Moved", 1.5), feature("New", 2.0))
    assert runner.invoke(args=["neighborhoods", "import", first]).exit_code == 0
    result = runner.invoke(args=["neighborhoods", "import", second, "--dry-run"])
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "+ new: New",
        "~ changed: Moved (boundary)",
        "? not in the file, kept: Gone",
        "The file lies between longitude 0.00 and 2.02, latitude 10.00 and 10.02.",
        "1 new, 1 changed, 1 unchanged, 1 kept. Nothing was changed (dry run).",
    ]
    with app.app_context():
        assert set(areas()) == {"Kept", "Moved", "Gone"}
    again = runner.invoke(args=["neighborhoods", "import", second])
    assert again.output.endswith("1 new, 1 changed, 1 unchanged, 1 kept. Done.\n")


def test_with_one_bad_feature_nothing_goes_in(app: Flask, runner: FlaskCliRunner, tmp_path: Path) -> None:
    bad = feature("Bad")
    bad["geometry"]["coordinates"][0][0].pop()
    result = runner.invoke(
        args=["neighborhoods", "import", written(tmp_path / "a.geojson", feature("Good"), bad)]
    )
    assert result.exit_code == 1
    assert "nothing has changed" in result.output
    assert "Feature 2 (“Bad”): a ring is not closed" in result.output
    with app.app_context():
        assert areas() == {}


def test_a_file_in_another_projection_is_refused_in_words(runner: FlaskCliRunner, tmp_path: Path) -> None:
    result = runner.invoke(
        args=["neighborhoods", "import", written(tmp_path / "a.geojson", feature("In feet", 1_176_000.0))]
    )
    assert result.exit_code == 1
    assert "not between -180 and 180, so the file may be in another projection.\n" in result.output


@pytest.mark.parametrize(
    "content", (b"", b"{", b"\xff\xfe", b"[" * 100_000), ids=["empty", "cut", "binary", "deep"]
)
def test_a_file_that_is_not_json_is_refused_in_words(
    runner: FlaskCliRunner, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "a.geojson").write_bytes(content)
    result = runner.invoke(args=["neighborhoods", "import", str(tmp_path / "a.geojson")])
    assert result.exit_code == 1
    assert "The file is not JSON" in result.output
