"""A person says, before sending, that somebody raised the same in public: both are answered, each in a thread of its
own."""

from __future__ import annotations

from flask_babel import gettext as _

from forum.audit.operations import record
from forum.concerns.acts import ConcernAct
from forum.concerns.models import About, Author, Concern
from forum.concerns.operations.keeping import add_entry, hold_all, lock_concern
from forum.concerns.policy import in_days
from forum.concerns.queries.sight import listed_by_reference
from forum.concerns.queries.thread import last_number
from forum.core.transactions import operation
from forum.extensions import db


@operation
def join_public(*, concern: Concern, reference: str) -> None:
    """Merge *concern*, which has just arrived, into the public one of *reference*, because its person says so.

    It keeps its own thread, mode and clock, and its person may never be found by the other; the desk can take it out.
    What is not public, or became so meanwhile, is joined by nobody, and what is about an officer joins nothing. The
    form that was sent before changes nothing.
    """
    into = db.session.scalars(listed_by_reference(reference)).one_or_none()
    if (
        into is None
        or concern.about is not About.TOWN
        or (db.session.scalar(last_number(concern.id)) or 0) > 1
    ):
        return
    main = into.merged_into_id or into.id
    held = db.session.get_one(Concern, main)
    hold_all((concern, held))
    concern = lock_concern(concern)
    if main == concern.id or concern.merged_into_id is not None or held.merged_into_id is not None:
        return
    concern.merged_into_id = main
    add_entry(concern, Author.PERSON, text=_("It is the same as %(reference)s.", reference=into.reference))
    if not in_days(concern):  # its moment would tell when it came
        record(actor=None, act=ConcernAct.CONCERN_MERGE, subject=concern, into=main)
