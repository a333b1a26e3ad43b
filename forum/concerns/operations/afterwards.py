"""What people say once their concern is closed: two answers, torn from the concern at once."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from forum.concerns.models import Afterwards, Concern, Question, Status, Verdict
from forum.concerns.operations.keeping import lock_concern
from forum.core import clock
from forum.core.errors import Refusal
from forum.core.intake import LARGEST_ID
from forum.core.tokens import random_token, sealed, unsealed
from forum.core.transactions import operation
from forum.extensions import db

PURPOSE = "concern afterwards"


def afterwards_token(concern: Concern) -> str | None:
    """What the address of the two questions carries; None while the concern is open, or when they were answered."""
    if concern.status is not Status.CLOSED or concern.asked:
        return None
    return sealed(concern.id, PURPOSE)


def find_asked(token: str) -> Concern | None:
    """The closed concern whose questions *token* opens, answered or not; None for every token that is none."""
    number = unsealed(token, PURPOSE)
    concern = db.session.get(Concern, number) if number is not None and number <= LARGEST_ID else None
    return concern if concern is not None and concern.status is Status.CLOSED else None


@operation
def answer_afterwards(*, concern: Concern, said: Mapping[Question, Verdict]) -> None:
    """Keep each answer as a row of its own, with the month and the neighborhood; sent again, the first stay."""
    concern = lock_concern(concern)
    if concern.asked:
        return
    if concern.status is not Status.CLOSED:
        raise Refusal(_("This concern is open again. Tell us once it is closed."))
    concern.asked = True
    month = f"{clock.today():%Y-%m}"
    for question, verdict in said.items():
        row = Afterwards(
            key=random_token(),
            question=question,
            verdict=verdict,
            month=month,
            neighborhood_id=concern.neighborhood_id,
        )
        db.session.add(row)
    db.session.flush()
