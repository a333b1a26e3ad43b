"""Who may do what with accounts. A visitor is a user object too; an unknown role may nothing."""

from __future__ import annotations

from forum.accounts.models import STAFF, Person, Role, Session, Visitor

Viewer = Person | Visitor


def can_manage_people(viewer: Viewer) -> bool:
    """Invite staff, change roles and teams, suspend and restore."""
    return viewer.role == Role.ADMINISTRATOR


def can_end_session(viewer: Viewer, session: Session) -> bool:
    """A session is its owner's to end."""
    return viewer.id is not None and session.person_id == viewer.id


def can_change_standing(viewer: Viewer, person: Person) -> bool:
    """Change the role of *person*, suspend or restore them. Nobody does it to himself."""
    return can_manage_people(viewer) and viewer.id != person.id and person.erased_at is None


def can_work_for_agency(person: Person) -> bool:
    """Whether *person* may host, serve a beat or be answered to."""
    return person.role in STAFF and person.suspended_at is None and person.erased_at is None
