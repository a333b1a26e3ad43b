"""Keeping words that are not sent yet."""

from __future__ import annotations

import sqlalchemy as sa

from forum.accounts.models import Person
from forum.core import clock
from forum.core.db import row_id
from forum.core.transactions import operation
from forum.discussions.models import Draft
from forum.discussions.operations.attaching import KEEP, forget_waiting
from forum.discussions.operations.written import LONGEST_TEXT, LONGEST_TITLE
from forum.extensions import db

LONGEST_TAGS = 240
LONGEST_HOUR = 16  # 2026-12-01T18:30


@operation
def keep_draft(
    *,
    actor: Person,
    place: str,
    text: str,
    title: str = "",
    tags: str = "",
    opens: str = "",
    as_resident: bool = False,
) -> None:
    """Keep what *actor* has written so far in *place*, instead of what was kept before; blank ones not at all."""
    _remove(actor, place)
    if text.strip() or title.strip():
        db.session.add(
            Draft(
                person_id=row_id(actor), place=place, text=text[:LONGEST_TEXT], title=title[:LONGEST_TITLE],
                tags=tags[:LONGEST_TAGS], opens=opens[:LONGEST_HOUR], as_resident=as_resident,
            )
        )  # fmt: skip
    db.session.flush()


@operation
def forget_draft(*, actor: Person, place: str) -> None:
    """Remove it, with the pictures that waited there: it was sent, or is no longer wanted."""
    _remove(actor, place)
    forget_waiting(actor=actor, place=place)


@operation
def forget_old_drafts() -> int:
    """Remove what nobody has touched for two months; returns how many."""
    old = sa.delete(Draft).where(Draft.kept_at < clock.now() - KEEP)
    return int(db.session.execute(old).rowcount)  # type: ignore[attr-defined]


def _remove(actor: Person, place: str) -> None:
    db.session.execute(sa.delete(Draft).where(Draft.person_id == row_id(actor), Draft.place == place))
