"""Areas, and who works here, as search finds and shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from forum.accounts.models import Person
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


def load_staff(_viewer: Any, ids: Sequence[int]) -> dict[int, Found]:
    """Those of these people who work here, with the way to the area that they serve, or to their own page."""
    areas = searched.areas_of_officers(ids)
    return {
        person.id: _found(person, areas.get(person.id, []))
        for person in db.session.scalars(searched.staff(ids))
    }


def _found(person: Person, areas: Sequence[Neighborhood]) -> Found:
    url = _url(areas[0]) + "#officers" if areas else url_for("discussions.person", person_id=person.id)
    # Their title is the text of the entry, which is shown as a piece of it.
    return Found(url=url, title=person.name, meta=(_served(areas),) if areas else ())


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
STAFF = Kind(
    word="person",
    label=_l("Staff"),
    one=_l("Staff"),
    entries=searched.staff_entries,
    ids=searched.staff_ids,
    load=load_staff,
)
