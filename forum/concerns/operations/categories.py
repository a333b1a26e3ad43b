"""The administrator's list of what concerns can be about, and what is promised for each."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, fields

from flask_babel import gettext as _
from sqlalchemy import func, select

from forum.audit.operations import Actor, record
from forum.concerns.acts import ConcernAct
from forum.concerns.models import Category
from forum.concerns.operations.timing import keep_all_due
from forum.core.errors import Refusal
from forum.core.transactions import operation
from forum.extensions import db

PROMISES = ("answer_hours", "acknowledge_hours", "update_days", "closing_days")


@dataclass(frozen=True, kw_only=True)
class CategoryDetails:
    """A category as its form has it. *names* and *abouts*: one text a language, English at least."""

    names: dict[str, str]
    abouts: dict[str, str]
    answer_hours: int
    acknowledge_hours: int
    update_days: int
    closing_days: int
    position: int | None = None
    warns: bool = False
    concerns_staff: bool = False
    tip_line: bool = False
    retired: bool = False


@operation
def save_category(
    *, actor: Actor | None, details: CategoryDetails, category: Category | None = None
) -> Category:
    """Add a category, or change *category*; the word it has in addresses never changes. What is promised from now on
    holds for open concerns too."""
    _check(details)
    new = category is None
    if category is None:
        category = Category(slug=_slug(details.names["en"]), names={}, abouts={}, position=_last() + 1)
        db.session.add(category)
    before = [getattr(category, name) for name in PROMISES]
    for field in fields(details):
        if field.name != "position":
            setattr(category, field.name, getattr(details, field.name))
    category.names, category.abouts = _filled(details.names), _filled(details.abouts)
    if details.position is not None:
        category.position = details.position
    db.session.flush()
    if not new and before != [getattr(category, name) for name in PROMISES]:
        keep_all_due(category.id)
    act = ConcernAct.CATEGORY_CREATE if new else ConcernAct.CATEGORY_CHANGE
    record(actor=actor, act=act, subject=category, **{name: getattr(category, name) for name in PROMISES})
    return category


def _check(details: CategoryDetails) -> None:
    if not details.names.get("en", "").strip():
        raise Refusal(_("Give it a name in English."), "name_en")
    if not details.abouts.get("en", "").strip():
        raise Refusal(_("Say in English, in one sentence, what belongs here."), "about_en")
    for name in PROMISES:
        if getattr(details, name) < 1:
            raise Refusal(_("Give a number of at least 1."), name)


def _filled(texts: dict[str, str]) -> dict[str, str]:
    return {tag: text.strip() for tag, text in texts.items() if text.strip()}


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].rstrip("-") or "category"
    if db.session.scalar(select(Category.id).where(Category.slug == slug)) is not None:
        raise Refusal(_("There is one of this name already."), "name_en")
    return slug


def _last() -> int:
    return db.session.scalar(select(func.max(Category.position))) or 0
