"""When an account is erased."""

from __future__ import annotations

import sqlalchemy as sa

from forum.core.transactions import operation
from forum.extensions import db
from forum.moderation.models import Report


@operation
def forget_words_of(person_id: int) -> None:
    """Remove what a person wrote in their reports; that somebody reported stays, as part of a decision's record."""
    db.session.execute(sa.update(Report).where(Report.reporter_id == person_id).values(words=""))
