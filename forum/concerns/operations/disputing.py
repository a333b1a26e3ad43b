"""A person says that their concern was closed wrongly, or takes it back."""

from __future__ import annotations

from flask_babel import gettext as _

from forum.concerns.models import Author, Closing, Concern, Dispute, Entry, Status
from forum.concerns.operations.keeping import add_entry, check_step, lock_concern, said_at
from forum.concerns.operations.numbering import free_id
from forum.concerns.policy import can_dispute
from forum.concerns.queries.thread import closing_of, entry_by_key
from forum.core import clock
from forum.core.errors import Refusal
from forum.core.transactions import operation
from forum.extensions import db


@operation
def dispute_concern(*, concern: Concern, words: str, key: str | None = None) -> Entry:
    """Open a closed concern again because its person disputes the closing; somebody else than who closed it decides.

    The same form again (*key*) changes nothing. Refusal without words, when it is not closed, or after 14 days.
    """
    concern = lock_concern(concern)
    before = db.session.scalars(entry_by_key(key)).one_or_none()
    if before is not None:
        return before
    if not words.strip():
        raise Refusal(_("Say why it should not be closed."), "text")
    if not can_dispute(concern, clock.now()):
        raise Refusal(_("A concern can be disputed within 14 days after we closed it. Write to us instead."))
    closing = db.session.scalars(closing_of(concern)).first()
    entry = add_entry(concern, Author.PERSON, text=words.strip(), status=Status.REOPENED, key=key)
    db.session.add(
        Dispute(
            id=free_id(Dispute), concern_id=concern.id, number=entry.number, words=words.strip(),
            raised_at=said_at(concern), closed_by_id=None if closing is None else closing.staff_id,
        )
    )  # fmt: skip
    db.session.flush()
    return entry


@operation
def withdraw_concern(*, concern: Concern, words: str = "", key: str | None = None) -> Entry:
    """Close it because its person takes it back. What was said stays until the usual time is over."""
    concern = lock_concern(concern)
    before = db.session.scalars(entry_by_key(key)).one_or_none()
    if before is not None:
        return before
    check_step(concern.status, Status.CLOSED)
    return add_entry(
        concern, Author.PERSON, text=words.strip(), status=Status.CLOSED, closed_as=Closing.WITHDRAWN, key=key
    )
