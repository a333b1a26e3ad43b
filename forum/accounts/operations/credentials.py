"""Passwords, e-mail addresses and what else people set about themselves.

Passwords arrive here as hashes: hashing takes 30 ms, and the write lock is not held meanwhile.
"""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from forum.accounts import links, queries
from forum.accounts.addresses import fold
from forum.accounts.links import LinkRefused
from forum.accounts.models import LinkPurpose, Person
from forum.accounts.operations.registering import NOBODY, close_links, mail, use_link
from forum.accounts.operations.sessions import end_sessions, lock_person
from forum.accounts.vocabulary import AccountAct, AccountMessage
from forum.audit.operations import record
from forum.core import clock, search
from forum.core.errors import Refusal
from forum.core.transactions import operation
from forum.extensions import db
from forum.notifications.operations import notify


@operation
def request_reset(*, email: str) -> None:
    """Mail a reset link to whoever has *email*; for an unknown address the same rows are written and lead nowhere.

    A person who never confirmed may reset too: following the link proves the mailbox just as well.
    """
    person = db.session.scalar(queries.person_by_email(email))
    if person is not None and (person.suspended_at or person.erased_at):
        person = None
    link = links.new_link(person.id if person else None, LinkPurpose.RESET)
    db.session.add(link)
    db.session.flush()
    mail(person.id if person else NOBODY, AccountMessage.RESET, link)


@operation
def choose_password(token: str, *, password_hash: str) -> Person:
    """Set the password by a reset link or an invitation; ends every session and every open link. Raises LinkRefused."""
    link, person = use_link(token, LinkPurpose.RESET, LinkPurpose.INVITE)
    person.password_hash = password_hash
    person.confirmed_at = person.confirmed_at or clock.now()
    search.renew("person", person.id)
    end_sessions(person.id)
    close_links(person.id)
    record(actor=person, act=AccountAct.PASSWORD_RESET, subject=person, by=str(link.purpose))
    if link.purpose is LinkPurpose.RESET:
        _tell_of_new_password(person, f"reset:{link.id}")
    return person


@operation
def change_password(person: Person, *, proof: str | None, password_hash: str) -> None:
    """Set a new password; every session and every open link ends. *proof* as in ``start_session``."""
    require_proof(person, proof)
    person.password_hash = password_hash
    end_sessions(person.id)
    close_links(person.id)
    record(actor=person, act=AccountAct.PASSWORD_CHANGE, subject=person)
    _tell_of_new_password(person, f"change:{clock.now():%Y%m%d%H%M%S%f}")


@operation
def request_email_change(person: Person, *, proof: str | None, new_email: str) -> None:
    """Mail a link to the new address and a notice to the old one; the address changes when the link is confirmed.

    When the new address has an account, nothing goes there and the answer is the same. Raises Refusal when it is the
    old one to the letter.
    """
    require_proof(person, proof)
    if new_email == person.email:
        raise Refusal(_("This is your address already."), "email")
    taken = db.session.scalar(queries.person_by_email(new_email))
    own = taken is not None and taken.id == person.id
    close_links(person.id, LinkPurpose.CHANGE_EMAIL)
    link = links.new_link(person.id if taken is None or own else None, LinkPurpose.CHANGE_EMAIL)
    link.new_email = new_email
    if link.person_id is not None:  # the row then goes with the account
        link.old_email = person.email
    db.session.add(link)
    db.session.flush()
    mail(person.id if taken is None or own else NOBODY, AccountMessage.EMAIL_CHANGE, link)
    mail(person.id, AccountMessage.EMAIL_CHANGE_NOTICE, link)


@operation
def confirm_email_change(token: str) -> Person:
    """Use the link mailed to a new address. Raises LinkRefused, also when somebody else has that address by now."""
    link, person = use_link(token, LinkPurpose.CHANGE_EMAIL)
    taken = db.session.scalar(queries.person_by_email(link.new_email))
    if taken is not None and taken.id != person.id:
        raise LinkRefused
    try:
        with db.session.begin_nested():  # somebody may take it at this very moment
            person.email, person.email_folded = link.new_email, fold(link.new_email)
    except IntegrityError:
        raise LinkRefused from None
    close_links(person.id)
    record(actor=person, act=AccountAct.EMAIL_CHANGE, subject=person)
    return person


@operation
def change_name(person: Person, name: str) -> None:
    """Set what others see. A name that a decision had hidden is forgotten: they have chosen another."""
    person.name, person.hidden_name = name, None
    search.renew("person", person.id)


@operation
def change_language(person: Person, language: str) -> None:
    """Set the language of mail, and of pages when the browser has made no choice."""
    person.language = language


def require_proof(person: Person, proof: str | None) -> None:
    """Refuse unless the password that was checked before the operation began is still *person*'s."""
    lock_person(person)
    if not person.is_active or person.password_hash != proof:
        raise Refusal(_("Your password was changed meanwhile. Please type the new one."), "password")


def _tell_of_new_password(person: Person, occasion: str) -> None:
    kind = AccountMessage.PASSWORD_CHANGED
    notify(person_id=person.id, kind=kind, key=f"{kind}:{person.id}:{occasion}", subject_id=person.id)
