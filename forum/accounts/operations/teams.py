"""Teams: the units of the agency."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import gettext as _

from forum.accounts.models import Person, Team
from forum.accounts.operations.people import require_manager
from forum.accounts.vocabulary import AccountAct
from forum.audit.operations import record
from forum.core.errors import Refusal
from forum.core.transactions import operation
from forum.extensions import db


@operation
def add_team(*, actor: Person, name: str) -> Team:
    """A new team; refused when the name is taken."""
    require_manager(actor)
    _require_free_team_name(name)
    team = Team(name=name)
    db.session.add(team)
    db.session.flush()
    record(actor=actor, act=AccountAct.TEAM_ADD, subject=team)
    return team


@operation
def rename_team(*, actor: Person, team: Team, name: str) -> None:
    """Another name for *team*; refused when it is taken."""
    require_manager(actor)
    if name != team.name:
        _require_free_team_name(name, but=team.id)
        team.name = name
        record(actor=actor, act=AccountAct.TEAM_RENAME, subject=team)


@operation
def delete_team(*, actor: Person, team: Team) -> None:
    """Remove *team*; its people stay, without a team."""
    require_manager(actor)
    record(actor=actor, act=AccountAct.TEAM_DELETE, subject=team)
    db.session.execute(sa.update(Person).where(Person.team_id == team.id).values(team_id=None))
    db.session.delete(team)
    db.session.flush()


def _require_free_team_name(name: str, but: int | None = None) -> None:
    taken = db.session.scalar(sa.select(Team.id).where(sa.func.lower(Team.name) == name.lower()))
    if taken is not None and taken != but:
        raise Refusal(_("There is a team of this name already."), "name")
