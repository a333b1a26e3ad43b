"""Loads the demonstration town: areas, people, the calendar, and what happens in it.

Every step looks first for what is there, so a loading that was interrupted is finished by the next; the last thing
made (`scenes.LAST`) says that the town is whole.
"""

# The heavy modules are imported when the town is loaded, and not at every start: is_loaded() is asked each time.
from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import exists, select

from forum.core import clock, search
from forum.core.transactions import operation, unit_of_work
from forum.events.models import Event
from forum.extensions import db

if TYPE_CHECKING:
    from forum.accounts.models import Person
    from forum.demo.calendar import Calendar
    from forum.events.importing.model import ImportedEvent

Progress = Callable[[int, int, str], None]
SOURCE = "chicago"


@dataclass(frozen=True)
class Hand:
    """Whoever acts, by id alone: a person read in one unit of work is not to be used in the next."""

    id: int | None


def silent(_done: int, _total: int, _text: str) -> None:
    """Says nothing."""


def is_loaded() -> bool:
    """Whether the town is there, and whole."""
    return bool(db.session.scalar(select(exists().where(Event.source_key == "town:draft"))))


def load(progress: Progress = silent, calendar: Calendar | None = None) -> Calendar:
    """Load what is not there yet; returns the calendar with its reports. Needs an application context.

    `calendar` is that of today unless another one is given.
    """
    from forum.demo.calendar import calendar_for

    progress(0, 1, "Reading the city's calendar")
    calendar = calendar or calendar_for(clock.today(), weeks_begun())
    progress(1, 1, "Reading the city's calendar")
    with search.postponed():
        _load(calendar, progress)
    progress(1, 1, "Answers")
    return calendar


def _load(calendar: Calendar, progress: Progress) -> None:
    from forum.demo import people, scenes
    from forum.events.importing.apply import apply_plan
    from forum.events.importing.plan import plan_import

    _load_areas(progress)
    hashed = people.hashes(people.ready_accounts(current_app.config["FORUM"].instance_dir))
    with unit_of_work():
        cast = people.add_cast(hashed)
        officers = people.add_district_officers(cast["administrator"], cast)
        progress(len(cast) + len(officers), len(cast) + len(officers), "People")
        add_beats(calendar.events, officers, cast["administrator"])
        hand = Hand(cast["administrator"].id)
    plan = plan_import(calendar.events, source=SOURCE)
    apply_plan(plan, actor=hand, progress=progress, what="Meetings")
    if not is_loaded():
        with unit_of_work():
            scenes.play(people.add_cast({}))


def weeks_begun() -> int | None:
    """By how many weeks an interrupted loading shifted the calendar: the next day another number would be due."""
    from forum.demo import queries
    from forum.demo.calendar import weeks_since

    begun = queries.some_single(f"{SOURCE}:")
    return weeks_since(begun[0].removeprefix(f"{SOURCE}:"), begun[1]) if begun else None


def _load_areas(progress: Progress) -> None:
    from forum.core import geo
    from forum.demo.calendar import boundaries
    from forum.neighborhoods.operations import import_neighborhoods

    features = geo.read_features(json.loads(boundaries()))
    with unit_of_work():
        import_neighborhoods(actor=None, features=features)
    progress(len(features), len(features), "Neighborhoods")


@operation
def add_beats(events: Iterable[ImportedEvent], officers: dict[int, Person], administrator: Person) -> None:
    """A beat for each number that a meeting names; it serves the neighborhoods where its meetings are."""
    from forum.demo import queries
    from forum.neighborhoods.operations import set_beat

    areas = {name: area.id for name, area in queries.neighborhoods().items()}
    where: dict[str, tuple[int, set[str]]] = {}
    for event in events:
        for beat in event.beats:
            where.setdefault(beat, (event.district or 0, set()))[1].update(event.neighborhoods)
    there = queries.beat_codes()
    for code, (district, names) in sorted(where.items()):
        short = code.lstrip("0")
        if short not in there:
            serving = (officers[district].id,) if district in officers else ()
            set_beat(
                actor=administrator,
                code=short,
                neighborhood_ids=sorted(areas[name] for name in names),
                officer_ids=serving,
            )
