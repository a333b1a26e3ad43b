"""``flask neighborhoods``: boundaries from GeoJSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from forum.core import geo
from forum.core.transactions import unit_of_work
from forum.neighborhoods.operations import ImportPlan, import_neighborhoods, plan_import

group = AppGroup("neighborhoods", help="Neighborhoods: import their boundaries.")
SHOWN = 20


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--key", metavar="PROPERTY", help="Tells areas apart from one import to the next; the name unless given."
)
@click.option(
    "--name", metavar="PROPERTY", default="name", show_default=True, help="What people call the area."
)
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
def import_(file: Path, key: str | None, name: str, dry_run: bool) -> None:
    """Import the areas of FILE, a GeoJSON FeatureCollection of polygons (RFC 7946).

    Doing it twice changes nothing. An area that FILE lacks stays. With one bad feature nothing goes in.
    """
    try:
        features = geo.read_features(_parsed(file))
        if dry_run:
            plan = plan_import(features, key=key, name=name)
        else:
            with unit_of_work():
                plan = import_neighborhoods(actor=None, features=features, key=key, name=name)
    except geo.GeoJSONError as error:
        lines = "\n".join(f"  {problem}" for problem in error.problems)
        raise click.ClickException(f"{file.name} was not imported; nothing has changed.\n{lines}") from error
    _show(plan, _extent(features), dry_run=dry_run)


def _extent(features: Sequence[geo.Feature]) -> str:
    """Where the file's areas lie: who reads it sees latitude and longitude that were swapped, which no rule can."""
    box = geo.Box.around(geo.bounding_box(feature.shape) for feature in features)
    return (
        f"The file lies between longitude {box.west:.2f} and {box.east:.2f}, "
        f"latitude {box.south:.2f} and {box.north:.2f}."
    )


def _parsed(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError is a ValueError
        raise geo.GeoJSONError([f"The file is not JSON: {error}."]) from error


def _show(plan: ImportPlan, extent: str, *, dry_run: bool) -> None:
    """The difference, as a person reads one."""
    _list("+ new", [area.name for area in plan.new])
    _list("~ changed", [f"{c.area.name} ({', '.join(c.what)})" for c in plan.changed])
    _list("? not in the file, kept", [area.name for area in plan.gone])
    click.echo(extent)
    counts = f"{len(plan.new)} new, {len(plan.changed)} changed, {len(plan.unchanged)} unchanged, {len(plan.gone)} kept"
    click.echo(f"{counts}. " + ("Nothing was changed (dry run)." if dry_run else "Done."))


def _list(heading: str, names: list[str]) -> None:
    for name in names[:SHOWN]:
        click.echo(f"{heading}: {name}")
    if len(names) > SHOWN:
        click.echo(f"{heading}: and {len(names) - SHOWN} more")
