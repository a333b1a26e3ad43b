"""A small town for the stories: two neighborhoods, a few meetings, one of them full, and its officers."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from forum.accounts.models import Person, Role
from forum.events.models import Answer
from forum.events.operations.events import cancel_event
from forum.events.operations.rsvp import answer
from forum.extensions import db
from tests.factories import accounts, events, neighborhoods
from tests.servers import wait_until
from tests.servers.town import Town

STORY = """Officers of the beat and neighbors talk about what happened last month and what comes next.

* Lights on Kedzie Avenue
* The park after dark
"""


@dataclass(frozen=True)
class Scene:
    """Ids and addresses of what stories are about."""

    people: dict[str, int]
    open_event: str
    series: str
    full_event: str
    cancelled: str
    holder: int  # whose giving up frees the full event's place
    full_id: int
    area: str


def make_scene() -> Scene:
    """Call inside a unit of work."""
    people = {str(role): accounts.person(role, name=f"Alex {role}".title()).id for role in Role}
    area = neighborhoods.neighborhood("Logan Square", west=-87.72, south=41.92)
    other = neighborhoods.neighborhood("Avondale", west=-87.72, south=41.94)
    officer = db.session.get_one(Person, people["officer"])
    officer.title, officer.public_contact = "Beat sergeant, 14th District", "caps.014@example.org"
    neighborhoods.beat("1413", neighborhoods=[area, other], officers=[officer])
    about = {"story": STORY, "neighborhood_ids": (area.id,), "contact_email": "caps.014@example.org"}
    first = events.event(
        title="Coffee with your beat officers", kind="coffee", starts_local=events.evening(3, 9), **about
    )
    series = events.event(
        title="Beat 1413 meeting", starts_local=events.evening(5), rrule="FREQ=WEEKLY;COUNT=6", capacity=40,
        interpreter="Spanish", step_free=True, **about,
    )  # fmt: skip
    full = events.event(title="Ride-along evening", starts_local=events.evening(6), capacity=1, **about)
    holder = accounts.person(name="Pat Holder")
    answer(actor=holder, occurrence=full.occurrences[0], answer=Answer.GOING)
    off = events.event(title="Bicycle safety afternoon", starts_local=events.evening(8, 15), **about)
    cancel_event(actor=None, event=off, reason="The school is closed that day.")
    pages = [f"/events/{event.id}-{event.slug}" for event in (first, series, full, off)]
    return Scene(people, *pages, holder=holder.id, full_id=full.id, area=area.slug)


class Mailbox:
    """The letters that a site without a mail server wrote to its folder."""

    def __init__(self, town: Town) -> None:
        self.folder = town.site.instance / "mail"

    def wait_for(self, address: str, words: str) -> EmailMessage:
        """The letter to *address* whose subject or text holds *words*."""
        wait_until(lambda: self._find(address, words) is not None, what=f"a letter to {address}: {words}")
        found = self._find(address, words)
        assert found is not None
        return found

    def _find(self, address: str, words: str) -> EmailMessage | None:
        for path in sorted(self.folder.glob("*.eml")):
            letter = read(path)
            if address in str(letter["To"]) and words in str(letter["Subject"]) + text_of(letter):
                return letter
        return None


def read(path: Path) -> EmailMessage:
    letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(letter, EmailMessage)
    return letter


def text_of(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    return str(part.get_content()) if part is not None else ""


def link_in(letter: EmailMessage) -> str:
    """The first address in the letter, as a path."""
    found = re.search(r"https?://[^/\s]+(/\S+)", text_of(letter))
    assert found, text_of(letter)
    return found[1]
