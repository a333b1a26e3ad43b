"""Taking feedback: three answers, of nobody in particular."""

from __future__ import annotations

import secrets

from flask_babel import gettext as _

from forum.core import clock
from forum.core.errors import Refusal
from forum.core.inserting import insert_into
from forum.core.tokens import keyed_hash, sealed, unsealed
from forum.core.transactions import operation
from forum.events import policy
from forum.events.acts import EventNotice
from forum.events.models import Feedback, Occurrence, Verdict
from forum.events.queries.feedback import not_asked_yet
from forum.extensions import db
from forum.notifications.many import Telling, notify_many


def new_key(occurrence_id: int) -> str:
    """A key for one form: random, and provably ours, so that nobody makes answers up by the thousand without asking."""
    return sealed(secrets.randbits(49), _purpose(occurrence_id))


@operation
def give_feedback(
    *, occurrence: Occurrence, key: str, worth: Verdict, heard: Verdict, change: str = ""
) -> bool:
    """Keep three answers under the form's *key*; sent again, the first stay, and it returns False.

    Kept: the answers, the date they are about, and a hash of the random key. Refusal outside the two weeks after the
    date's end, and for a key that we did not make for this date.
    """
    if not policy.takes_feedback(occurrence, clock.now()):
        raise Refusal(_("This date takes no feedback now. It is open for two weeks after the end."))
    if unsealed(key, _purpose(occurrence.id)) is None:
        raise Refusal(
            _("This form is too old or incomplete. Your words are still here: please send it again."), "key"
        )
    row = {
        "key": keyed_hash(key.lower(), "feedback"),
        "occurrence_id": occurrence.id,
        "worth": worth,
        "heard": heard,
        "change": change,
    }
    statement = insert_into(Feedback).values(**row).on_conflict_do_nothing(index_elements=["key"])
    # What comes back says it: a driver's count of rows does not on every database.
    return db.session.scalar(statement.returning(Feedback.key)) is not None


@operation
def ask_for_feedback(occurrence_id: int) -> int:
    """Mail who had a place at a date that is over the way to its three questions, once; returns how many are new."""
    asked = db.session.execute(not_asked_yet(occurrence_id, EventNotice.FEEDBACK_ASKED)).all()
    tellings = [
        Telling(
            key=f"{EventNotice.FEEDBACK_ASKED}:{rsvp_id}",
            person_id=person_id,
            language=language,
            subject_id=rsvp_id,
        )
        for rsvp_id, person_id, language in asked
    ]
    notify_many(EventNotice.FEEDBACK_ASKED, tellings)
    return len(tellings)


def _purpose(occurrence_id: int) -> str:
    return f"feedback:{occurrence_id}"
