"""What the morning does for anonymous and confidential concerns of the days before: the ledger learns of them, and
staff are told."""

from __future__ import annotations

from forum.accounts.models import Person, Role
from forum.accounts.queries import working
from forum.concerns.acts import ConcernNotice
from forum.concerns.models import Concern
from forum.concerns.operations.keeping import midnight
from forum.concerns.operations.submitting import enter
from forum.concerns.operations.telling import tell_staff
from forum.concerns.queries import telling
from forum.concerns.queries.colleagues import seen_by_nobody
from forum.concerns.queries.sight import sight_of
from forum.core import clock
from forum.core.transactions import operation
from forum.extensions import db
from forum.notifications.many import Telling, notify_many


@operation
def open_morning() -> int:
    """Enter those that arrived before today, and tell once who may take any of them; returns how many."""
    _tell_administrators()
    for entry in db.session.scalars(telling.unheard(clock.today())).all():
        tell_staff(entry.concern, entry)
    today = midnight()
    waiting = list(db.session.scalars(telling.not_entered(today).with_for_update()))
    if not waiting:
        return 0
    for concern in waiting:
        enter(concern)
    _tell_desk(waiting)
    return len(waiting)


def _tell_administrators() -> None:
    """Once a day while a concern waits that nobody at the desk may read: they appoint somebody who may."""
    if not seen_by_nobody():
        return
    kind, day = ConcernNotice.CONCERN_UNSEEN, clock.today().isoformat()
    people = db.session.scalars(working(Role.ADMINISTRATOR).order_by(Person.id))
    notify_many(kind, [Telling(key=f"{kind}:{day}:{p.id}", person_id=p.id) for p in people])


def _tell_desk(waiting: list[Concern]) -> None:
    """One mail a person and a day, however many wait."""
    since, before = min(concern.arrived_at for concern in waiting), midnight()
    kind, day = ConcernNotice.MORNING, clock.today().isoformat()
    tellings = [
        Telling(
            key=f"{kind}:{day}:{person.id}",
            person_id=person.id,
            detail={"since": since.isoformat(), "before": before.isoformat()},
        )
        for person in db.session.scalars(telling.desk())
        if db.session.scalar(telling.waits_for(sight_of(person), since, before))
    ]
    notify_many(kind, tellings)
