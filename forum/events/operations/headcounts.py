"""Answering without a name: so many come, and a code to change it with."""

from __future__ import annotations

import secrets

from flask_babel import gettext as _

from forum.core.errors import Refusal
from forum.core.tokens import code_as_meant, code_for, keyed_hash, sealed, unsealed
from forum.core.transactions import operation
from forum.events.models import Answer, Occurrence, Place, Rsvp
from forum.events.operations.occurrences import lock_occurrence
from forum.events.operations.rsvp import settle
from forum.events.queries import answers
from forum.extensions import db


def new_key(occurrence_id: int) -> str:
    """A key for one form, so that a form that is sent twice counts once; it proves that the form is ours."""
    return sealed(secrets.randbits(49), _purpose(occurrence_id))


@operation
def add_headcount(*, occurrence: Occurrence, key: str, party_size: int) -> tuple[Rsvp, str]:
    """Count a party that comes; returns the answer and the code of 40 bits that changes it, which is kept nowhere.

    The code follows from the form's *key*, so that the same form again is told the same code and nothing changes.
    Refusal for a key that we did not make for this date, and as for every answer.
    """
    occurrence = lock_occurrence(occurrence)
    if unsealed(key, _purpose(occurrence.id)) is None:
        raise Refusal(_("This form is too old or incomplete. Please send it again."), "key")
    code = code_of(key)
    found = find_headcount(occurrence.id, code)
    if found is not None:
        return found, code
    rsvp = Rsvp(occurrence=occurrence, code_hash=_hash(occurrence.id, code), place=Place.NONE, party_size=1)
    return settle(occurrence, rsvp, Answer.GOING, party_size), code


def code_of(key: str) -> str:
    """The code that a form with this *key* is told."""
    return code_for(key.lower(), "code of a headcount")


def find_headcount(occurrence_id: int, code: str) -> Rsvp | None:
    """The answer to this date that *code* opens, however it was typed (O for 0, small letters, blanks)."""
    return db.session.scalars(answers.answer_by_code(_hash(occurrence_id, code))).first()


@operation
def change_headcount(*, rsvp: Rsvp, answer: Answer, party_size: int) -> Rsvp:
    """Change an answer on the word of who knows its code, under everyone's rules."""
    occurrence = lock_occurrence(rsvp.occurrence)
    db.session.refresh(rsvp)
    return settle(occurrence, rsvp, answer, party_size)


def _hash(occurrence_id: int, code: str) -> str:
    """Codes open one date only: a guess tries the few answers of that date, not everybody's."""
    return keyed_hash(f"{occurrence_id}:{code_as_meant(code)}", "headcount")


def _purpose(occurrence_id: int) -> str:
    return f"headcount:{occurrence_id}"
