"""Who may do what with areas and beats. Reading them is everybody's."""

from __future__ import annotations

from forum.accounts.models import Person, Role, Visitor
from forum.accounts.policy import can_work_for_agency

Viewer = Person | Visitor


def can_manage_beats(viewer: Viewer) -> bool:
    """Add, change and remove beats, and say who serves them."""
    return viewer.role == Role.ADMINISTRATOR


def can_serve_beat(person: Person) -> bool:
    """Whether *person* may be named as a beat's officer."""
    return person.role in (Role.OFFICER, Role.SUPERVISOR) and person.is_active and can_work_for_agency(person)
