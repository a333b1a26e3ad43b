"""«Me too» and follow: one a person, by account or by a mailbox whose owner pressed a mailed link."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _

from forum.accounts.addresses import fold
from forum.accounts.models import Person
from forum.accounts.queries import person_by_email
from forum.concerns.acts import ConcernNotice
from forum.concerns.models import Concern, ConcernFollow, FollowRequest
from forum.concerns.operations.keeping import lock_concern
from forum.concerns.queries import following
from forum.core import clock
from forum.core.errors import Refusal
from forum.core.intake import LARGEST_ID
from forum.core.tokens import random_token, sealed, unsealed
from forum.core.transactions import operation
from forum.extensions import db
from forum.notifications.operations import notify

LASTS = timedelta(hours=24)  # the link in the mail
SAME_FORM = timedelta(minutes=1)  # sent again within it, a form is one form


class LinkOver(Refusal):
    """A link that is forged, used up or too old, or a concern that is not public any more. One answer for all."""

    def __init__(self) -> None:
        super().__init__(_("This link does not work any more. It works for a day."))


@operation
def follow_concern(*, actor: Person, concern: Concern, me_too: bool, mails: bool) -> None:
    """Set what *actor* says of a public concern; both False takes it back. Refusal for their own."""
    concern = _lock_listed(concern)
    _set(concern, person_id=actor.id, email="", language=actor.language, me_too=me_too, mails=mails)


@operation
def ask_to_follow(*, concern: Concern, email: str, language: str, me_too: bool, mails: bool) -> None:
    """Mail the owner of *email* a link to press. Nothing counts before; whoever has an account is answered alike."""
    concern = _lock_listed(concern)
    if not (me_too or mails):
        raise Refusal(_("Choose at least one of the two."), "me_too")
    now, folded = clock.now(), fold(email)
    before = db.session.scalars(following.latest_request(concern.id, folded, now - SAME_FORM)).first()
    if before is not None and (before.me_too, before.mails) == (me_too, mails):
        return
    request = FollowRequest(
        concern_id=concern.id, email=folded, language=language, me_too=me_too, mails=mails,
        nonce=random_token(), expires_at=now + LASTS,
    )  # fmt: skip
    db.session.add(request)
    db.session.flush()
    kind = ConcernNotice.FOLLOW_CONFIRM
    notify(person_id=None, language=language, kind=kind, key=f"{kind}:{request.id}", subject_id=request.id)


def request_token(request: FollowRequest) -> str:
    """What the mailed link carries. The table alone does not give it, nor the key alone."""
    return sealed(request.id, f"concern follow request:{request.nonce}")


def find_request(token: str) -> FollowRequest:
    """What is to be confirmed behind a mailed *token*; raises LinkOver."""
    number = _number(token)
    request = db.session.get(FollowRequest, number) if number is not None else None
    if request is None or unsealed(token, f"concern follow request:{request.nonce}") is None:
        raise LinkOver
    if request.expires_at <= clock.now() or not request.concern.is_listed:
        raise LinkOver
    return request


@operation
def confirm_follow(token: str) -> ConcernFollow | None:
    """Count what was asked for behind *token*; None where the mailbox is an account's, whose follow it then is.

    Pressing twice is pressing once. Raises LinkOver, and Refusal for the person's own concern.
    """
    concern = _lock_listed(find_request(token).concern)
    request = find_request(token)
    email = request.email
    owner = db.session.scalars(person_by_email(email)).first()
    known = owner is not None and owner.is_active
    _set(
        concern,
        person_id=owner.id if owner is not None and known else None,
        email="" if known else email,
        language=request.language,
        me_too=request.me_too,
        mails=request.mails,
    )
    return None if known else db.session.scalars(following.follow_of_mailbox(concern.id, email)).one_or_none()


def follow_token(follow: ConcernFollow) -> str:
    """What the link in every mail to a follower carries."""
    return sealed(follow.id, "concern follow")


def find_follow(token: str) -> ConcernFollow | None:
    """The follow behind a link of ours, unless it was ended. None for every token that is none."""
    number = unsealed(token, "concern follow")
    return db.session.get(ConcernFollow, number) if number is not None and number <= LARGEST_ID else None


@operation
def stop_follow(*, follow: ConcernFollow, me_too_as_well: bool = False) -> None:
    """No more mail about it; with *me_too_as_well* the person is not counted any more either."""
    concern = lock_concern(follow.concern)
    follow.mails = False
    follow.me_too = follow.me_too and not me_too_as_well
    if not follow.me_too:
        db.session.delete(follow)
    _recount(concern)


@operation
def forget_requests() -> None:
    """Remove what nobody confirmed within a day, and what was kept of what was."""
    db.session.execute(following.requests_over(clock.now()), execution_options={"synchronize_session": False})


@operation
def erase_follows_of(person_id: int) -> None:
    """Remove what an account followed and said, when it is erased."""
    for concern_id in db.session.scalars(following.said_by(person_id)).all():
        concern = lock_concern(db.session.get_one(Concern, concern_id))
        for follow in db.session.scalars(following.follow_of_person(concern_id, person_id)):
            db.session.delete(follow)
        _recount(concern)


def _lock_listed(concern: Concern) -> Concern:
    concern = lock_concern(concern)
    if not concern.is_listed:
        raise LinkOver
    return concern


def _set(
    concern: Concern, *, person_id: int | None, email: str, language: str, me_too: bool, mails: bool
) -> None:
    if db.session.scalar(following.is_by(concern.id, person_id, email)) is not None:
        raise Refusal(_("This is your own concern: you hear of it anyway."))
    wanted = (
        following.follow_of_mailbox(concern.id, email)
        if person_id is None
        else following.follow_of_person(concern.id, person_id)
    )
    follow = db.session.scalars(wanted).one_or_none()
    if follow is None:
        follow = ConcernFollow(concern_id=concern.id, person_id=person_id, email=email)
    follow.language, follow.me_too, follow.mails = language, me_too, mails
    if me_too or mails:
        db.session.add(follow)
    elif follow.id is not None:
        db.session.delete(follow)
    _recount(concern)


def _recount(concern: Concern) -> None:
    """Bring the count on a locked *concern* to the truth."""
    db.session.flush()
    concern.others_count = db.session.scalar(following.others_of(concern.id)) or 0
    db.session.flush()


def _number(token: str) -> int | None:
    digits = token.partition(".")[0]
    known = digits.isascii() and digits.isdigit() and len(digits) <= 10
    return int(digits) if known and int(digits) <= LARGEST_ID else None
