"""Whom a post can name: people who work for the agency, and its teams."""

from __future__ import annotations

from sqlalchemy import Select, select

from forum.accounts.models import STAFF, Person, Team
from forum.accounts.queries import working


def staff_names() -> Select[int, str, int | None]:
    """(id, name, team) of everybody who works here now."""
    return (
        working(*STAFF)
        .with_only_columns(Person.id, Person.name, Person.team_id)
        .order_by(Person.name, Person.id)
    )


def team_names() -> Select[int, str]:
    """(id, name) of the agency's teams."""
    return select(Team.id, Team.name).order_by(Team.name)
