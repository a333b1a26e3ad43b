"""When an account is erased."""

from __future__ import annotations

import sqlalchemy as sa

from forum.core.transactions import operation
from forum.extensions import db
from forum.moderation.models import Case, Decision, Original, Report
from forum.moderation.operations.profiles import KIND as PROFILE


@operation
def forget_words_of(person_id: int) -> None:
    """Remove what a person wrote in their reports; that somebody reported stays, as part of a decision's record.

    A name that was hidden is sealed no longer: it says nothing but who they were.
    """
    db.session.execute(sa.update(Report).where(Report.reporter_id == person_id).values(words=""))
    about = sa.select(Decision.id).join(Decision.case).where(Case.kind == PROFILE, Case.thing_id == person_id)
    db.session.execute(sa.delete(Original).where(Original.decision_id.in_(about)))
