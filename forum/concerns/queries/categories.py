"""Categories in the administrator's order."""

from __future__ import annotations

from sqlalchemy import Select, select

from forum.concerns.models import Category


def offered() -> Select[Category]:
    """Those on offer."""
    return select(Category).where(Category.retired.is_(False)).order_by(Category.position, Category.id)


def every() -> Select[Category]:
    """All of them, retired ones last."""
    return select(Category).order_by(Category.retired, Category.position, Category.id)
