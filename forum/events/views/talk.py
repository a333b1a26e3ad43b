"""An event as other slices talk about it."""

from __future__ import annotations

from flask import url_for

from forum.accounts.models import Person, Visitor
from forum.events import policy
from forum.events.queries import single
from forum.extensions import db


def is_public(event_id: int) -> bool:
    """Whether everybody sees the event."""
    found = db.session.scalars(single.event_by_id(Visitor(), event_id)).unique().first()
    return found is not None and found.is_public


def subject(viewer: Person | Visitor, event_id: int) -> tuple[str, str] | None:
    """(title, address) of an event that *viewer* may see; None for another."""
    found = db.session.scalars(single.event_by_id(viewer, event_id)).unique().first()
    if found is None or not policy.can_see_event(viewer, found):
        return None
    return found.title, url_for("events.event", event_id=found.id, slug=found.slug)
