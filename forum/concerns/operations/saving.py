"""What the desk keeps for itself: named filters and words for answers."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import func, select

from forum.accounts.models import Person
from forum.audit.operations import Actor, record
from forum.concerns.acts import ConcernAct
from forum.concerns.models import SavedView, Template
from forum.concerns.policy import can_edit_templates
from forum.concerns.queries.saved import template_named, view_named
from forum.concerns.queries.sight import sight_of
from forum.core import clock, reading
from forum.core.db import row_id
from forum.core.errors import Refusal
from forum.core.transactions import operation
from forum.extensions import db

MOST_VIEWS = 12


@operation
def save_view(*, actor: Actor, name: str, query: str) -> SavedView:
    """Keep a filter under *name*; the same name again is the new filter."""
    if not name.strip():
        raise Refusal(_("Give the view a name."), "name")
    found = db.session.scalars(view_named(row_id(actor), name.strip())).one_or_none()
    own = select(func.count()).select_from(SavedView).where(SavedView.person_id == row_id(actor))
    if found is None and (db.session.scalar(own) or 0) >= MOST_VIEWS:
        raise Refusal(_("You have %(most)s views. Remove one first.", most=MOST_VIEWS), "name")
    if found is None:
        found = SavedView(person_id=row_id(actor), name=name.strip())
        db.session.add(found)
    found.query = query
    db.session.flush()
    return found


@operation
def remove_view(*, view: SavedView) -> None:
    """Forget it."""
    db.session.delete(db.session.get_one(SavedView, row_id(view)))
    db.session.flush()


@operation
def save_template(
    *, actor: Actor, template: Template | None, name: str, language: str, text: str, title: str = ""
) -> Template:
    """Keep words for answers, with the school grade they read at. Whoever saves them has looked at them today.

    Refusal for a *name* that other words in this language have.
    """
    if not can_edit_templates(sight_of(db.session.get_one(Person, row_id(actor)))):
        raise Refusal(_("Only a supervisor changes these words."))
    found = Template() if template is None else db.session.get_one(Template, row_id(template))
    same = db.session.scalars(template_named(name.strip(), language)).one_or_none()
    if same is not None and same.id != found.id:
        raise Refusal(_("There are words of this name in this language."), "name")
    found.name, found.language, found.text = name.strip(), language, text.strip()
    found.title = title.strip()
    found.grade = reading.grade(found.text, language)
    found.reviewed_on, found.reviewed_by_id = clock.today(), row_id(actor)
    db.session.add(found)
    db.session.flush()
    record(actor=actor, act=ConcernAct.CONCERN_TEMPLATE_SAVE, subject=found)
    return found


@operation
def remove_template(*, actor: Actor, template: Template) -> None:
    """Take it from the list."""
    if not can_edit_templates(sight_of(db.session.get_one(Person, row_id(actor)))):
        raise Refusal(_("Only a supervisor changes these words."))
    found = db.session.get_one(Template, row_id(template))
    record(actor=actor, act=ConcernAct.CONCERN_TEMPLATE_SAVE, subject=found, removed=True)
    db.session.delete(found)
    db.session.flush()
