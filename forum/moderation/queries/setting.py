"""The agency's choices."""

from __future__ import annotations

from sqlalchemy import Select, select

from forum.moderation.models import Setting


def setting() -> Select[Setting]:
    """The one row."""
    return select(Setting).where(Setting.id == 1)
