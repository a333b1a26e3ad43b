"""What search keeps of concerns: those that everybody reads, and nothing of any other, not even that it is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, load_only

from forum.concerns.models import Category, Concern, Entry
from forum.concerns.queries.sight import listed
from forum.core import clock, search
from forum.extensions import db
from forum.neighborhoods.models import Neighborhood


def all_ids() -> list[int]:
    """Every public concern's id."""
    return list(db.session.scalars(select(Concern.id).where(listed()).order_by(Concern.id)))


def entries(ids: Sequence[int]) -> Iterator[search.Entry]:
    """What is to be found of those of these that are public, with what was answered for everybody to read.

    The moment is the beginning of the day: a search is kept by others too, and nobody is to know the minute.
    """
    said: dict[int, list[str]] = {}
    public = select(Entry.concern_id, Entry.text).where(
        Entry.concern_id.in_(ids), Entry.public, Entry.text != ""
    )
    for concern_id, text in db.session.execute(public.order_by(Entry.concern_id, Entry.number)):
        said.setdefault(concern_id, []).append(text)
    columns = (
        Concern.title, Concern.story, Concern.place, Concern.arrived_at, Concern.neighborhood_id, Concern.language,
    )  # fmt: skip
    wanted = select(Concern).where(Concern.id.in_(ids), listed()).options(load_only(*columns))
    for concern in db.session.scalars(wanted):
        yield entry_of(concern, said.get(concern.id, ()))


def entry_of(concern: Concern, said: Sequence[str] = ()) -> search.Entry:
    """What is to be found of a public *concern*, to which *said* was answered."""
    return search.Entry(
        subject_id=concern.id,
        title=concern.title,
        text=" · ".join(part for part in (concern.place, concern.story, *said) if part),
        at=_day(concern.arrived_at),
        neighborhood_ids=() if concern.neighborhood_id is None else (concern.neighborhood_id,),
        language=concern.language,
    )


def found(ids: Sequence[int]) -> Select[Concern]:
    """Those of these that everybody reads, with what a line about each shows."""
    return (
        select(Concern)
        .where(Concern.id.in_(ids), listed())
        .options(
            load_only(Concern.reference, Concern.title, Concern.status, Concern.place),
            joinedload(Concern.category).load_only(Category.names),
            joinedload(Concern.neighborhood).load_only(Neighborhood.name),
        )
    )


def _day(moment: datetime) -> datetime:
    return clock.to_utc(datetime.combine(clock.to_local(moment).date(), time()), clock.agency_zone())
