"""Words that are not sent yet."""

from __future__ import annotations

from sqlalchemy import Select, select

from forum.discussions.models import Draft


def draft_of(person_id: int, place: str) -> Select[Draft]:
    """What somebody has begun in *place*."""
    return select(Draft).where(Draft.person_id == person_id, Draft.place == place)
