"""A concern arrives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from forum.audit.operations import Actor, record
from forum.concerns.acts import ConcernAct
from forum.concerns.models import (
    About,
    Author,
    Category,
    Concern,
    Identity,
    Mode,
    Source,
    Status,
)
from forum.concerns.operations.keeping import Pictures, check_pictures, keep_pictures, midnight
from forum.concerns.operations.naming import keep_from_named
from forum.concerns.operations.numbering import insert_concern, insert_entry
from forum.concerns.operations.telling import tell_arrival
from forum.concerns.operations.timing import first_due
from forum.concerns.policy import IN_DAYS
from forum.concerns.queries.clocks import Promise, promise_now
from forum.concerns.queries.search import entry_of
from forum.concerns.receipts import code_hash, is_code
from forum.core import clock, search
from forum.core.db import row_id
from forum.core.errors import Refusal
from forum.core.inserting import insert_row
from forum.core.transactions import operation
from forum.extensions import db

LONGEST_STORY = 20_000


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Who raises it, where they said so. *person_id* is their account's."""

    person_id: int | None = None
    name: str = ""
    email: str = ""
    phone: str = ""

    @property
    def is_anybody(self) -> bool:
        return any((self.person_id, self.name, self.email, self.phone))


@dataclass(frozen=True, kw_only=True)
class Told:
    """What somebody tells the agency. *pictures*: each with what it shows."""

    mode: Mode
    category: Category
    title: str
    story: str
    about: About = About.TOWN
    happened: str = ""
    neighborhood_id: int | None = None
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    language: str = "en"
    interpreter: bool = False
    pictures: Pictures = field(default=())


class CategoryChanged(Refusal):
    """The category that a form was checked by is not what it was. Nothing is written; read it again and check."""

    def __init__(self) -> None:
        super().__init__(_("What this is about was changed meanwhile. Please send it again."), "category")


@operation
def submit_concern(
    *,
    told: Told,
    code: str,
    contact: Contact | None = None,
    source: Source = Source.SITE,
    staff: Actor | None = None,
) -> Concern:
    """Keep a concern under the receipt *code* that its form carried; the same code again is the same concern.

    *contact* is dropped, whatever it holds, when the mode is anonymous; *staff* is who wrote it down for somebody.
    The category that was *told* may have been read at any time: CategoryChanged where it is not that any more. Refusal
    for a code that is none of ours, empty words, half a place, or a public concern about an officer.
    """
    if not is_code(code):
        raise Refusal(_("This form is incomplete. Nothing was lost: please send it again."), "code")
    held = _arrived(told, code_hash(code), source, staff)
    promise = promise_now(held["category_id"])  # the first question of all: the lock begins with it
    if promise is None or _differs(told.category, promise):
        raise CategoryChanged
    _check(told)
    due = first_due(told.mode, told.about, held["arrived_at"], promise)
    concern, is_new = insert_concern(**held, **due)
    if not is_new:  # the same form, sent before or at this very moment
        return concern
    if told.mode is not Mode.ANONYMOUS and contact is not None and contact.is_anybody:
        insert_row(Identity, concern_id=concern.id, **contact.__dict__)
    _begin_thread(concern, Author.PERSON if staff is None else Author.STAFF)
    keep_pictures(concern, told.pictures)
    keep_from_named(concern, told.title, told.story, told.place, told.happened)
    if concern.entered:
        _record(concern, staff)
    tell_arrival(concern)
    return concern


def _arrived(told: Told, hashed: str, source: Source, staff: Actor | None) -> dict[str, Any]:
    """What its row holds as it comes. Where only days may be known, a later morning enters it into the ledger."""
    days = told.mode in IN_DAYS
    arrived = midnight() if days else clock.now()
    return {
        "code_hash": hashed, "mode": told.mode, "about": told.about, "source": source,
        "category_id": row_id(told.category), "title": told.title, "story": told.story, "happened": told.happened,
        "neighborhood_id": told.neighborhood_id, "place": told.place, "latitude": told.latitude,
        "longitude": told.longitude, "language": told.language, "interpreter": told.interpreter,
        "arrived_at": arrived, "changed_at": arrived, "public_changed_at": clock.day_ends(arrived),
        "stirred_on": clock.today() if days else None, "status": Status.RECEIVED, "withheld": False,
        "entered": not days, "entered_by_id": None if staff is None else row_id(staff),
    }  # fmt: skip


def _differs(category: Category, promise: Promise) -> bool:
    """Whether what forms and receipts say by *category* does not hold now."""
    return promise.retired or any(
        getattr(category, name) != getattr(promise, name) for name in ("concerns_staff", "answer_hours")
    )


def _begin_thread(concern: Concern, author: Author) -> None:
    """The first entry: that it came, at the moment that its mode keeps, also of what staff wrote down."""
    insert_entry(
        concern_id=concern.id, number=1, author=author, staff_id=concern.entered_by_id, at=concern.arrived_at,
        status=Status.RECEIVED, public=concern.mode is Mode.PUBLIC,
    )  # fmt: skip
    if concern.mode is Mode.PUBLIC:
        search.put("concern", entry_of(concern))


def enter(concern: Concern) -> None:
    """Write the arrival into the ledger, once a later day has come: whose it is stands nowhere in it."""
    concern.entered = True
    db.session.flush()
    _record(concern, None)


def _record(concern: Concern, staff: Actor | None) -> None:
    record(
        actor=staff,
        act=ConcernAct.CONCERN_ENTER,
        subject=concern,
        mode=str(concern.mode),
        source=str(concern.source),
    )


def _check(told: Told) -> None:
    if not told.title.strip():
        raise Refusal(_("Give it a short title."), "title")
    if not told.story.strip():
        raise Refusal(_("Tell us what happened, in your own words."), "story")
    if len(told.story) > LONGEST_STORY:
        raise Refusal(_("Use at most %(most)s characters.", most=LONGEST_STORY), "story")
    if (told.latitude is None) != (told.longitude is None):
        raise Refusal(_("A point on the map needs both numbers. You can also leave it out."), "place")
    if told.about is not About.TOWN and told.mode is Mode.PUBLIC:
        raise Refusal(
            _("What is about an officer is never shown in public. Choose another way to send it."), "mode"
        )
    check_pictures(told.pictures)
