"""Forgetting: closed concerns after their time, their pictures sooner."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app

from forum.concerns.models import Concern
from forum.concerns.operations.keeping import lock_concern
from forum.concerns.pictures import folder
from forum.concerns.queries import retention
from forum.core import clock, search, uploads
from forum.core.transactions import after_commit, operation
from forum.extensions import db


def concerns_end() -> datetime:
    """What was closed before this moment is purged."""
    return clock.now() - timedelta(days=current_app.config["FORUM"].concern_keep_days)


def pictures_end() -> datetime:
    """Pictures of what was closed before this moment are purged."""
    return clock.now() - timedelta(days=current_app.config["FORUM"].concern_picture_days)


@operation
def purge_concern(concern_id: int) -> bool:
    """Remove a closed concern whose time is over with all that hangs on it; False when it was reopened meanwhile.

    The ledger keeps that there was one, by its random number; what was mailed and published stays with who has it.
    """
    concern = _closed_before(concern_id, concerns_end())
    if concern is None:
        return False
    _remove_pictures(concern_id)
    db.session.flush()
    db.session.execute(retention.removal(concern_id))
    search.remove("concern", concern_id)
    db.session.expire_all()
    return True


@operation
def purge_pictures(concern_id: int) -> bool:
    """Remove the pictures of a closed concern, rows and files; False when it was reopened meanwhile."""
    if _closed_before(concern_id, pictures_end()) is None:
        return False
    _remove_pictures(concern_id)
    return True


@operation
def forget_identity_of(person_id: int) -> None:
    """Whose concerns an account's were is forgotten with it; what was raised in public stays, without a person."""
    db.session.execute(retention.identities_removal(person_id))


def _closed_before(concern_id: int, moment: datetime) -> Concern | None:
    found = db.session.get(Concern, concern_id)
    if found is None:
        return None
    concern = lock_concern(found)
    return concern if concern.closed_at is not None and concern.closed_at < moment else None


def _remove_pictures(concern_id: int) -> None:
    """The files go once it is durable that nothing names them any more."""
    for picture in db.session.scalars(retention.pictures_of(concern_id)).all():
        name = picture.name
        db.session.delete(picture)
        after_commit(lambda name=name: uploads.remove(name, folder()))  # type: ignore[misc]
    db.session.flush()
