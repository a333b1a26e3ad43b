"""The thread of one concern, in the order it was written."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload

from forum.accounts.models import Person
from forum.concerns.models import Concern, ConcernPicture, Entry, Identity, Note, Status


def entries_of(concern: Concern) -> Select[Entry]:
    """What its person sees, oldest first, with who of staff wrote."""
    return (
        select(Entry)
        .where(Entry.concern_id == concern.id)
        .options(joinedload(Entry.staff).load_only(Person.name, Person.title, Person.role))
        .order_by(Entry.number)
    )


def public_entries_of(concern: Concern) -> Select[Entry]:
    """What everybody sees of a public concern, oldest first: words that are public, and every step that it took."""
    return entries_of(concern).where(shown_to_all())


def shown_to_all() -> ColumnElement[bool]:
    """The condition under which a step of a public concern is everybody's. Of one that is not public its words are
    not: that a person disputed a closing is history, why they did is theirs."""
    return or_(Entry.public, Entry.status.is_not(None))


def notes_of(concern: Concern) -> Select[Note]:
    """What staff wrote for each other, oldest first. For the desk's pages alone."""
    return (
        select(Note)
        .where(Note.concern_id == concern.id)
        .options(joinedload(Note.author).load_only(Person.name))
        .order_by(Note.at, Note.id)
    )


def pictures_of(concern: Concern) -> Select[ConcernPicture]:
    """Its pictures, in the order they were sent."""
    return (
        select(ConcernPicture)
        .where(ConcernPicture.concern_id == concern.id)
        .order_by(ConcernPicture.position, ConcernPicture.id)
    )


def picture_named(concern: Concern, name: str) -> Select[ConcernPicture]:
    """The picture of this concern whose file has that name."""
    return pictures_of(concern).where(ConcernPicture.name == name)


def identity_of(concern: Concern) -> Select[Identity]:
    """Who raised it. Whoever calls has asked the policy."""
    return select(Identity).where(Identity.concern_id == concern.id)


def entry_by_key(key: str | None) -> Select[Entry]:
    """The entry that the form of this *key* made when it was sent before."""
    return select(Entry).where(Entry.key == key, Entry.key.is_not(None))


def closing_of(concern: Concern) -> Select[Entry]:
    """The steps that closed it, the latest first."""
    return (
        select(Entry)
        .where(Entry.concern_id == concern.id, Entry.status == Status.CLOSED)
        .order_by(Entry.number.desc())
    )


def last_number(concern_id: int) -> Select[int]:
    """The number of the last entry, 0 when there is none."""
    return select(func.coalesce(func.max(Entry.number), 0)).where(Entry.concern_id == concern_id)


def closing_entry_of(concern_id: int) -> Select[Entry]:
    """The last closing of a concern."""
    return (
        select(Entry)
        .where(Entry.concern_id == concern_id, Entry.status == Status.CLOSED)
        .order_by(Entry.number.desc())
        .limit(1)
    )
