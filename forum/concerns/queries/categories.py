"""Categories in the administrator's order."""

from __future__ import annotations

from sqlalchemy import Select, bindparam, select

from forum.concerns.models import Category


# Made once, with parameters: a concern that arrives asks them.
_OF_SLUG = select(Category).where(Category.slug == bindparam("slug"), Category.retired.is_(False))
_FRESH = select(Category).where(Category.id == bindparam("id")).execution_options(populate_existing=True)


def offered() -> Select[Category]:
    """Those on offer."""
    return select(Category).where(Category.retired.is_(False)).order_by(Category.position, Category.id)


def every() -> Select[Category]:
    """All of them, retired ones last."""
    return select(Category).order_by(Category.retired, Category.position, Category.id)


def offered_by_slug() -> Select[Category]:
    """The one on offer of this ``slug``, a parameter."""
    return _OF_SLUG


def by_id() -> Select[Category]:
    """The one of this ``id``, a parameter, as it is now, whatever was read of it before."""
    return _FRESH
