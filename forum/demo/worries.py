"""What worries the town's people, at every stage: new, answered, late, waiting, disputed, merged, kept from somebody.

Made by the operations that everyone uses; then each act is moved to the day when it is said to have happened, and the
clocks are reckoned from there.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from forum.accounts.models import Person
from forum.concerns.models import Category, Concern
from forum.concerns.operations.deciding import decide_dispute
from forum.concerns.operations.disputing import dispute_concern
from forum.concerns.operations.importing import redate_concern
from forum.concerns.operations.merging import merge_concern
from forum.concerns.operations.recusing import screen_concern
from forum.concerns.operations.speaking import write_again
from forum.concerns.operations.submitting import Contact, Told, submit_concern
from forum.concerns.operations.working import answer_concern, assign_concern, change_status, close_concern
from forum.concerns.policy import in_days
from forum.concerns.receipts import new_code
from forum.core import clock
from forum.core.transactions import operation
from forum.demo import phrases, queries
from forum.demo.raised import HOLDER, WORRIES, Said, Worry
from forum.neighborhoods.models import Neighborhood

NAMED = "officer"
"""Whom the complaint names: the officer who looks at the queue does not find it there."""


@operation
def play(people: dict[str, Person]) -> None:
    """Every worry, in one unit of work; nothing where there is one already."""
    if queries.has_concerns():
        return
    areas, kinds = queries.neighborhoods(), queries.categories()
    made: dict[str, Concern] = {}
    for worry in WORRIES:
        made[worry.key or worry.title] = _happen(worry, people, areas, kinds)
    phrases.play(people)
    merge_concern(actor=people["officer2"], concern=made["crossing too"], into=made["crossing"])


def _happen(
    worry: Worry, people: dict[str, Person], areas: dict[str, Neighborhood], kinds: dict[str, Category]
) -> Concern:
    area = areas.get(worry.area)
    told = Told(
        mode=worry.mode, category=kinds[worry.category], title=worry.title, story=worry.story, about=worry.about,
        neighborhood_id=None if area is None else area.id, place=worry.place, language=worry.language,
        interpreter=worry.interpreter,
    )  # fmt: skip
    contact = Contact(person_id=people[worry.who].id) if worry.who else None
    concern = submit_concern(told=told, code=new_code(), contact=contact, source=worry.source)
    if worry.key == "complaint":
        screen_concern(actor=people["reviewer"], concern=concern, named=[people[NAMED]])
    if worry.holder:
        assign_concern(actor=people["supervisor"], concern=concern, to=people[worry.holder])
    days = [worry.days]
    for said in worry.thread:
        by = worry.holder or "officer" if said.by == HOLDER else said.by
        _say(concern, replace(said, by=by), people)
        days.append(said.days)
    redate_concern(concern=concern, moments=_moments(concern, days))
    return concern


def _say(concern: Concern, said: Said, people: dict[str, Person]) -> None:
    if said.disputes:
        dispute_concern(concern=concern, words=said.text)
    elif said.outcome is not None:
        decide_dispute(actor=people[said.by], concern=concern, outcome=said.outcome, text=said.text)
    elif not said.by:
        write_again(concern=concern, text=said.text)
    elif said.closed_as is not None:
        close_concern(
            actor=people[said.by],
            concern=concern,
            closed_as=said.closed_as,
            text=said.text,
            evidence=said.evidence,
        )
    elif said.waits_for is not None or not said.text:
        assert said.status is not None
        change_status(
            actor=people[said.by],
            concern=concern,
            status=said.status,
            text=said.text,
            waits_for=said.waits_for,
        )
    else:
        answer_concern(actor=people[said.by], concern=concern, text=said.text, status=said.status)


def _moments(concern: Concern, days: list[float]) -> list[datetime]:
    """So many *days* ago; where only days may be known the beginning of that day."""
    found = [clock.now() - timedelta(days=ago) for ago in days]
    return [clock.day_begins(moment) for moment in found] if in_days(concern) else found
