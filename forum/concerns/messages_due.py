"""What staff are told by mail of a concern that is due: its reference and when, and nothing of what it says."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from forum.accounts.models import Person
from forum.concerns.acts import ConcernNotice
from forum.concerns.clock_words import next_clock
from forum.concerns.models import Concern
from forum.concerns.policy import can_see_on_desk
from forum.concerns.queries.sight import sight_of
from forum.core import clock
from forum.core.mail import Message, render
from forum.extensions import db
from forum.notifications.models import Notification
from forum.notifications.registry import Recipient, register_message


def register() -> None:
    """Tell the outbox how it is worded."""
    register_message(ConcernNotice.CONCERN_DUE, due)


def due(notification: Notification, to: Recipient) -> Message | None:
    """A concern is due; withdrawn when nothing of it is any more, or when it is kept from its reader since."""
    concern = db.session.get(Concern, notification.subject_id or 0)
    person = db.session.get(Person, to.id or 0)
    if concern is None or person is None or not can_see_on_desk(sight_of(person), concern):
        return None
    found = next_clock(concern, clock.now())
    if found is None:
        return None
    return render(
        "concerns/due",
        subject=_("A concern is due: %(reference)s", reference=concern.reference),
        reason=_("You get this because you supervise how concerns are answered."),
        private=True,
        reference=concern.reference,
        what=found.words,
        due_at=clock.to_local(found.due_at),
        whole_days=found.whole_days,
        url=f"{url_for('home.desk', _external=True)}/concerns/{concern.reference}",
    )
