"""Concerns, raised and worked through the same operations as everyone's. Call inside a unit of work."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from forum.accounts.models import Person, Role
from forum.concerns.models import Category, Closing, Concern, Dispute, Holiday, Mode
from forum.concerns.operations.disputing import dispute_concern
from forum.concerns.operations.hours import add_holiday
from forum.concerns.operations.submitting import Contact, Told, submit_concern
from forum.concerns.operations.working import close_concern
from forum.concerns.receipts import new_code
from forum.core import clock
from forum.extensions import db
from tests.factories import accounts

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


def noon(days: int) -> datetime:
    """The agency's noon so many *days* from today: however late it is now, so many days lie between."""
    return clock.to_utc(datetime.combine(clock.today() + timedelta(days=days), time(12)), clock.agency_zone())


def holiday(day: date = date(2030, 7, 4), name: str = "Independence Day") -> Holiday:
    """A day when nobody is there."""
    return add_holiday(actor=None, day=day, name=name)


def dispute(made: Concern, closed_by: Person | None = None) -> Dispute:
    """That its person says it was closed wrongly; an open one is closed first, by *closed_by* or an officer."""
    if made.is_open:
        closer = closed_by or accounts.person(Role.OFFICER)
        close_concern(actor=closer, concern=made, closed_as=Closing.REFERRED, text="The city does that.")
    dispute_concern(concern=made, words="The lamp is still dark.")
    return db.session.scalars(select(Dispute).where(Dispute.concern_id == made.id)).one()
