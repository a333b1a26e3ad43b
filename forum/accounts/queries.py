"""Who has an account, which sessions are open, who answers to whom."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from forum.accounts.addresses import fold
from forum.accounts.models import STAFF, MailedLink, Person, Role, Session, Team, Visitor
from forum.core import clock
from forum.core.prepared import PreparedSelect
from forum.extensions import db

Viewer = Person | Visitor


def person_by_email(email: str) -> sa.Select[Person]:
    """The person with this address, however it is typed."""
    return sa.select(Person).where(Person.email_folded == fold(email))


def working(*roles: Role) -> sa.Select[Person]:
    """Whoever is of one of these *roles* and works here now: their account is confirmed, and open."""
    return sa.select(Person).where(
        sa.or_(*(Person.role == role for role in sorted(roles))),
        Person.confirmed_at.is_not(None),
        Person.suspended_at.is_(None),
        Person.erased_at.is_(None),
    )


_OPEN_SESSION = PreparedSelect(
    sa.select(Person, Session.id, Session.seen_at)
    .join(Session, Session.person_id == Person.id)
    .where(
        Session.token_hash == sa.bindparam("token_hash"),
        Session.expires_at > sa.bindparam("now"),
        Person.confirmed_at.is_not(None),
        Person.suspended_at.is_(None),
        Person.erased_at.is_(None),
    )
)


def open_session() -> PreparedSelect:
    """The person, session id and last touch behind a session token's hash; nothing once it ended or they may not enter.

    Its parameters are ``token_hash`` and ``now``. One look-up a request: the role is read with it, so a demoted officer
    is out at the next request.
    """
    return _OPEN_SESSION


def session_of(viewer: Viewer, session_id: int) -> sa.Select[Session]:
    """The session with this id when it is the viewer's own, else nothing."""
    own = Session.person_id == (viewer.id or 0)
    return sa.select(Session).where(Session.id == bounded(session_id), own)


def bounded(number: int | None) -> int:
    """*number* when it can be an id, else 0, which never is one: a database refuses integers that are too large."""
    return number if number is not None and 0 < number < 2**31 else 0


def sessions_of(person: Person) -> sa.Select[Session]:
    """The open sessions of *person*, the last used first."""
    return (
        sa.select(Session)
        .where(Session.person_id == person.id, Session.expires_at > clock.now())
        .order_by(Session.seen_at.desc(), Session.id.desc())
    )


def link_by_id(link_id: int) -> sa.Select[MailedLink]:
    """A mailed link with its person, locked where the database can."""
    return sa.select(MailedLink).where(MailedLink.id == link_id).options(joinedload(MailedLink.person))


def people_listed(
    viewer: Viewer, *, words: str = "", after: Person | None = None, limit: int = 50
) -> sa.Select[Person]:
    """People for an administrator by name, *limit* + 1 of them behind *after*; for everybody else none.

    *words* must each occur in the name or the address. Erased accounts are not listed.
    """
    select = (
        sa.select(Person)
        .options(joinedload(Person.team), joinedload(Person.answers_to))
        .where(Person.erased_at.is_(None), sa.true() if viewer.role == Role.ADMINISTRATOR else sa.false())
        .order_by(Person.name, Person.id)
        .limit(limit + 1)
    )
    for word in words.split()[:6]:
        select = select.where(
            sa.or_(
                sa.func.lower(Person.name).contains(word.lower(), autoescape=True),
                Person.email_folded.contains(word.casefold(), autoescape=True),
            )
        )
    if after is not None:
        behind = sa.tuple_(sa.literal(after.name), sa.literal(after.id))
        select = select.where(sa.tuple_(Person.name, Person.id) > behind)
    return select


def staff_by_name() -> sa.Select[Person]:
    """Everyone who can work for the agency now, for «answers to» and hosts."""
    return (
        sa.select(Person)
        .where(Person.role.in_(STAFF), Person.erased_at.is_(None), Person.suspended_at.is_(None))
        .order_by(Person.name, Person.id)
    )


def names_of(ids: Collection[int]) -> sa.Select[int, str]:
    """Ids and names of those among *ids* who still have an account."""
    return sa.select(Person.id, Person.name).where(Person.id.in_(ids), Person.erased_at.is_(None))


def chain_above(person_id: int) -> sa.Select[int]:
    """The ids of everyone *person_id* answers to, directly or through others; ends even if the data held a circle."""
    chain = (
        sa.select(Person.answers_to_id.label("id")).where(Person.id == person_id).cte("chain", recursive=True)
    )
    above = sa.select(Person.answers_to_id).join(chain, Person.id == chain.c.id)
    return sa.select(chain.union(above).c.id).where(sa.column("id").is_not(None))


def answers_to(person: Person, superior: Person) -> bool:
    """Whether *person* answers to *superior*, directly or through others. Nobody answers to himself."""
    return superior.id in set(db.session.scalars(chain_above(person.id)))


def teams_by_name() -> sa.Select[Team]:
    """Every team."""
    return sa.select(Team).order_by(Team.name)


def teams_with_sizes() -> sa.Select[Team, int]:
    """Every team with the number of people in it."""
    return (
        sa.select(Team, sa.func.count(Person.id))
        .outerjoin(Person, sa.and_(Person.team_id == Team.id, Person.erased_at.is_(None)))
        .group_by(Team.id)
        .order_by(Team.name)
    )
