"""A kind of thing to moderate, without a table: notes, kept in a dictionary that each test finds empty."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count

import sqlalchemy as sa

from forum.accounts.models import Person, Role, Visitor
from forum.core import clock
from forum.extensions import db
from forum.moderation import registry
from forum.moderation.models import Case, Decision, Measure, Recheck, Wave
from forum.moderation.operations.deciding import decide
from forum.moderation.operations.receiving import Held, receive
from forum.moderation.operations.reporting import report
from forum.moderation.operations.waves import hide_wave
from forum.moderation.queries import cases
from forum.moderation.registry import Moderated, Shown, Thing
from tests.factories.accounts import person

KIND = "note"
_numbers = count(1)


@dataclass
class Notes:
    """The notes there are, and how often each was shown again."""

    things: dict[int, Thing] = field(default_factory=dict)
    shown_again: list[int] = field(default_factory=list)

    def change(self, thing_id: int, shown: Shown) -> None:
        self.things[thing_id] = replace(self.things[thing_id], shown=shown)

    def show(self, thing_id: int) -> None:
        self.change(thing_id, Shown.SHOWN)
        self.shown_again.append(thing_id)

    def write(self, thing_id: int, text: str) -> None:
        self.things[thing_id] = replace(self.things[thing_id], text=text)

    def within(
        self, since: datetime, until: datetime, author_ids: Collection[int], limit: int
    ) -> list[Thing]:
        """Those of that time, of these authors or of all, the newest first."""
        found = [
            each
            for each in self.things.values()
            if since <= each.created_at <= until
            and each.shown in (Shown.HELD, Shown.SHOWN)
            and (not author_ids or (each.author_id in author_ids and not each.veiled))
        ]
        return sorted(found, key=lambda each: each.created_at, reverse=True)[:limit]

    def sees(self, viewer: Person | Visitor, thing_id: int) -> bool:
        return self.things[thing_id].shown is Shown.SHOWN


notes = Notes()


def register_notes() -> Notes:
    """Register the kind, with no note yet."""
    notes.things.clear()
    notes.shown_again.clear()
    registry.register(
        Moderated(
            kind=KIND,
            noun="note",
            load=notes.things.get,
            sees=notes.sees,
            hold=lambda thing_id: notes.change(thing_id, Shown.HELD),
            show=notes.show,
            hide=lambda thing_id, _rule: notes.change(thing_id, Shown.HIDDEN),
            give_back=lambda thing_id: notes.change(thing_id, Shown.GIVEN_BACK),
            replace_text=notes.write,
            load_many=lambda ids: {each: notes.things[each] for each in ids if each in notes.things},
            within=notes.within,
        )
    )
    return notes


def note(author: Person | None, text: str = "The park is dark at night.", **columns: object) -> Thing:
    """A note that others read."""
    number = next(_numbers)
    given = {
        "author_name": author.name if author else "Somebody", "title": "", "url": "/rules", "edit_url": "/rules",
        "created_at": clock.now(), **columns,
    }  # fmt: skip
    made = Thing(kind=KIND, id=number, author_id=author.id if author else None, text=text, **given)  # type: ignore[arg-type]
    notes.things[number] = made
    return made


def received(
    thing: Thing, author: Person | None, *, edited: bool = False, posts_before: int = 9
) -> Held | None:
    """What filters make of *thing*."""
    return receive(kind=KIND, thing_id=thing.id, author=author, edited=edited, posts_before=posts_before)


def note_of_filters(author: Person) -> Case:
    """A case that a filter opened, with a pause that another decision made: a row in every table."""
    thing = note(author, "Pat lives at 1420 West Elm Street.")
    received(thing, author)
    paused = reported_case(note(person()), person())
    decision(paused, person(Role.OFFICER), Measure.PAUSE)
    return case_of(thing)


def reported_case(thing: Thing, reporter: Person, rule_number: int = 3, words: str = "Look.") -> Case:
    """A case that a reader's report opened."""
    made = report(actor=reporter, kind=KIND, thing_id=thing.id, rule_number=rule_number, words=words)
    return db.session.get_one(Case, made.case_id)


def wave(officer: Person, *things: Thing, key: str = "wave") -> Wave:
    """These hidden with one press."""
    wanted = [(each.kind, each.id) for each in things]
    return hide_wave(actor=officer, key=key, things=wanted, rule_number=5, words="Again and again.")


def decision(case: Case, officer: Person, measure: Measure = Measure.HIDE, **given: object) -> Decision:
    """A decision of *officer*."""
    wanted = {"rule_number": 3, "words": "You called Pat a fool.", **given}
    if measure is Measure.PAUSE:
        wanted.setdefault("pause_days", 3)
    return decide(actor=officer, case=case, measure=measure, **wanted)  # type: ignore[arg-type]


def case_of(thing: Thing) -> Case:
    """The newest case of *thing*."""
    return db.session.scalars(cases.all_of(thing.kind, thing.id).limit(1)).one()


def recheck_of(made: Decision) -> Recheck:
    """*made* in the sample, whether chance has drawn it or not."""
    found = db.session.scalars(sa.select(Recheck).where(Recheck.decision_id == made.id)).one_or_none()
    if found is None:
        found = Recheck(decision_id=made.id)
        db.session.add(found)
        db.session.flush()
    return found
