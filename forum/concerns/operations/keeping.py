"""What every write on a concern does: hold its row, add an entry, keep the time that its person may be known by."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from forum.accounts.models import Person
from forum.audit.operations import Actor
from forum.concerns import states
from forum.concerns.models import Author, Closing, Concern, ConcernPicture, Entry, Mode, Status, Waiting
from forum.concerns.operations.numbering import free_id
from forum.concerns.operations.telling import tell_entry
from forum.concerns.operations.timing import keep_due
from forum.concerns.pictures import folder
from forum.concerns.policy import can_see_on_desk, in_days
from forum.concerns.queries.sight import sight_of
from forum.concerns.queries.thread import entry_by_key, last_number
from forum.core import clock, search
from forum.core.db import row_id
from forum.core.errors import Refusal
from forum.core.uploads import Picture
from forum.extensions import db

MOST_PICTURES = 5
Pictures = tuple[tuple[Picture, str], ...]  # each with what it shows, in words


def lock_concern(concern: Concern) -> Concern:
    """Hold the row until the end of the unit of work and read it afresh. Where only days may be known, the morning has
    to see to it that nothing tells more (operations.settling)."""
    held = select(Concern).where(Concern.id == concern.id).with_for_update(of=Concern)
    found = db.session.scalars(held.execution_options(populate_existing=True)).one()
    if in_days(found):
        found.stirred_on = clock.today()
    return found


def hold_all(concerns: Iterable[Concern]) -> None:
    """Hold several rows in the one order that every act takes them in: two that meet wait, and never for each other."""
    for id_ in sorted({row_id(concern) for concern in concerns}):
        lock_concern(db.session.get_one(Concern, id_))


def hold_for(actor: Actor | None, concern: Concern) -> Concern:
    """Hold the row for an act of staff, and ask again under the lock whether *actor* still sees it: a name may have
    been found, or an assignment ended, since the page was opened. The system (None) always may."""
    concern = lock_concern(concern)
    person = db.session.get(Person, row_id(actor)) if actor is not None and actor.id is not None else None
    if person is not None and not can_see_on_desk(sight_of(person), concern):
        raise Refusal(_("This concern is no longer yours to work on. Nothing was sent."))
    return concern


def sent_before(key: str | None) -> Entry | None:
    """The entry that this very form made when it was sent the first time."""
    return db.session.scalars(entry_by_key(key)).one_or_none() if key else None


def said_at(concern: Concern) -> datetime:
    """The moment that an act of the concern's own person is kept with: where only days may be known,
    the day's beginning."""
    return midnight() if in_days(concern) else clock.now()


def midnight() -> datetime:
    """When the agency's day began (aware, UTC)."""
    return clock.day_begins()


def publicly_at(author: Author, at: datetime) -> datetime:
    """The moment by which everybody's lists are ordered: of a person's own act the end of its day, so that no order,
    no cursor and no header tells when they wrote."""
    return clock.day_ends(at) if author is Author.PERSON else at


def add_entry(
    concern: Concern,
    author: Author,
    *,
    text: str = "",
    staff_id: int | None = None,
    status: Status | None = None,
    closed_as: Closing | None = None,
    waits_for: Waiting | None = None,
    public: bool = False,
    key: str | None = None,
    evidence: str = "",
) -> Entry:
    """Append to the thread of a locked *concern* and bring its status with it."""
    at = said_at(concern) if author is Author.PERSON else clock.now()
    number = (db.session.scalar(last_number(concern.id)) or 0) + 1
    entry = Entry(
        id=free_id(Entry), concern_id=concern.id, number=number, author=author, staff_id=staff_id, text=text,
        status=status, closed_as=closed_as, waits_for=waits_for, key=key, at=at, evidence=evidence,
        public=public and concern.mode is Mode.PUBLIC,  # also while it is withheld: it may come back
    )  # fmt: skip
    db.session.add(entry)
    if status is not None:
        concern.status, concern.closed_as = status, closed_as
        concern.closed_at = at if status is Status.CLOSED else None
    concern.changed_at = max(concern.changed_at, at)
    if concern.is_listed and (entry.public or status is not None):
        concern.public_changed_at = max(concern.public_changed_at, publicly_at(author, at))
    db.session.flush()
    keep_due(concern)
    if entry.public:
        search.renew("concern", concern.id)
    tell_entry(concern, entry)
    return entry


def check_pictures(pictures: Pictures) -> None:
    """Refusal for too many."""
    if len(pictures) > MOST_PICTURES:
        raise Refusal(_("Send at most %(most)s pictures.", most=MOST_PICTURES), "pictures")


def keep_pictures(concern: Concern, pictures: Pictures, entry: Entry | None = None) -> None:
    """Keep *pictures* with the concern, or with one *entry* of its thread. Where only days may be
    known, files say the day."""
    check_pictures(pictures)
    day = midnight() if in_days(concern) else None
    for position, (picture, alt) in enumerate(pictures):
        name = picture.store(folder(), day)
        db.session.add(
            ConcernPicture(
                id=free_id(ConcernPicture), concern_id=concern.id, entry_id=None if entry is None else entry.id,
                name=name, alt=alt, position=position,
            )
        )  # fmt: skip
    db.session.flush()


def check_step(before: Status, after: Status) -> None:
    """Refusal unless the table of states allows it."""
    if not states.may_follow(before, after):
        raise Refusal(
            _("This concern cannot take that step now. Somebody may have changed it meanwhile."), "status"
        )
