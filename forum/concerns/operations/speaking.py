"""The concern's own person writes again, or makes its mode stricter."""

from __future__ import annotations

from flask_babel import gettext as _

from forum.audit.operations import record
from forum.concerns.acts import ConcernAct
from forum.concerns.models import Author, Concern, Entry, Mode, Status
from forum.concerns.operations.keeping import Pictures, add_entry, keep_pictures, lock_concern
from forum.concerns.operations.naming import keep_from_named
from forum.concerns.operations.settling import round_to_days
from forum.concerns.policy import STRICTER, in_days
from forum.concerns.queries.thread import entry_by_key
from forum.core import clock, search
from forum.core.errors import Refusal
from forum.core.transactions import operation
from forum.extensions import db


@operation
def write_again(
    *,
    concern: Concern,
    text: str,
    key: str | None = None,
    public: bool = False,
    pictures: Pictures = (),
) -> Entry:
    """Add the person's words. An answered concern, and one that waits for its person, goes on by that.

    The same form again (*key*) changes nothing.
    """
    concern = lock_concern(concern)
    before = db.session.scalars(entry_by_key(key)).one_or_none()
    if before is not None:
        return before
    if not text.strip():
        raise Refusal(_("Write what you want to say."), "text")
    goes_on = concern.status in (Status.ANSWERED, Status.WAITING)
    entry = add_entry(
        concern,
        Author.PERSON,
        text=text.strip(),
        public=public,
        key=key,
        status=Status.IN_PROGRESS if goes_on else None,
    )
    keep_pictures(concern, pictures, entry)
    keep_from_named(concern, text)
    return entry


@operation
def make_stricter(*, concern: Concern, mode: Mode) -> None:
    """Show it to fewer people, at most up to confidential, of which only days stay known. Refusal for any other
    change."""
    concern = lock_concern(concern)
    if mode not in STRICTER[concern.mode]:
        raise Refusal(
            _("A concern can be made stricter later, up to confidential, and nothing else."), "mode"
        )
    concern.mode = mode
    search.renew("concern", concern.id)
    if in_days(concern):  # the next morning tells the ledger
        concern.stirred_on = clock.today()
        round_to_days(concern)
        return
    record(actor=None, act=ConcernAct.CONCERN_MODE_CHANGE, subject=concern, mode=str(mode))
