"""Answering by name and e-mail: asked for, confirmed by the mailbox's owner, changed by a mailed link."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask_babel import gettext as _

from forum.accounts.addresses import fold
from forum.accounts.models import Person
from forum.accounts.queries import person_by_email
from forum.core import clock
from forum.core.errors import Refusal
from forum.core.intake import LARGEST_ID
from forum.core.tokens import random_token, sealed, unsealed
from forum.core.transactions import operation
from forum.events.acts import EventNotice
from forum.events.models import Answer, GuestRequest, Occurrence, Place, Rsvp
from forum.events.operations.extras import Extras, keep_extras
from forum.events.operations.needs import Needs
from forum.events.operations.occurrences import lock_occurrence
from forum.events.operations.rsvp import check_answer, settle
from forum.events.queries import answers
from forum.extensions import db
from forum.notifications.operations import notify

LASTS = timedelta(hours=24)  # the link in the mail
SAME_FORM = timedelta(minutes=1)  # sent again within it, a form is one form


class LinkOver(Refusal):
    """A link that is forged, used up or too old. One answer for all of them."""

    def __init__(self) -> None:
        super().__init__(_("This link does not work any more. It works for a day."))


@operation
def ask_guest(
    *,
    occurrence: Occurrence,
    name: str,
    email: str,
    language: str,
    answer: Answer,
    party_size: int = 1,
    extras: Extras | None = None,
) -> GuestRequest:
    """Mail the owner of *email* a link to confirm this answer. Nothing is held or shown before they do.

    Who has an account with this address is answered alike, here and in the mail. Refusal as for every answer.
    """
    occurrence = lock_occurrence(occurrence)
    check_answer(occurrence, answer, party_size)
    extras = extras or Extras()
    now, said = clock.now(), {
        "name": name.strip(), "email": fold(email), "answer": answer, "party_size": party_size,
        "shown_neighborhood_id": extras.shown_neighborhood_id, "needs": extras.needs.said,
        "remind_day": extras.remind_day, "remind_hours": extras.remind_hours,
    }  # fmt: skip
    before = db.session.scalars(answers.latest_request(occurrence.id, fold(email), now - SAME_FORM)).first()
    if before is not None and all(getattr(before, name) == value for name, value in said.items()):
        return before
    request = GuestRequest(
        occurrence=occurrence, language=language, nonce=random_token(), expires_at=now + LASTS, **said
    )
    db.session.add(request)
    db.session.flush()
    kind = EventNotice.GUEST_CONFIRM
    notify(person_id=None, language=language, kind=kind, key=f"{kind}:{request.id}", subject_id=request.id)
    return request


def request_token(request: GuestRequest) -> str:
    """What the mailed link carries. The table alone does not give it, nor the key alone."""
    return sealed(request.id, _purpose(request))


def find_request(token: str) -> GuestRequest:
    """The answer to confirm, or confirmed within its day, behind a mailed *token*; raises LinkOver."""
    number = token.partition(".")[0]
    known = number.isascii() and number.isdigit() and len(number) <= 10 and int(number) <= LARGEST_ID
    request = db.session.get(GuestRequest, int(number)) if known else None
    if request is None or unsealed(token, _purpose(request)) is None or request.expires_at <= clock.now():
        raise LinkOver
    return request


@operation
def confirm_guest(token: str) -> Rsvp:
    """Count the answer behind a mailed *token*, in the same line as everyone's; confirming twice is confirming once.

    The mailbox's owner has one answer a date: their guest answer, or the account's when the address has one, is
    changed. Raises LinkOver, and Refusal as for every answer.
    """
    found = find_request(token)
    number, occurrence = found.id, lock_occurrence(found.occurrence)
    request = db.session.get(GuestRequest, number, populate_existing=True)
    if request is None:
        raise LinkOver  # forgotten while we waited for the lock
    if request.rsvp is not None:
        return request.rsvp
    rsvp = _answer_of(request, occurrence)
    settle(occurrence, rsvp, request.answer, request.party_size)
    extras = Extras(
        shown_neighborhood_id=request.shown_neighborhood_id,
        keeps_attendance=rsvp.keeps_attendance,
        remind_day=request.remind_day,
        remind_hours=request.remind_hours,
        needs=Needs(**request.needs),
    )
    keep_extras(rsvp=rsvp, extras=extras)
    db.session.execute(answers.forget_earlier(request))
    request.rsvp_id, request.name, request.email, request.needs = rsvp.id, "", "", {}
    db.session.flush()
    return rsvp


@operation
def change_guest(*, rsvp: Rsvp, answer: Answer, party_size: int, extras: Extras | None = None) -> Rsvp:
    """Change an answer by its mailed link, under everyone's rules; *extras* None leaves them."""
    occurrence = lock_occurrence(rsvp.occurrence)
    db.session.refresh(rsvp)
    settle(occurrence, rsvp, answer, party_size)
    if extras is not None:
        keep_extras(rsvp=rsvp, extras=extras)
    return rsvp


@operation
def forget_requests() -> int:
    """Remove every request whose day is over; returns how many."""
    statement = sa.delete(GuestRequest).where(GuestRequest.expires_at <= clock.now())
    statement = statement.execution_options(synchronize_session=False)
    return int(db.session.execute(statement).rowcount)  # type: ignore[attr-defined]


def _purpose(request: GuestRequest) -> str:
    return f"guest request:{request.nonce}"


def _answer_of(request: GuestRequest, occurrence: Occurrence) -> Rsvp:
    """The answer that the mailbox's owner has, or a new one."""
    person = db.session.scalars(person_by_email(request.email)).first()
    if person is not None and person.is_active:
        return _own_answer(person, occurrence)
    guest = db.session.scalars(answers.answer_of_guest(occurrence.id, request.email)).first()
    if guest is None:
        guest = Rsvp(occurrence=occurrence, email=request.email, place=Place.NONE, party_size=1)
    guest.name, guest.language = request.name, request.language
    return guest


def _own_answer(person: Person, occurrence: Occurrence) -> Rsvp:
    found = db.session.scalars(answers.answer_of_person(occurrence.id, person.id)).first()
    return found or Rsvp(occurrence=occurrence, person_id=person.id, place=Place.NONE, party_size=1)
