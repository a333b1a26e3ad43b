"""Areas, beats, officers and follows. A town has at most a few hundred areas, so lists are not cut into pages."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload, undefer

from forum.accounts.models import Person, Role
from forum.accounts.queries import working
from forum.core import geo
from forum.core.prepared import PreparedSelect
from forum.extensions import db
from forum.neighborhoods.areas import is_slug
from forum.neighborhoods.models import Beat, Follow, Neighborhood, beat_neighborhood, beat_officer


def listed() -> sa.Select[Neighborhood]:
    """Every area, from A to Z."""
    return sa.select(Neighborhood).order_by(sa.func.lower(Neighborhood.name), Neighborhood.id)


_OPTIONS = PreparedSelect(listed().with_only_columns(Neighborhood.slug, Neighborhood.name))  # on many pages


def listed_with_outlines() -> sa.Select[Neighborhood]:
    """Every area with what draws it, alone and among the others."""
    return listed().options(undefer(Neighborhood.outline), undefer(Neighborhood.locator))


def sketches() -> sa.Select[str, str, list[object]]:
    """Slug, name and simplified MultiPolygon coordinates of every area, for the map."""
    return sa.select(Neighborhood.slug, Neighborhood.name, Neighborhood.sketch).order_by(Neighborhood.slug)


def whole_town() -> sa.Select[str]:
    """The path data of every area in the picture of all, as one text: 98 areas of a large city are 8 kB."""
    return sa.select(sa.func.coalesce(sa.func.aggregate_strings(Neighborhood.locator, ""), ""))


def by_slug(slug: str) -> sa.Select[Neighborhood]:
    """One area with its beats and what draws it, in one question; read it with ``.unique()``."""
    return (
        sa.select(Neighborhood)
        .where(Neighborhood.slug == slug if is_slug(slug) else sa.false())
        .options(joinedload(Neighborhood.beats), undefer(Neighborhood.outline), undefer(Neighborhood.locator))
    )


def by_slugs(slugs: Collection[str]) -> sa.Select[Neighborhood]:
    """The areas of these addresses that there are, from A to Z."""
    return listed().where(Neighborhood.slug.in_(slugs))


def followed_by(person: Person) -> sa.Select[Neighborhood]:
    """The areas that *person* follows, from A to Z."""
    followed = sa.select(Follow.neighborhood_id).where(Follow.person_id == person.id)
    return listed().where(Neighborhood.id.in_(followed))


def follow_of(person: Person, neighborhood: Neighborhood) -> sa.Select[Follow]:
    """The row that says *person* follows *neighborhood*."""
    return sa.select(Follow).where(Follow.person_id == person.id, Follow.neighborhood_id == neighborhood.id)


def follows_slug(person: Person, slug: str) -> sa.Select[int]:
    """A row when *person* follows the area of this address."""
    area = sa.select(Neighborhood.id).where(Neighborhood.slug == slug if is_slug(slug) else sa.false())
    return sa.select(Follow.neighborhood_id).where(
        Follow.person_id == person.id, Follow.neighborhood_id == area.scalar_subquery()
    )


def officers_of(neighborhood_id: int | sa.BindParameter[int]) -> sa.Select[Person]:
    """Who serves the beats of a neighborhood and works for the agency now, by name, each once. *neighborhood_id*: a
    number, or a parameter of a statement that is made once."""
    serving = (
        sa.select(beat_officer.c.person_id)
        .join(beat_neighborhood, beat_neighborhood.c.beat_id == beat_officer.c.beat_id)
        .where(beat_neighborhood.c.neighborhood_id == neighborhood_id)
    )
    return possible_officers().where(Person.id.in_(serving))


def possible_officers() -> sa.Select[Person]:
    """Whoever may serve a beat (policy.can_serve_beat), by name."""
    return working(Role.OFFICER, Role.SUPERVISOR).order_by(Person.name, Person.id)


def beats() -> sa.Select[Beat]:
    """Every beat by code, with its areas and officers."""
    return (
        sa.select(Beat)
        .options(selectinload(Beat.neighborhoods), selectinload(Beat.officers))
        .order_by(Beat.code)
    )


def neighborhood_options() -> list[tuple[str, str]]:
    """(slug, name) of every area, for a filter's select."""
    return [(slug, name) for slug, name in _OPTIONS.all(db.session())]


def neighborhood_choices() -> list[tuple[int, str]]:
    """(id, name) of every area, for a form's select."""
    rows = db.session.execute(listed().with_only_columns(Neighborhood.id, Neighborhood.name))
    return [(id_, name) for id_, name in rows]


def around_point(lon: float, lat: float) -> sa.Select[Neighborhood]:
    """The areas whose bounding box holds the point, with their boundaries: candidates for :func:`at_point`."""
    return (
        listed()
        .where(
            Neighborhood.west <= lon,
            Neighborhood.east >= lon,
            Neighborhood.south <= lat,
            Neighborhood.north >= lat,
        )
        .options(undefer(Neighborhood.boundary))
    )


def at_point(lat: float, lon: float) -> list[Neighborhood]:
    """The areas the point (degrees, WGS 84) lies in: none outside the town, more than one where areas overlap."""
    candidates = db.session.scalars(around_point(lon, lat))
    return [area for area in candidates if geo.contains(area.boundary["coordinates"], lon, lat)]
