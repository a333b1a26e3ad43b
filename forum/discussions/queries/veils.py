"""Who stands behind «Resident of»: asked only by who it is, and counted for everybody."""

from __future__ import annotations

from sqlalchemy import Select, exists, func, select

from forum.accounts.models import Person
from forum.discussions.models import Post, VeiledAuthor, VeilLifting, VerifiedResident
from forum.discussions.policy import Viewer
from forum.extensions import db


def is_behind(viewer: Viewer, post: Post) -> bool:
    """Whether *viewer* wrote *post* under a veil. A post that has an author has none."""
    if viewer.id is None or post.author_id is not None:
        return False
    own = exists().where(VeiledAuthor.post_id == post.id, VeiledAuthor.person_id == viewer.id)
    return bool(db.session.scalar(select(own)))


def veiled_in(topic_id: int, person_id: int) -> Select[int]:
    """The posts of a topic that this person wrote under a veil: for their own page alone."""
    return (
        select(Post.id)
        .join(VeiledAuthor, VeiledAuthor.post_id == Post.id)
        .where(Post.topic_id == topic_id, VeiledAuthor.person_id == person_id)
    )


def liftings() -> Select[int]:
    """How often a veil was lifted, ever."""
    return select(func.count()).select_from(VeilLifting)


def verified_of(person_ids: list[int]) -> Select[VerifiedResident]:
    """What is known of where these people live."""
    return select(VerifiedResident).where(VerifiedResident.person_id.in_(person_ids))


def people_named(name: str) -> Select[Person]:
    """Accounts of exactly this name, at most twenty: more would be no answer."""
    return (
        select(Person)
        .where(Person.name == name, Person.erased_at.is_(None), Person.confirmed_at.is_not(None))
        .order_by(Person.id)
        .limit(20)
    )
