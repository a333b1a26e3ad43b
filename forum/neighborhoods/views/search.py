"""Areas, and the officers who serve them, as search finds and shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from forum.core.search import Found, Kind
from forum.extensions import db
from forum.neighborhoods import searched
from forum.neighborhoods.models import Neighborhood
from forum.neighborhoods.queries import listed


def load_areas(_viewer: Any, ids: Sequence[int]) -> dict[int, Found]:
    """These areas; everybody sees each."""
    return {
        area.id: Found(url=_url(area), title=area.name)
        for area in db.session.scalars(listed().where(Neighborhood.id.in_(ids)))
    }


def load_officers(_viewer: Any, ids: Sequence[int]) -> dict[int, Found]:
    """Those of these people whom an area's page shows, with the way there."""
    areas = searched.areas_of_officers(ids)
    return {
        person.id: Found(
            url=_url(areas[person.id][0]) + "#officers",
            title=person.name,
            meta=tuple(part for part in (person.title, _served(areas[person.id])) if part),
        )
        for person in db.session.scalars(searched.officers(ids))
        if person.id in areas
    }


def _url(area: Neighborhood) -> str:
    return url_for("neighborhoods.neighborhood", slug=area.slug)


def _served(areas: Sequence[Neighborhood]) -> str:
    others = len(areas) - 1
    if not others:
        return areas[0].name
    return ngettext(
        "%(area)s and %(num)s other area", "%(area)s and %(num)s other areas", others, area=areas[0].name
    )


AREAS = Kind(
    word="neighborhood",
    label=_l("Neighborhoods"),
    one=_l("Neighborhood"),
    entries=searched.area_entries,
    ids=searched.area_ids,
    load=load_areas,
)
OFFICERS = Kind(
    word="person",
    label=_l("Officers"),
    one=_l("Officer"),
    entries=searched.officer_entries,
    ids=searched.officer_ids,
    load=load_officers,
)
