"""What administrators do: invite staff, give roles, teams and superiors, suspend and restore."""

from __future__ import annotations

from flask_babel import gettext as _

from forum.accounts import links, policy, queries
from forum.accounts.addresses import fold
from forum.accounts.models import LinkPurpose, Person, Role
from forum.accounts.operations.registering import close_links, mail
from forum.accounts.operations.sessions import end_sessions
from forum.accounts.vocabulary import AccountAct, AccountMessage
from forum.audit.operations import Actor, record
from forum.core import clock, search
from forum.core.errors import Refusal
from forum.core.transactions import operation
from forum.extensions import db


@operation
def add_person(
    *,
    name: str,
    email: str,
    role: Role,
    password_hash: str | None,
    language: str = "en",
    actor: Actor | None = None,
    title: str = "",
    public_contact: str = "",
    team_id: int | None = None,
    answers_to_id: int | None = None,
) -> Person:
    """A confirmed person made without a mail: by the command line, the demonstration town and tests."""
    person = _new_person(
        email,
        name=name,
        role=role,
        language=language,
        title=title,
        team_id=team_id,
        answers_to_id=answers_to_id,
        public_contact=public_contact,
    )
    person.password_hash, person.confirmed_at = password_hash, clock.now()
    search.renew("person", person.id)
    record(actor=actor, act=AccountAct.REGISTER, subject=person, role=str(role))
    return person


@operation
def invite_person(
    *,
    actor: Person,
    name: str,
    email: str,
    role: Role,
    language: str = "en",
    title: str = "",
    team_id: int | None = None,
) -> Person:
    """Make an account for somebody of the agency or a partner, who chooses a password by a mailed link (7 days)."""
    require_manager(actor)
    person = _new_person(email, name=name, role=role, language=language, title=title, team_id=team_id)
    record(actor=actor, act=AccountAct.INVITE, subject=person, role=str(role))
    _mail_invitation(person)
    return person


@operation
def invite_again(*, actor: Person, person: Person) -> None:
    """Mail a new invitation; the one before stops working. Refused once the person has come in."""
    require_manager(actor)
    if person.confirmed_at is not None or person.erased_at is not None:
        raise Refusal(_("%(name)s has an account already.", name=person.name))
    close_links(person.id)
    record(actor=actor, act=AccountAct.INVITE, subject=person, role=str(person.role))
    _mail_invitation(person)


@operation
def edit_person(
    *,
    actor: Person,
    person: Person,
    role: Role,
    title: str,
    public_contact: str,
    team_id: int | None,
    answers_to_id: int | None,
) -> None:
    """Set what the agency says about *person*; each change of power is in the ledger. Raises Refusal."""
    require_manager(actor)
    if role != person.role:
        _change_role(actor, person, role)
    if team_id != person.team_id:
        record(actor=actor, act=AccountAct.TEAM_CHANGE, subject=person, before=person.team_id, after=team_id)
        person.team_id = team_id
    if answers_to_id != person.answers_to_id:
        _change_superior(actor, person, answers_to_id)
    if (title, public_contact) != (person.title, person.public_contact):
        record(actor=actor, act=AccountAct.PERSON_EDIT, subject=person)
        person.title, person.public_contact = title, public_contact
    search.renew("person", person.id)


@operation
def suspend_person(*, actor: Person, person: Person) -> None:
    """Nobody signs in as *person* until restored; what they wrote stays."""
    _require_standing(actor, person)
    if person.role is Role.ADMINISTRATOR:
        require_another_administrator(person)
    if person.suspended_at is None:
        person.suspended_at = clock.now()
        end_sessions(person.id)
        close_links(person.id)
        search.renew("person", person.id)
        record(actor=actor, act=AccountAct.SUSPEND, subject=person)


@operation
def restore_person(*, actor: Person, person: Person) -> None:
    """Let a suspended person sign in again."""
    _require_standing(actor, person)
    if person.suspended_at is not None:
        person.suspended_at = None
        search.renew("person", person.id)
        record(actor=actor, act=AccountAct.RESTORE, subject=person)


def require_another_administrator(person: Person) -> None:
    """Refuse what would leave the installation without an administrator. Locks them, so two cannot do it at once."""
    others = db.session.scalars(
        queries.working(Role.ADMINISTRATOR).with_only_columns(Person.id).order_by(Person.id).with_for_update()
    ).all()
    if not set(others) - {person.id}:
        raise Refusal(_("This is the last administrator. Make somebody else an administrator first."), "role")


def _new_person(email: str, **columns: object) -> Person:
    if db.session.scalar(queries.person_by_email(email)) is not None:
        raise Refusal(
            _("Somebody with this address has an account already. Find them in the list of people."), "email"
        )
    person = Person(email=email, email_folded=fold(email), **columns)
    db.session.add(person)
    db.session.flush()
    return person


def _mail_invitation(person: Person) -> None:
    link = links.new_link(person.id, LinkPurpose.INVITE)
    db.session.add(link)
    db.session.flush()
    mail(person.id, AccountMessage.INVITATION, link)


def _change_role(actor: Person, person: Person, role: Role) -> None:
    if not policy.can_change_standing(actor, person):
        raise Refusal(_("You cannot change your own role. Ask another administrator."), "role")
    if person.confirmed_at is None and person.role is Role.RESIDENT:
        # Whoever registered this address chose a password that is still waiting: it may not open a staff account.
        raise Refusal(_("%(name)s has not confirmed the address yet.", name=person.name), "role")
    if person.role is Role.ADMINISTRATOR:
        require_another_administrator(person)
    record(actor=actor, act=AccountAct.ROLE_CHANGE, subject=person, before=str(person.role), after=str(role))
    person.role = role


def _change_superior(actor: Person, person: Person, superior_id: int | None) -> None:
    if superior_id is not None:
        db.session.execute(queries.staff_by_name().with_only_columns(Person.id).with_for_update()).all()
        superior = db.session.get(Person, superior_id)
        if superior is None or not policy.can_work_for_agency(superior):
            raise Refusal(_("Please choose somebody of the agency."), "answers_to_id")
        if superior.id == person.id or queries.answers_to(superior, person):
            raise Refusal(_("%(name)s answers to this person already.", name=superior.name), "answers_to_id")
    record(
        actor=actor,
        act=AccountAct.SUPERIOR_CHANGE,
        subject=person,
        before=person.answers_to_id,
        after=superior_id,
    )
    person.answers_to_id = superior_id
    db.session.flush()


def require_manager(actor: Person) -> None:
    if not policy.can_manage_people(actor):
        raise Refusal(_("Only administrators do this."))


def _require_standing(actor: Person, person: Person) -> None:
    if not policy.can_change_standing(actor, person):
        raise Refusal(_("You cannot do this to your own account. Ask another administrator."))


@operation
def hide_name(person: Person, stand_in: str) -> None:
    """Let others read *stand_in* until *person* chooses another name, or has this one back."""
    if person.hidden_name is None:
        person.hidden_name, person.name = person.name, stand_in
        search.renew("person", person.id)


@operation
def give_name_back(person: Person) -> None:
    """Let others read the name again that was hidden; nothing happens where another was chosen meanwhile."""
    if person.hidden_name is not None:
        person.name, person.hidden_name = person.hidden_name, None
        search.renew("person", person.id)
