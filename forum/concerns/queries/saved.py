"""Named filters of one person, and words for answers."""

from __future__ import annotations

from sqlalchemy import Select, select

from forum.concerns.models import SavedView, Template


def views_of(person_id: int) -> Select[SavedView]:
    """This person's filters, by name."""
    return select(SavedView).where(SavedView.person_id == person_id).order_by(SavedView.name, SavedView.id)


def view_named(person_id: int, name: str) -> Select[SavedView]:
    """This person's filter of that name."""
    return views_of(person_id).where(SavedView.name == name)


def view_of(person_id: int, view_id: int) -> Select[SavedView]:
    """The filter with this id when it is this person's own."""
    return views_of(person_id).where(SavedView.id == view_id)


def templates(language: str = "") -> Select[Template]:
    """Words for answers by name; those in *language* alone when it is given."""
    wanted = select(Template).order_by(Template.name, Template.language, Template.id)
    return wanted.where(Template.language == language) if language else wanted


def template_by_id(template_id: int) -> Select[Template]:
    """One of them."""
    return select(Template).where(Template.id == template_id)


def template_named(name: str, language: str) -> Select[Template]:
    """The words of this name in this language."""
    return select(Template).where(Template.name == name, Template.language == language)
