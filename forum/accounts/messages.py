"""What people are told by mail about their accounts. Links are made here, from their row: the outbox holds none."""

from __future__ import annotations

from flask_babel import gettext as _

from forum.accounts import links
from forum.accounts.models import LinkPurpose, MailedLink, Person
from forum.accounts.vocabulary import AccountMessage
from forum.core import clock
from forum.core.mail import Message, render
from forum.extensions import db
from forum.notifications.models import Notification
from forum.notifications.registry import Recipient, register_message, register_recipients


def register() -> None:
    """Tell the outbox how each kind is worded, and who people are."""
    register_recipients(recipient)
    register_message(AccountMessage.ALREADY_REGISTERED, already_registered)
    register_message(AccountMessage.CONFIRM, confirm, to_inactive=True)
    register_message(AccountMessage.EMAIL_CHANGE, email_change)
    register_message(AccountMessage.EMAIL_CHANGE_NOTICE, email_change_notice)
    register_message(AccountMessage.INVITATION, invitation, to_inactive=True)
    register_message(AccountMessage.PASSWORD_CHANGED, password_changed)
    register_message(AccountMessage.RESET, reset, to_inactive=True)


def recipient(person_id: int) -> Recipient | None:
    """The person with this id as mail needs them; None when there is nobody, or nobody any more."""
    person = db.session.get(Person, person_id)
    if person is None or person.erased_at is not None:
        return None
    return Recipient(
        id=person.id,
        address=person.email,
        language=person.language,
        name=person.name,
        active=person.is_active,
    )


def confirm(notification: Notification, to: Recipient) -> Message | None:
    """The link that finishes a registration."""
    link = _working(notification, LinkPurpose.CONFIRM)
    return link and render(
        "accounts/confirm",
        subject=_("Confirm your address"),
        url=links.address(link),
        reason=_("You get this because somebody registered with this address."),
    )


def already_registered(notification: Notification, to: Recipient) -> Message:
    """To the owner of an address that somebody registered a second time."""
    return render(
        "accounts/already_registered",
        subject=_("You have an account already"),
        reason=_("You get this because somebody registered with this address, which has an account."),
    )


def reset(notification: Notification, to: Recipient) -> Message | None:
    """The link to choose a new password."""
    link = _working(notification, LinkPurpose.RESET)
    return link and render(
        "accounts/reset",
        subject=_("Choose a new password"),
        url=links.address(link),
        reason=_("You get this because somebody asked for a new password for this address."),
    )


def invitation(notification: Notification, to: Recipient) -> Message | None:
    """The link by which an invited person comes in."""
    link = _working(notification, LinkPurpose.INVITE)
    return link and render(
        "accounts/invitation",
        subject=_("You are invited"),
        url=links.address(link),
        name=to.name,
        reason=_("You get this because an administrator of the site opened an account for you."),
    )


def password_changed(notification: Notification, to: Recipient) -> Message:
    """A notice, so that nobody's password is changed unseen."""
    return render(
        "accounts/password_changed",
        subject=_("Your password was changed"),
        at=notification.created_at,
        reason=_("You get this because you have an account."),
    )


def email_change(notification: Notification, to: Recipient) -> Message | None:
    """The link that makes a new address the account's; it goes to that address."""
    link = _working(notification, LinkPurpose.CHANGE_EMAIL)
    if link is None:
        return None
    message = render(
        "accounts/email_change",
        subject=_("Confirm your new address"),
        url=links.address(link),
        reason=_("You get this because somebody wants to use this address for their account."),
    )
    return Message(subject=message.subject, text=message.text, html=message.html, to=link.new_email)


def email_change_notice(notification: Notification, to: Recipient) -> Message:
    """To the address that is to be replaced, also when the mail is late and the new one counts already."""
    message = render(
        "accounts/email_change_notice",
        subject=_("Your e-mail address is about to change"),
        at=notification.created_at,
        reason=_("You get this because you have an account."),
    )
    link = db.session.get(MailedLink, notification.subject_id or 0)
    old = link.old_email if link is not None else ""
    return Message(subject=message.subject, text=message.text, html=message.html, to=old or to.address)


def _working(notification: Notification, purpose: LinkPurpose) -> MailedLink | None:
    """The notification's link, unless it was used, expired or replaced before the mail could go."""
    link = db.session.get(MailedLink, notification.subject_id or 0)
    if (
        link is None
        or link.used_at is not None
        or link.purpose is not purpose
        or link.expires_at <= clock.now()
    ):
        return None
    return link
