"""What a visitor of the demonstration should find: a full event with a line, a cancelled and a moved date, and more.

All on events that lie ahead, by the hands that would do it: the officer edits, moves and cancels, residents answer.
"""

from __future__ import annotations

import random
from dataclasses import fields, replace
from datetime import datetime, timedelta

from forum.accounts.models import Person
from forum.core import clock
from forum.core.transactions import operation
from forum.demo import after, pressed, queries, ruled, talking, worries
from forum.demo.people import CAST
from forum.events.importing.plan import surroundings
from forum.events.models import Answer, Event, Occurrence, RsvpPolicy
from forum.events.operations.details import EventDetails
from forum.events.operations.events import create_event, edit_event
from forum.events.operations.occurrences import cancel_occurrence, move_occurrence
from forum.events.operations.rsvp import answer
from forum.neighborhoods.operations.follows import follow

LAST = "town:draft"
"""The key of what is made last: where it is, the town is whole."""
GUESTS = tuple(part.mailbox for part in CAST if part.follows)


@operation
def play(people: dict[str, Person]) -> None:
    """Every scene, in one unit of work, and the draft that says that the town is whole."""
    chance = random.Random(312)  # noqa: S311 - who answers what is to be the same in every town
    areas = queries.neighborhoods()
    for part in CAST:
        if part.follows:
            follow(actor=people[part.mailbox], neighborhoods=[areas[name] for name in part.follows])
    taken = _full_event(people)
    taken.add(_with_interpreter(people))
    taken.add(_moved_date(people, taken))
    taken.add(_cancelled_date(people, taken))
    _answers(people, taken, chance)
    after.play(people)
    worries.play(people)
    talking.play(people)
    pressed.play(people)
    ruled.play(people)
    _draft(people["officer"])


def _ahead(days: int) -> datetime:
    return clock.now() + timedelta(days=days)


def _full_event(people: dict[str, Person]) -> set[int]:
    """Twelve places, one of them just offered to the second resident, and three parties in line, one the resident."""
    occurrence = queries.upcoming(
        _ahead(6), kinds=("open-training", "community-service", "coffee"), series=False
    )[0]
    officer = people["officer"]
    _edit(officer, occurrence.event, capacity=12, rsvp_policy=RsvpPolicy.REQUIRED, step_free=True)
    sizes = (2, 1, 3, 1, 2, 1, 2)
    others = [mailbox for mailbox in GUESTS if mailbox not in ("resident", "resident2")]
    for mailbox, size in zip(others, sizes, strict=False):
        answer(actor=people[mailbox], occurrence=occurrence, answer=Answer.GOING, party_size=size)
    line = (("resident2", 1), (others[len(sizes)], 2), ("resident", 1), (others[len(sizes) + 1], 2))
    for mailbox, size in line:
        answer(actor=people[mailbox], occurrence=occurrence, answer=Answer.GOING, party_size=size)
    answer(actor=people[others[1]], occurrence=occurrence, answer=Answer.NOT_GOING)
    return {occurrence.event_id}


def _with_interpreter(people: dict[str, Person]) -> int:
    """A town hall that says how to get in, who watches the children and which languages are spoken."""
    event = queries.upcoming(_ahead(4), kinds=("town-hall",), most=1)[0].event
    _edit(
        people["officer"],
        event,
        interpreter="Spanish, Polish",
        childcare=True,
        step_free=True,
        quiet_space=True,
        transit="Two minutes from the bus stop at the corner; bicycle racks at the door.",
    )
    return event.id


def _moved_date(people: dict[str, Person], taken: set[int]) -> int:
    occurrence = _series_date(5, taken)
    answer(actor=people["resident"], occurrence=occurrence, answer=Answer.GOING, party_size=2)
    starts = _local(occurrence) + timedelta(days=1)
    move_occurrence(
        actor=people["officer"],
        occurrence=occurrence,
        starts_local=starts,
        ends_local=starts + timedelta(minutes=occurrence.event.minutes),
        reason="The room is needed for early voting that evening.",
    )
    return occurrence.event_id


def _cancelled_date(people: dict[str, Person], taken: set[int]) -> int:
    occurrence = _series_date(7, taken)
    answer(actor=people["resident2"], occurrence=occurrence, answer=Answer.GOING)
    reason = "The building's heating is being repaired. The next meeting takes place as planned."
    cancel_occurrence(actor=people["officer"], occurrence=occurrence, reason=reason)
    return occurrence.event_id


def _series_date(days: int, taken: set[int]) -> Occurrence:
    found = queries.upcoming(_ahead(days), kinds=("beat-meeting",), series=True, most=40)
    return next(occurrence for occurrence in found if occurrence.event_id not in taken)


def _local(occurrence: Occurrence) -> datetime:
    return clock.to_local(occurrence.starts_at, occurrence.event.tz).replace(tzinfo=None)


def _answers(people: dict[str, Person], taken: set[int], chance: random.Random) -> None:
    """Everybody answers some of what comes next where they live, and now and then elsewhere."""
    soon = queries.upcoming(_ahead(1), most=60)
    for part in CAST:
        if not part.follows:
            continue
        near = queries.upcoming(_ahead(1), areas=part.follows, most=6)
        chosen = {
            occurrence.id: occurrence for occurrence in (*near[:4], *chance.sample(soon, min(2, len(soon))))
        }
        for occurrence in chosen.values():
            if occurrence.event_id not in taken:
                said = chance.choices((Answer.GOING, Answer.MAYBE, Answer.NOT_GOING), (6, 3, 1))[0]
                answer(
                    actor=people[part.mailbox],
                    occurrence=occurrence,
                    answer=said,
                    party_size=chance.choice((1, 1, 2, 3)),
                )


def _edit(officer: Person, event: Event, **changes: object) -> None:
    edit_event(actor=officer, event=event, details=replace(details_of(event), **changes))  # type: ignore[arg-type]


def details_of(event: Event) -> EventDetails:
    """`event` as an operation takes it."""
    starts = event.starts_local
    taken = {
        part.name: getattr(event, part.name) for part in fields(EventDetails) if hasattr(Event, part.name)
    }
    taken |= {
        "ends_local": starts + timedelta(minutes=event.minutes),
        "neighborhood_ids": tuple(area.id for area in event.neighborhoods),
        "extra_starts": tuple(datetime.fromisoformat(text) for text in event.extra_starts),
        "skipped_starts": tuple(datetime.fromisoformat(text) for text in event.skipped_starts),
    }
    return EventDetails(**{name: value for name, value in taken.items() if name != "minutes"})


def _draft(officer: Person) -> None:
    """On the desk, seen by nobody else yet."""
    around = surroundings()
    evening = datetime.combine(clock.today() + timedelta(days=24), datetime.min.time()).replace(
        hour=18, minute=30
    )
    create_event(
        actor=officer,
        source_key=LAST,
        details=EventDetails(
            title="Block club workshop: how to start one",
            kind_id=around.kinds["open-training"],
            zone=str(clock.agency_zone()),
            starts_local=evening,
            ends_local=evening + timedelta(hours=1, minutes=30),
            story="For neighbors who want to begin a **block club**: what it is, what it is not, and how to start.\n\n"
            "Still to settle: the room, and who interprets.",
            neighborhood_ids=(around.neighborhoods["west town"],),
            hosts="12th District community policing office",
            contact_phone="312-555-0112",
            contact_email="district12@example.org",
            capacity=25,
        ),
    )
