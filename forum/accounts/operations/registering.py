"""Registering and confirming. Every path writes the same rows, so that no answer takes longer than another."""

from __future__ import annotations

import sqlalchemy as sa

from forum.accounts import links, queries
from forum.accounts.addresses import fold
from forum.accounts.links import LinkRefused
from forum.accounts.models import LinkPurpose, MailedLink, Person, Role
from forum.accounts.vocabulary import AccountAct, AccountMessage
from forum.audit.operations import record
from forum.core import clock
from forum.core.transactions import operation
from forum.extensions import db
from forum.notifications.operations import notify

NOBODY = 0  # recipient of a notification that leads nowhere: the outbox finds no such person and withdraws it


@operation
def register(*, name: str, email: str, password_hash: str, language: str) -> str:
    """Ask the owner of *email* to confirm an account; returns the mark for the browser that registered.

    Whether the address already has an account shows in the owner's mailbox alone: there a note arrives instead of a
    link. What was chosen here waits on the link, and becomes the account's when that link is confirmed.
    """
    person = _person_for(email, name, language)
    link, kind = _answer_to(person)
    if link.purpose is LinkPurpose.CONFIRM:
        link.name, link.password_hash = name, password_hash
    db.session.add(link)
    db.session.flush()
    mail(person.id, kind, link)
    return links.browser_mark(links.token(link))


@operation
def confirm_registration(token: str) -> Person:
    """Use the link mailed to who registered. Raises LinkRefused."""
    link, person = use_link(token, LinkPurpose.CONFIRM)
    if person.confirmed_at is not None:
        raise LinkRefused
    person.name, person.password_hash, person.confirmed_at = link.name, link.password_hash, clock.now()
    close_links(person.id)
    record(actor=person, act=AccountAct.REGISTER, subject=person)
    return person


def use_link(token: str, *purposes: LinkPurpose) -> tuple[MailedLink, Person]:
    """The link behind *token* and whose it is, locked and marked used; raises LinkRefused. Inside an operation only."""
    link = links.find(token, *purposes, lock=True)
    person = links.owner(link)
    link.used_at = clock.now()
    return link, person


def close_links(person_id: int, *purposes: LinkPurpose) -> None:
    """No open link of these purposes (of any, when none is named) works for the person any more."""
    condition = [MailedLink.person_id == person_id, MailedLink.used_at.is_(None)]
    if purposes:
        condition.append(MailedLink.purpose.in_(purposes))
    db.session.execute(
        sa.update(MailedLink).where(*condition).values(used_at=clock.now(), password_hash=None)
    )


def mail(person_id: int, kind: AccountMessage, link: MailedLink) -> None:
    """Tell *person_id* about the saved *link*, once."""
    notify(person_id=person_id, kind=kind, key=f"{kind}:{link.id}", subject_id=link.id)


def _answer_to(person: Person) -> tuple[MailedLink, AccountMessage]:
    """What goes to the mailbox: a link to confirm, a note, or for who was invited the invitation once more.

    An invited person never confirms a registration: its password may be a stranger's, and the account is staff's.
    """
    if person.confirmed_at is not None or person.suspended_at is not None:
        return links.new_link(None, LinkPurpose.CONFIRM), AccountMessage.ALREADY_REGISTERED
    if person.role is not Role.RESIDENT:
        return links.new_link(person.id, LinkPurpose.INVITE), AccountMessage.INVITATION
    return links.new_link(person.id, LinkPurpose.CONFIRM), AccountMessage.CONFIRM


def _person_for(email: str, name: str, language: str) -> Person:
    """Whoever has *email*, or a new unconfirmed person; two who register it at once get the same one."""
    found = db.session.scalar(queries.person_by_email(email))
    if found is not None:
        return found
    person = Person(email=email, email_folded=fold(email), name=name, role=Role.RESIDENT, language=language)
    try:
        with db.session.begin_nested():
            db.session.add(person)
    except sa.exc.IntegrityError:
        return db.session.scalars(queries.person_by_email(email)).one()
    return person
