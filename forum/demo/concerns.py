"""Boston's requests of 2015 as concerns: a town's whole year, for looking at lists that are long.

Their opening, target and closing times are the real ones; nobody's name, address or words are among them.
"""

from __future__ import annotations

import csv
import gzip
import json
import lzma
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import exists, select

from forum.concerns.models import Category, Concern, Mode, Source
from forum.concerns.operations.importing import ImportedConcern, load_concerns
from forum.core import clock, geo
from forum.core.transactions import unit_of_work
from forum.demo.grid import DATA, inside
from forum.extensions import db
from forum.neighborhoods.models import Neighborhood
from forum.neighborhoods.operations import import_neighborhoods

ZONE = ZoneInfo("America/New_York")
BY_PHONE = "Constituent Call"
ABOUT_STAFF = "General Comments For An Employee"  # kept from the public lists
Progress = Callable[[int, int, str], None]
Polygons = list[list[list[list[float]]]]


class Occupied(Exception):
    """The database holds what must not be mixed with this."""


@dataclass
class Loaded:
    """What came of it: how many concerns, and the oddities of the rows with their counts."""

    concerns: int = 0
    areas: int = 0
    odd: Counter[str] = field(default_factory=Counter)
    unmapped: Counter[str] = field(default_factory=Counter)


def boundaries() -> bytes:
    """The GeoJSON of Boston's neighborhoods."""
    return gzip.decompress((DATA / "boston_neighborhoods.geojson.gz").read_bytes())


def rows() -> list[dict[str, str]]:
    """The requests, as the city's list had them."""
    text = lzma.decompress((DATA / "boston_311.csv.xz").read_bytes()).decode()
    return list(csv.DictReader(text.splitlines()))


@cache
def areas() -> dict[str, tuple[str, ...]]:
    """The boundaries that an area of the list may mean; the first where no point decides."""
    with (DATA / "boston_areas.csv").open(newline="", encoding="utf-8") as file:
        return {row["area"]: tuple(row["boundaries"].split("|")) for row in csv.DictReader(file)}


@cache
def types() -> dict[str, str]:
    """The category of each type of request."""
    with (DATA / "boston_types.csv").open(newline="", encoding="utf-8") as file:
        return {row["type"]: row["category"] for row in csv.DictReader(file)}


def load(progress: Progress, most: int | None = None) -> Loaded:
    """Load Boston's areas and the first *most* requests (all of them) into an empty database of their own.

    Raises Occupied, before anything is written, for a database with concerns or with another town's areas.
    """
    features = geo.read_features(json.loads(boundaries()))
    _require_room({str(feature.properties["name"]) for feature in features})
    requests, loaded = rows()[:most], Loaded()
    with unit_of_work():
        import_neighborhoods(actor=None, features=features)
        progress(len(features), len(features), "Neighborhoods")
        loaded.areas = len(features)
        reading = _Reading(loaded)
        loaded.concerns = load_concerns(
            actor=None, rows=[reading.concern(row) for row in requests], progress=progress
        )
    return loaded


def _require_room(names: set[str]) -> None:
    if db.session.scalar(select(exists().where(Concern.id.is_not(None)))):
        raise Occupied("This database holds concerns already.")
    if others := set(db.session.scalars(select(Neighborhood.name))) - names:
        raise Occupied(f"This database holds another town's neighborhoods, {min(others)} among them.")
    if current_app.config["FORUM"].agency_zone != ZONE.key:
        raise Occupied(f"This site's clock is not Boston's: set FORUM_AGENCY_ZONE={ZONE.key}.")


class _Reading:
    """Makes concerns of rows, and counts what is odd about them."""

    def __init__(self, loaded: Loaded) -> None:
        self.loaded = loaded
        self.categories = {category.slug: category for category in db.session.scalars(select(Category))}
        self.ids = {name: id_ for id_, name in db.session.execute(select(Neighborhood.id, Neighborhood.name))}
        collection = json.loads(boundaries())
        self.shapes: dict[str, Polygons] = {
            one["properties"]["name"]: one["geometry"]["coordinates"] for one in collection["features"]
        }

    def concern(self, row: dict[str, str]) -> ImportedConcern:
        """*row* as a concern. One that was closed before it was opened is closed when it was opened."""
        opened, closed, target = (_moment(row[name]) for name in ("opened", "closed", "target"))
        assert opened is not None, "every row says when it was opened"
        if target is None:
            self.loaded.odd["no target"] += 1
        if closed is not None and closed < opened:
            self.loaded.odd["closed before it was opened"] += 1
            closed = opened
        kind = row["type"]
        return ImportedConcern(
            category=self.categories[types()[kind]],
            mode=Mode.PRIVATE if kind == ABOUT_STAFF else Mode.PUBLIC,
            source=Source.PHONE if row["source"] == BY_PHONE else Source.SITE,
            title=kind,
            story=f"{kind}. From the city's list of requests of 2015.",
            opened_at=opened,
            target_at=target,
            closed_at=closed,
            closed_in_words="The city's list says that this is done.",
            neighborhood_id=self._area(row),
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
        )

    def _area(self, row: dict[str, str]) -> int | None:
        name = row["neighborhood"]
        if not name:
            self.loaded.odd["no area"] += 1
            return None
        meant = areas().get(name)
        if meant is None:
            self.loaded.unmapped[name] += 1
            return None
        point = (float(row["longitude"]), float(row["latitude"]))
        there = (each for each in meant if len(meant) > 1 and inside(point, self.shapes[each]))
        return self.ids[next(there, meant[0])]


def _moment(text: str) -> datetime | None:
    """A local time of Boston's as a moment; None for nothing."""
    return clock.to_utc(datetime.fromisoformat(text), ZONE) if text else None
