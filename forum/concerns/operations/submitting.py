"""A concern arrives."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

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
from forum.concerns.operations.keeping import Pictures, add_entry, check_pictures, keep_pictures, midnight
from forum.concerns.operations.naming import keep_from_named
from forum.concerns.operations.numbering import free_id, free_reference
from forum.concerns.operations.telling import tell_arrival
from forum.concerns.policy import IN_DAYS
from forum.concerns.queries.sight import by_code_hash
from forum.concerns.receipts import code_hash, is_code
from forum.core import clock
from forum.core.errors import Refusal
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
    Refusal for a code that is none of ours, empty words, half a place, or a public concern about an officer.
    """
    if not is_code(code):
        raise Refusal(_("This form is incomplete. Nothing was lost: please send it again."), "code")
    hashed = code_hash(code)
    before = db.session.scalars(by_code_hash(hashed)).one_or_none()
    if before is not None:
        return before
    _check(told)
    days = told.mode in IN_DAYS
    arrived = midnight() if days else clock.now()
    concern = Concern(
        id=free_id(Concern), reference=free_reference(), code_hash=hashed, mode=told.mode, about=told.about,
        source=source, category_id=told.category.id, title=told.title, story=told.story, happened=told.happened,
        neighborhood_id=told.neighborhood_id, place=told.place, latitude=told.latitude, longitude=told.longitude,
        language=told.language, interpreter=told.interpreter, arrived_at=arrived, changed_at=arrived,
        stirred_on=clock.today() if days else None,
        entered_by_id=None if staff is None else staff.id,
    )  # fmt: skip
    sent_twice = _add(concern)
    if sent_twice is not None:
        return sent_twice
    if told.mode is not Mode.ANONYMOUS and contact is not None and contact.is_anybody:
        db.session.add(Identity(concern_id=concern.id, **contact.__dict__))
    author = Author.PERSON if staff is None else Author.STAFF
    entry = add_entry(
        concern, author, status=Status.RECEIVED, public=True, staff_id=None if staff is None else staff.id
    )
    entry.at = concern.changed_at = arrived  # also of one in days that staff wrote down
    keep_pictures(concern, told.pictures)
    keep_from_named(concern, told.title, told.story, told.place, told.happened)
    if not days:
        enter(concern, staff)
    tell_arrival(concern)
    return concern


def _add(concern: Concern) -> Concern | None:
    """Add it; the concern that the same form made at this very moment, when it is sent twice at once."""
    try:
        with db.session.begin_nested():
            db.session.add(concern)
            db.session.flush()
    except IntegrityError:
        before = db.session.scalars(by_code_hash(concern.code_hash)).one_or_none()
        if before is None:
            raise
        return before
    return None


def enter(concern: Concern, staff: Actor | None = None) -> None:
    """Write the arrival into the ledger: whose it is stands nowhere in it."""
    concern.entered = True
    db.session.flush()
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
