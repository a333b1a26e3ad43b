"""Categories in the administrator's order."""

from __future__ import annotations

from sqlalchemy import Select, bindparam, select

from forum.concerns.models import Category

# Made once, with a parameter: each step of raising a concern asks it.
_OF_SLUG = select(Category).where(Category.slug == bindparam("slug"), Category.retired.is_(False))


def offered() -> Select[Category]:
    """Those on offer."""
    return select(Category).where(Category.retired.is_(False)).order_by(Category.position, Category.id)


def every() -> Select[Category]:
    """All of them, retired ones last."""
    return select(Category).order_by(Category.retired, Category.position, Category.id)


def offered_by_slug() -> Select[Category]:
    """The one on offer of this ``slug``, a parameter."""
    return _OF_SLUG
