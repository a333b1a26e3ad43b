"""Which other accounts may be the same person's: a hint to who moderates, with its reason, and never more than that.

Three things are looked at, and all of them are there for another purpose already: mailboxes that differ by a word
behind a plus alone, the very same text under another name, and, beside one of those, two accounts made within minutes.
No address of a device, no sign-in and no concern is read. Whoever writes under «Resident of» has no hints, and only
names that the moderator reads in the forums anyway can be one.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import Select, or_, select

from forum.accounts.models import STAFF, Person
from forum.extensions import db
from forum.moderation import registry
from forum.moderation.policy import Viewer, can_see_hints
from forum.moderation.registry import Thing

MINUTES = timedelta(minutes=10)


class Sign(StrEnum):
    """Why two accounts may be one person's. Sorted."""

    MADE_TOGETHER = "made_together"
    SAME_MAILBOX = "same_mailbox"
    SAME_TEXT = "same_text"


@dataclass(frozen=True)
class Hint:
    """An account that may be the same person's, and why."""

    person_id: int
    name: str
    signs: tuple[Sign, ...]


def hints_for(viewer: Viewer, thing: Thing) -> list[Hint]:
    """Other accounts that may be whoever wrote *thing*, by name; nothing for who may not see that."""
    if thing.author_id is None or not can_see_hints(viewer, thing.author_id, veiled=thing.veiled):
        return []
    author = db.session.get(Person, thing.author_id)
    if author is None or author.is_staff or author.erased_at is not None:
        return []
    mailbox = {person.id for person in db.session.scalars(same_mailbox(author))}
    text = registry.authors.same_text(thing)
    shown = registry.authors.seen(viewer, mailbox | text) - {author.id}
    return [
        Hint(person.id, person.name, _signs(author, person, mailbox, text))
        for person in db.session.scalars(_people(shown))
    ]


def same_mailbox(person: Person) -> Select[Person]:
    """Others whose mail goes to the same box: the address without what stands behind a plus is the same."""
    local, _at, domain = person.email_folded.rpartition("@")
    box = local.partition("+")[0]
    plain = Person.email_folded == f"{box}@{domain}"
    plus = Person.email_folded.startswith(f"{box}+", autoescape=True)
    there = Person.email_folded.endswith(f"@{domain}", autoescape=True)
    return select(Person).where(Person.id != person.id, or_(plain, plus & there)).limit(20)


def _people(ids: Collection[int]) -> Select[Person]:
    wanted = Person.id.in_(ids), Person.role.not_in(STAFF), Person.erased_at.is_(None)
    return select(Person).where(*wanted).order_by(Person.name, Person.id)


def _signs(
    author: Person, other: Person, mailbox: Collection[int], text: Collection[int]
) -> tuple[Sign, ...]:
    found = [
        (Sign.SAME_MAILBOX, other.id in mailbox),
        (Sign.SAME_TEXT, other.id in text),
        (Sign.MADE_TOGETHER, abs(author.created_at - other.created_at) <= MINUTES),
    ]
    return tuple(sign for sign, holds in found if holds)
