"""Mailed links: the token is made from the row, so the outbox holds no secret and a mail can be rendered at delivery.

A token is ``<id>.<mac>``: the row's id and 128 bits of an HMAC over purpose, id and nonce under the installation's key.
The table alone does not give it, and neither does the key alone. The address begins with the configured base URL, never
with what the Host header says.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta

from flask import current_app
from flask_babel import gettext as _

from forum.accounts import queries
from forum.accounts.models import LinkPurpose, MailedLink, Person
from forum.core import clock
from forum.core.errors import Refusal
from forum.core.tokens import keyed_hash
from forum.extensions import db


class LinkRefused(Refusal):
    """A mailed link that is forged, used, too old or not for this. One answer for all of them."""

    def __init__(self) -> None:
        super().__init__(_("This link does not work any more. Links work once, and only for a while."))


LIFE = {
    LinkPurpose.CHANGE_EMAIL: timedelta(days=1),
    LinkPurpose.CONFIRM: timedelta(days=3),
    LinkPurpose.INVITE: timedelta(days=7),
    LinkPurpose.RESET: timedelta(hours=1),
}
ENDPOINT = {
    LinkPurpose.CHANGE_EMAIL: "accounts.confirm_email",
    LinkPurpose.CONFIRM: "accounts.confirm",
    LinkPurpose.INVITE: "accounts.choose_password",
    LinkPurpose.RESET: "accounts.choose_password",
}


def new_link(person_id: int | None, purpose: LinkPurpose) -> MailedLink:
    """An unsaved link that ends after the time its purpose gives; *person_id* None makes one that leads nowhere."""
    return MailedLink(
        person_id=person_id,
        purpose=purpose,
        nonce=secrets.token_urlsafe(16),
        expires_at=clock.now() + LIFE[purpose],
    )


def token(link: MailedLink) -> str:
    """What the mail carries for a saved *link*."""
    return f"{link.id}.{_mac(link)}"


def id_in(text: str) -> int | None:
    """The id that a token claims, before anything about it is believed."""
    number = text.partition(".")[0]
    return int(number) if number.isascii() and number.isdigit() and len(number) <= 15 else None


def opens(link: MailedLink, text: str, *purposes: LinkPurpose) -> bool:
    """Whether *text* is *link*'s token, and the link is unused, unexpired, somebody's and for one of *purposes*."""
    genuine = hmac.compare_digest(token(link).encode(), text.encode("utf-8", "replace"))
    fresh = link.used_at is None and link.expires_at > clock.now()
    return genuine and fresh and link.person_id is not None and link.purpose in purposes


def address(link: MailedLink) -> str:
    """The absolute URL to mail."""
    base: str = current_app.config["FORUM"].base_url
    path = current_app.url_map.bind("").build(ENDPOINT[link.purpose], {"token": token(link)})
    return f"{base}{path}"


def find(text: str, *purposes: LinkPurpose, lock: bool = False) -> MailedLink:
    """The working link behind a token, with its person; raises LinkRefused. *lock* it to use it in an operation."""
    link_id = id_in(text)
    select = queries.link_by_id(queries.bounded(link_id))
    link = db.session.scalar(select.with_for_update(of=MailedLink) if lock else select)
    if link is None or not opens(link, text, *purposes):
        raise LinkRefused
    return link


def owner(link: MailedLink) -> Person:
    """Whose a working link is; raises LinkRefused when it is nobody's, or of somebody who may not come in."""
    person = link.person
    if person is None or person.suspended_at or person.erased_at:
        raise LinkRefused
    return person


def browser_mark(link_token: str) -> str:
    """What the browser that registered keeps, so that confirming in the same browser signs in. Reveals nothing."""
    return keyed_hash(link_token, "browser that registered")


def _mac(link: MailedLink) -> str:
    return keyed_hash(f"{link.purpose}:{link.id}:{link.nonce}", "mailed link")[:32]
