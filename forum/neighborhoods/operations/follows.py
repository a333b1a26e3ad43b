"""Following an area, for residents; visitors follow in a cookie (forum.neighborhoods.visitors)."""

from __future__ import annotations

from collections.abc import Iterable

from forum.accounts.models import Person
from forum.core.transactions import operation
from forum.extensions import db
from forum.neighborhoods.models import Follow, Neighborhood
from forum.neighborhoods.queries import follow_of, followed_by


@operation
def follow(*, actor: Person, neighborhoods: Iterable[Neighborhood]) -> None:
    """*actor* follows *neighborhoods* from now on; those already followed stay as they are."""
    known = {area.id for area in db.session.scalars(followed_by(actor))}
    for neighborhood in neighborhoods:
        if neighborhood.id not in known:
            known.add(neighborhood.id)
            db.session.add(Follow(person_id=actor.id, neighborhood_id=neighborhood.id))
    db.session.flush()


@operation
def unfollow(*, actor: Person, neighborhood: Neighborhood) -> None:
    """*actor* no longer follows *neighborhood*; nothing happens when they did not."""
    row = db.session.scalar(follow_of(actor, neighborhood))
    if row is not None:
        db.session.delete(row)
        db.session.flush()
