"""What search keeps of areas and of who works here, whose names, titles and areas are public already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import load_only, selectinload

from forum.accounts.models import STAFF, Person
from forum.accounts.queries import working
from forum.core.search import Entry
from forum.extensions import db
from forum.neighborhoods.models import Beat, Neighborhood, beat_neighborhood, beat_officer
from forum.neighborhoods.queries import listed, possible_officers


def area_ids() -> list[int]:
    """Every area's id."""
    return list(db.session.scalars(sa.select(Neighborhood.id).order_by(Neighborhood.id)))


def area_entries(ids: Sequence[int]) -> Iterator[Entry]:
    """What is to be found of these areas: name, words, and the numbers of their beats."""
    wanted = (
        listed()
        .where(Neighborhood.id.in_(ids))
        .options(selectinload(Neighborhood.beats).load_only(Beat.code))
    )
    for area in db.session.scalars(wanted.execution_options(populate_existing=True)):
        beats = " ".join(beat.code for beat in area.beats)
        yield Entry(
            subject_id=area.id,
            title=area.name,
            text=" · ".join(part for part in (area.about, beats) if part),
            at=area.updated_at,
            neighborhood_ids=(area.id,),
        )


def staff_ids() -> list[int]:
    """The ids of everybody who works for the agency now."""
    return list(db.session.scalars(working(*STAFF).with_only_columns(Person.id)))


def staff_entries(ids: Sequence[int]) -> Iterator[Entry]:
    """What is to be found of these people: those who work here, by name and title."""
    areas = areas_of_officers(ids)
    wanted = staff(ids).options(load_only(Person.name, Person.title, Person.created_at))
    for person in db.session.scalars(wanted):
        yield Entry(
            subject_id=person.id,
            title=person.name,
            text=person.title,
            at=person.created_at,
            neighborhood_ids=tuple(area.id for area in areas.get(person.id, ())),
        )


def staff(ids: Sequence[int]) -> sa.Select[Person]:
    """Those of these people who work here."""
    return working(*STAFF).where(Person.id.in_(ids))


def areas_of_officers(ids: Sequence[int]) -> dict[int, list[Neighborhood]]:
    """The areas that each of these people serves, from A to Z, each once; of who may serve none, none."""
    may = possible_officers().order_by(None).with_only_columns(Person.id)
    rows = db.session.execute(
        sa.select(beat_officer.c.person_id, Neighborhood)
        .join(beat_neighborhood, beat_neighborhood.c.neighborhood_id == Neighborhood.id)
        .join(beat_officer, beat_officer.c.beat_id == beat_neighborhood.c.beat_id)
        .where(beat_officer.c.person_id.in_(ids), beat_officer.c.person_id.in_(may))
        .order_by(sa.func.lower(Neighborhood.name), Neighborhood.id)
    )
    found: dict[int, list[Neighborhood]] = {}
    for person_id, area in rows:
        if area not in found.setdefault(person_id, []):
            found[person_id].append(area)
    return found
