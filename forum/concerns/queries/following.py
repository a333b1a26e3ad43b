"""Who follows a public concern."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Delete, Select, delete, func, select

from forum.concerns.models import Concern, ConcernFollow, FollowRequest, Identity
from forum.concerns.queries.sight import listed


def follow_of_person(concern_id: int, person_id: int) -> Select[ConcernFollow]:
    """What the account *person_id* said about a concern."""
    return select(ConcernFollow).where(
        ConcernFollow.concern_id == concern_id, ConcernFollow.person_id == person_id
    )


def follow_of_mailbox(concern_id: int, email: str) -> Select[ConcernFollow]:
    """What the owner of the folded address *email*, without an account, said about a concern."""
    return select(ConcernFollow).where(ConcernFollow.concern_id == concern_id, ConcernFollow.email == email)


def followers_to_mail(concern_id: int) -> Select[ConcernFollow]:
    """Who gets mail about a concern."""
    return select(ConcernFollow).where(ConcernFollow.concern_id == concern_id, ConcernFollow.mails)


def others_of(concern_id: int) -> Select[int]:
    """How many others say that a concern worries them too."""
    counted = ConcernFollow.concern_id == concern_id, ConcernFollow.me_too
    return select(func.count()).select_from(ConcernFollow).where(*counted)


def said_by(person_id: int) -> Select[int]:
    """The concerns that an account follows or says «me too» to."""
    return select(ConcernFollow.concern_id).where(ConcernFollow.person_id == person_id)


def latest_request(concern_id: int, email: str, since: datetime) -> Select[FollowRequest]:
    """The newest request of a mailbox about a concern, made after *since*."""
    asked = FollowRequest.concern_id == concern_id, FollowRequest.email == email
    wanted = select(FollowRequest).where(*asked, FollowRequest.created_at > since)
    return wanted.order_by(FollowRequest.id.desc()).limit(1)


def requests_over(now: datetime) -> Delete:
    """Forget what nobody pressed within the day."""
    return delete(FollowRequest).where(FollowRequest.expires_at <= now)


def is_by(concern_id: int, person_id: int | None, email: str) -> Select[int]:
    """A row when the concern was raised by this account or mailbox."""
    same = Identity.person_id == person_id if person_id is not None else func.lower(Identity.email) == email
    return select(Identity.concern_id).where(Identity.concern_id == concern_id, same)


def followed_listed(follow_id: int) -> Select[ConcernFollow]:
    """One follow of a concern that is still public."""
    return select(ConcernFollow).join(Concern).where(ConcernFollow.id == follow_id, listed())
