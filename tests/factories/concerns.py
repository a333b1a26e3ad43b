"""Concerns, raised and worked through the same operations as everyone's. Call inside a unit of work."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from forum.accounts.models import Person
from forum.concerns.models import Category, Concern, Dispute, Mode
from forum.concerns.operations.submitting import Contact, Told, submit_concern
from forum.concerns.receipts import new_code, random_id
from forum.extensions import db

STORY = "Cars race down Sheffield every evening after nine. My children cross there."


def category(slug: str = "speeding") -> Category:
    """One of the categories the site starts with."""
    return db.session.scalars(select(Category).where(Category.slug == slug)).one()


def told(mode: Mode = Mode.PRIVATE, **changes: Any) -> Told:
    """What somebody tells, about speeding unless told otherwise; *changes* replace fields."""
    values: dict[str, Any] = {
        "mode": mode,
        "category": category(changes.pop("category", "speeding")),
        "title": "Cars race down Sheffield",
        "story": STORY,
    }
    return Told(**(values | changes))


def concern(
    mode: Mode = Mode.PRIVATE,
    *,
    person: Person | None = None,
    contact: Contact | None = None,
    code: str | None = None,
    **changes: Any,
) -> Concern:
    """A concern that has just arrived: of *person*'s account, of who left a *contact*, or of nobody known."""
    whose = Contact(person_id=person.id) if person is not None else contact
    return submit_concern(told=told(mode, **changes), code=code or new_code(), contact=whose)


def dispute(made: Concern, closed_by: Person | None = None) -> Dispute:
    """That its person says it was closed wrongly."""
    found = Dispute(
        id=random_id(),
        concern_id=made.id,
        words="The lamp is still dark.",
        closed_by_id=closed_by.id if closed_by else None,
    )
    db.session.add(found)
    db.session.flush()
    return found
