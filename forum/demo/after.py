"""What came of a meeting, and who helps at the next one: minutes, promises, feedback, shifts."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import zip_longest

from forum.accounts.models import Person
from forum.core import clock
from forum.core.transactions import operation
from forum.demo import queries
from forum.events.models import Occurrence, Verdict
from forum.events.operations.door import count_people
from forum.events.operations.feedback import give_feedback, new_key
from forum.events.operations.minutes import ItemDetails, add_item, change_item, publish_minutes, write_minutes
from forum.events.operations.shifts import ShiftDetails, add_helper, add_shift, take_shift

MINUTES = """Twenty-three neighbors came, four of them for the first time.

* **Speeding on the side streets.** Most of it between four and six in the afternoon. The beat car will \
stand there on three afternoons; we look at the numbers together at the next meeting.
* **The lamp at the corner by the playground** has been dark since August. The city has the request; we ask again.
* **Packages taken from porches.** Ask for delivery to the store at the corner, which offered to hold them.

The question why nobody answered the two calls on a Saturday night stays open; the answer comes at the next meeting.
"""
SAID = (
    "Begin half an hour later, please. Some of us come from work.",
    "More time for questions, fewer slides.",
    "The microphone! In the back one heard nothing.",
    "",
    "Good that you came back with answers to what we asked in spring.",
    "Have somebody who speaks Polish.",
)
WORTH = (
    Verdict.YES,
    Verdict.YES,
    Verdict.PARTLY,
    Verdict.YES,
    Verdict.NO,
    Verdict.YES,
    Verdict.PARTLY,
    Verdict.YES,
)
HEARD = (
    Verdict.PARTLY,
    Verdict.YES,
    Verdict.PARTLY,
    Verdict.PARTLY,
    Verdict.NO,
    Verdict.YES,
    Verdict.YES,
    Verdict.YES,
)


@operation
def play(people: dict[str, Person]) -> None:
    """Both scenes; neither, where the calendar has no meeting of that kind at the time."""
    _a_meeting_that_was(people["officer"])
    _a_project_with_shifts(people)


def _a_meeting_that_was(officer: Person) -> None:
    """Minutes with one promise that was kept and two that are open, and eight answers that nobody signed."""
    since = clock.now() - timedelta(days=9)
    found = queries.upcoming(since, kinds=("beat-meeting",), series=True, most=60)
    meeting = next((each for each in reversed(found) if each.ends_at < clock.now()), None)
    if meeting is None:
        return
    count_people(actor=officer, occurrence=meeting, people=23)
    write_minutes(actor=officer, occurrence=meeting, text=MINUTES, shows_attendance=True)
    held = meeting.original_date
    _promise(
        officer, meeting, "Ask the city again about the lamp by the playground", held + timedelta(days=14)
    )
    _promise(
        officer, meeting, "Say why two calls on a Saturday night had no answer", held + timedelta(days=28)
    )
    kept = ItemDetails(
        "Ask the store at the corner whether it holds packages", "Beat team", held + timedelta(days=1)
    )
    item = add_item(actor=officer, occurrence=meeting, details=kept)
    done = ItemDetails(
        kept.text, kept.owner, kept.due_on, done_on=held, outcome="It does, until eight in the evening."
    )
    change_item(actor=officer, item=item, details=done)
    publish_minutes(actor=officer, occurrence=meeting)
    for worth, heard, said in zip_longest(WORTH, HEARD, SAID, fillvalue=""):
        give_feedback(
            occurrence=meeting,
            key=new_key(meeting.id),
            worth=Verdict(worth),
            heard=Verdict(heard),
            change=str(said),
        )


def _promise(officer: Person, meeting: Occurrence, text: str, due: date) -> None:
    add_item(actor=officer, occurrence=meeting, details=ItemDetails(text, "Beat team", due))


def _a_project_with_shifts(people: dict[str, Person]) -> None:
    """Hands wanted: one shift full, one with room, and a resident in one of them."""
    found = queries.upcoming(
        clock.now() + timedelta(days=2), kinds=("community-service",), series=False, most=1
    )
    for meeting in found:
        zone = meeting.event.tz
        start, end = (
            clock.to_local(at, zone).replace(tzinfo=None) for at in (meeting.starts_at, meeting.ends_at)
        )
        officer, middle = people["officer"], start + (end - start) / 2
        early = ShiftDetails(
            "Set up tables and hand out gloves", start, middle, 2, "Shoes that may get dirty"
        )
        late = ShiftDetails("Sort, carry and sweep", middle, end, 8, "Gloves, if you have some; water")
        first = add_shift(actor=officer, occurrence=meeting, details=early)
        second = add_shift(actor=officer, occurrence=meeting, details=late)
        add_helper(actor=officer, shift=first, name="The block club’s treasurer")
        take_shift(actor=people["resident"], shift_id=first.id)
        take_shift(actor=people["resident2"], shift_id=second.id)
