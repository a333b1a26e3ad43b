"""Who is told of what, in the transaction of the act itself. What is said is read when the mail is sent (messages.py).

Nobody of staff is told of an anonymous or confidential concern the moment something happens: the time of a mail would
give the time of arrival away. The morning's digest (operations.morning) tells them.
"""

from __future__ import annotations

from collections.abc import Sequence

from forum.accounts.models import Role
from forum.concerns.acts import ConcernNotice
from forum.concerns.models import About, Author, Concern, Entry, Identity, Mode, Status
from forum.concerns.operations.timing import supervisors_of
from forum.concerns.policy import can_decide, in_days
from forum.concerns.queries import following, telling
from forum.concerns.queries.sight import sight_of
from forum.concerns.queries.thread import closing_of, identity_of
from forum.extensions import db
from forum.notifications.many import Telling, notify_many
from forum.notifications.operations import notify


def tell_arrival(concern: Concern) -> None:
    """Mail who is to take it: «a new concern is waiting». Whoever is recused by then is not mailed (messages.py)."""
    if in_days(concern):
        return
    kind = ConcernNotice.NEW
    tellings = [
        Telling(key=f"{kind}:{concern.id}:{person_id}", person_id=person_id, subject_id=concern.id)
        for person_id in _takers(concern)
    ]
    notify_many(kind, tellings)


def tell_entry(concern: Concern, entry: Entry) -> None:
    """Mail the person who raised it what others did, and who follows it what everybody may read."""
    if entry.number == 1:
        return
    identity = db.session.scalars(identity_of(concern)).one_or_none()
    if entry.author is not Author.PERSON:
        _tell_person(concern, entry, identity)
    elif not in_days(concern):
        tell_staff(concern, entry)
    if entry.public and concern.is_listed:
        _tell_followers(concern, entry, identity)


def tell_staff(concern: Concern, entry: Entry) -> None:
    """Mail who has a concern that its person wrote again; where they dispute its closing, who may decide that."""
    disputed = entry.status is Status.REOPENED
    kind = ConcernNotice.CONCERN_DISPUTED if disputed else ConcernNotice.CONCERN_REPLIED
    told = _deciders(concern) if disputed else filter(None, [concern.assigned_to_id])
    notify_many(
        kind,
        [Telling(key=f"{kind}:{entry.id}:{id_}", person_id=id_, subject_id=concern.id) for id_ in told],
    )


def _deciders(concern: Concern) -> list[int]:
    """The ids of the supervisors, else reviewers, who may decide whether the last closing was right."""
    closing = db.session.scalars(closing_of(concern)).first()
    closed_by = None if closing is None else closing.staff_id
    people = supervisors_of(concern)
    return [p.id for p in people if can_decide(sight_of(p), concern, closed_by)]


def _takers(concern: Concern) -> Sequence[int]:
    """The ids of the officers of its beat; without any, and for what no officer sees unassigned, of the supervisors.
    What is about staff is the reviewers' until one of them has said who is named."""
    session = db.session()
    if concern.about is not About.TOWN:
        return telling.ids_of_working(Role.REVIEWER).column(session)
    if concern.mode is not Mode.CONFIDENTIAL and concern.neighborhood_id is not None:
        serving = telling.SERVING.column(session, neighborhood_id=concern.neighborhood_id)
        if serving:
            return serving
    return telling.ids_of_working(Role.SUPERVISOR).column(session)


def _tell_person(concern: Concern, entry: Entry, identity: Identity | None) -> None:
    if identity is None or not (identity.person_id or identity.email):
        return
    kind = ConcernNotice.CONCERN_ANSWERED if entry.text else ConcernNotice.CONCERN_STATUS
    notify(
        person_id=identity.person_id,
        language=concern.language,
        kind=kind,
        key=f"{kind}:{entry.id}",
        subject_id=entry.id,
    )


def _tell_followers(concern: Concern, entry: Entry, identity: Identity | None) -> None:
    kind = ConcernNotice.CONCERN_FOLLOWED
    own = identity.person_id if identity is not None else None
    tellings = [
        Telling(
            key=f"{kind}:{entry.id}:{follow.id}",
            person_id=follow.person_id,
            language=follow.language,
            subject_id=entry.id,
            detail={"follow": follow.id},
        )
        for follow in db.session.scalars(following.followers_to_mail(concern.id))
        if follow.person_id is None or follow.person_id != own
    ]
    notify_many(kind, tellings)
