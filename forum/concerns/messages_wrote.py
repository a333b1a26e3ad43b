"""What staff are told by mail when the person of a concern wrote again: that they did, and nothing of what."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from forum.accounts.models import Person
from forum.concerns.acts import ConcernNotice
from forum.concerns.models import Concern
from forum.concerns.policy import can_decide, can_see_on_desk
from forum.concerns.queries.desk import undecided_of
from forum.concerns.queries.sight import sight_of
from forum.core.mail import Message, render
from forum.extensions import db
from forum.notifications.models import Notification
from forum.notifications.registry import Recipient, register_message


def register() -> None:
    """Tell the outbox how they are worded."""
    register_message(ConcernNotice.CONCERN_REPLIED, replied)
    register_message(ConcernNotice.CONCERN_DISPUTED, disputed)


def replied(notification: Notification, to: Recipient) -> Message | None:
    """To who has it; withdrawn when somebody else has it by now, or when it is kept from them."""
    concern, person = _seen(notification, to)
    if concern is None or person is None or concern.assigned_to_id != person.id:
        return None
    return render(
        "concerns/wrote",
        subject=_("Somebody wrote again about a concern that you have"),
        disputed=False,
        url=url_for("concerns_desk.queue", whose="mine", _external=True),
        reason=_("You get this because you work at the desk."),
        private=True,
    )


def disputed(notification: Notification, to: Recipient) -> Message | None:
    """To who may decide; withdrawn when it is decided, or when they may not any more."""
    concern, person = _seen(notification, to)
    found = db.session.scalars(undecided_of(concern.id)).first() if concern is not None else None
    if concern is None or person is None or found is None:
        return None
    if not can_decide(sight_of(person), concern, found.closed_by_id):
        return None
    return render(
        "concerns/wrote",
        subject=_("A closing is disputed"),
        disputed=True,
        url=url_for("concerns_desk.disputes", _external=True),
        reason=_("You get this because you supervise how concerns are answered."),
        private=True,
    )


def _seen(notification: Notification, to: Recipient) -> tuple[Concern | None, Person | None]:
    """The concern, and its reader where they see it."""
    concern = db.session.get(Concern, notification.subject_id or 0)
    person = db.session.get(Person, to.id or 0)
    if concern is None or person is None or not can_see_on_desk(sight_of(person), concern):
        return None, None
    return concern, person
