"""Whom a post can name: people who work for the agency, and its teams."""

from __future__ import annotations

from sqlalchemy import Select, select

from forum.accounts.models import STAFF, Person, Team


def staff_names() -> Select[int, str, int | None]:
    """(id, name, team) of everybody who works here now."""
    return (
        select(Person.id, Person.name, Person.team_id)
        .where(
            Person.role.in_(STAFF),
            Person.confirmed_at.is_not(None),
            Person.suspended_at.is_(None),
            Person.erased_at.is_(None),
        )
        .order_by(Person.name, Person.id)
    )


def team_names() -> Select[int, str]:
    """(id, name) of the agency's teams."""
    return select(Team.id, Team.name).order_by(Team.name)
