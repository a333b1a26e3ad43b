"""What is said by mail about concerns.

Mail is read on shared devices: to who raised a concern it says that there is news, and the words of an answer stand in
it only where everybody may read them on the site. Staff read that something waits, and nothing else. All of it is
private: to whom it goes, and when, would tell the rest of the staff who raised what, or that a complaint has come.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from forum.accounts.models import Person
from forum.concerns.acts import ConcernNotice
from forum.concerns.models import Concern, ConcernFollow, Entry, FollowRequest, Status
from forum.concerns.operations.following import follow_token, request_token
from forum.concerns.policy import can_see_on_desk
from forum.concerns.queries.colleagues import seen_by_nobody
from forum.concerns.queries.following import followed_listed
from forum.concerns.queries.sight import sight_of
from forum.concerns.queries.telling import waits_for
from forum.concerns.queries.thread import identity_of
from forum.concerns.words import status_words
from forum.core import clock
from forum.core.mail import Message, render
from forum.extensions import db
from forum.notifications.models import Notification
from forum.notifications.registry import Recipient, register_message


def register() -> None:
    """Tell the outbox how each kind is worded."""
    register_message(ConcernNotice.CONCERN_ANSWERED, news)
    register_message(ConcernNotice.CONCERN_STATUS, news)
    register_message(ConcernNotice.CONCERN_FOLLOWED, followed)
    register_message(ConcernNotice.FOLLOW_CONFIRM, confirm_follow)
    register_message(ConcernNotice.NEW, new)
    register_message(ConcernNotice.MORNING, morning)
    register_message(ConcernNotice.CONCERN_LEFT, left)
    register_message(ConcernNotice.CONCERN_UNSEEN, unseen)


def news(notification: Notification, to: Recipient) -> Message | None:
    """To who raised it; withdrawn when it is not theirs any more, or gone."""
    entry = db.session.get(Entry, notification.subject_id or 0)
    identity = db.session.scalars(identity_of(entry.concern)).one_or_none() if entry is not None else None
    if entry is None or identity is None or identity.person_id != to.id:
        return None
    concern = entry.concern
    message = render(
        "concerns/news",
        subject=_("There is news about your concern %(reference)s", reference=concern.reference),
        url=_way_back(concern, to),
        by_code=to.id is None,
        said=_said(entry),
        reason=_("You get this because you told us of a concern."),
        private=True,
    )
    return replace(message, to="" if to.id is not None else identity.email)


def followed(notification: Notification, to: Recipient) -> Message | None:
    """To who follows; withdrawn when they stopped, or when the concern is not public any more."""
    entry = db.session.get(Entry, notification.subject_id or 0)
    follow = db.session.scalars(followed_listed(notification.detail.get("follow", 0))).one_or_none()
    if entry is None or not entry.public or follow is None or not follow.mails:
        return None
    concern, stop = entry.concern, _stop_url(follow)
    message = render(
        "concerns/followed",
        subject=_("News: %(title)s", title=concern.title),
        title=concern.title,
        url=url_for("concerns_public.concern", reference=concern.reference, _external=True),
        said=_said(entry),
        stop_url=stop,
        reason=_("You get this because you follow this concern."),
        private=True,
    )
    return replace(message, to=follow.email, headers=message.headers | _one_click(stop))


def confirm_follow(notification: Notification, to: Recipient) -> Message | None:
    """The link that makes it count; withdrawn when it is too old, or the concern is not public any more."""
    request = db.session.get(FollowRequest, notification.subject_id or 0)
    if request is None or request.expires_at <= clock.now() or not request.concern.is_listed:
        return None
    url = url_for("concerns_public.confirm_follow", token=request_token(request), _external=True)
    message = render(
        "concerns/follow_confirm",
        subject=_("Confirm: %(title)s", title=request.concern.title),
        title=request.concern.title,
        confirm_url=url,
        reason=_("You get this because somebody gave this address on our site."),
        private=True,
    )
    return replace(message, to=request.email)


def new(notification: Notification, to: Recipient) -> Message | None:
    """To staff; withdrawn when somebody took it, or when it is kept from them."""
    concern = db.session.get(Concern, notification.subject_id or 0)
    person = db.session.get(Person, to.id) if to.id is not None else None
    if concern is None or person is None or not can_see_on_desk(sight_of(person), concern):
        return None
    if concern.status is not Status.RECEIVED or concern.assigned_to_id not in (None, person.id):
        return None
    return _to_staff()


def morning(notification: Notification, to: Recipient) -> Message | None:
    """The digest of anonymous and confidential ones; withdrawn when none of them waits for this person any more."""
    person = db.session.get(Person, to.id) if to.id is not None else None
    if person is None:
        return None
    since, before = (datetime.fromisoformat(notification.detail[edge]) for edge in ("since", "before"))
    return _to_staff() if db.session.scalar(waits_for(sight_of(person), since, before)) else None


def left(notification: Notification, to: Recipient) -> Message | None:
    """To a reviewer outside the chain of who was named; withdrawn when it is closed, or kept from them too."""
    concern = db.session.get(Concern, notification.subject_id or 0)
    person = db.session.get(Person, to.id) if to.id is not None else None
    if concern is None or person is None or not can_see_on_desk(sight_of(person), concern):
        return None
    return _to_staff() if concern.is_open else None


def unseen(notification: Notification, to: Recipient) -> Message | None:
    """To administrators; withdrawn when somebody may read each of them by now."""
    if not seen_by_nobody():
        return None
    return render(
        "concerns/unseen",
        subject=_("A concern waits for a reviewer"),
        url=url_for("home.desk", _external=True),
        reason=_("You get this because you decide who works at the desk."),
        private=True,
    )


def _to_staff() -> Message:
    return render(
        "concerns/waiting",
        subject=_("A new concern is waiting"),
        url=url_for("concerns_desk.queue", _external=True),
        reason=_("You get this because you work at the desk."),
        private=True,
    )


def _said(entry: Entry) -> dict[str, Any] | None:
    """What everybody may read on the site now; None for everything else."""
    if not (entry.public and entry.concern.is_listed):
        return None
    return {"text": entry.text, "status": status_words(entry.status) if entry.status else ""}


def _way_back(concern: Concern, to: Recipient) -> str:
    if to.id is not None:
        return url_for("concerns_public.concern", reference=concern.reference, _external=True)
    return url_for("concerns.track", _external=True)


def _stop_url(follow: ConcernFollow) -> str:
    return url_for("concerns_public.stop_following", token=follow_token(follow), _external=True)


def _one_click(stop: str) -> dict[str, str]:
    """RFC 8058: mail programs offer their own button."""
    return {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
