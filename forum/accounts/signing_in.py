"""Proving who somebody is, and giving the browser its session.

Signing in has two steps, and whatever comes between them (a second factor, an answer from another identity provider)
needs neither changed:

1. :func:`authenticate` turns an address and a password into a :class:`Proof`. A provider's answer would make one too.
2. :func:`complete_sign_in` turns a proof into a session. A second factor goes between: keep the proof's person id and
   hash in the visitor's session, show its page, and call this once the factor is right. Nothing else opens a session.

Both are logged with the person's id, never with what was typed (ASVS 5.0, 16.3.1).
"""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from flask import request, session
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user

from forum.accounts import passwords, queries, throttle
from forum.accounts.devices import device_name
from forum.accounts.models import Person
from forum.accounts.operations.sessions import end_session, start_session
from forum.core.errors import Refusal
from forum.extensions import db

log = structlog.get_logger("forum.security")


@dataclass(frozen=True)
class Proof:
    """*person* knew the password behind *password_hash*. *new_hash*: the same password under today's parameters."""

    person: Person
    password_hash: str | None
    new_hash: str | None = None


def authenticate(email: str, password: str) -> Proof:
    """Check a password. Raises Refusal with the same words for a wrong password, an unknown, an unconfirmed and a
    suspended address, after the same work; TooManyTries when the account or the sender has had too many.
    """
    throttle.count_try(email)
    person = db.session.scalar(queries.person_by_email(email))
    stored = person.password_hash if person is not None and person.is_active else None
    if not passwords.matches(stored, password) or person is None or stored is None:
        throttle.was_wrong()
        log.warning("sign-in refused", person=person.id if person is not None else None)
        raise Refusal(
            _(
                "This address and password do not go together. If you have just registered, follow the link in "
                "our mail first."
            )
        )
    throttle.was_right(email)
    return Proof(person, stored, passwords.hash_password(password) if passwords.outdated(stored) else None)


def complete_sign_in(proof: Proof, *, stay: bool) -> None:
    """Open a session for a proven person and put it into the browser, under a new id and a new CSRF token.

    Whoever was signed in here before is signed out.
    """
    person = proof.person
    before = current_user.session_id if current_user.is_authenticated else None
    start_session(
        person,
        proof=proof.password_hash,
        stay=stay,
        new_hash=proof.new_hash,
        device=device_name(request.user_agent.string),
    )
    if before is not None:
        end_session(before)
    session.clear()
    login_user(person)
    session.pop("_id", None)  # a hash of address and browser that Flask-Login makes and nothing here reads
    session.pop("_fresh", None)
    session.permanent = stay
    log.info("signed in", person=person.id, session=person.session_id, stay=stay)
    if stay:
        throttle.know_browser(person.email)


def sign_out() -> None:
    """End this browser's session on the server, and empty its cookie."""
    session_id = current_user.session_id if current_user.is_authenticated else None
    if session_id is not None:
        end_session(session_id)
        log.info("signed out", person=current_user.id, session=session_id)
    logout_user()
    session.clear()


def prove_again(person: Person, password: str) -> str | None:
    """The hash that *password* of the signed-in *person* matches, for operations that ask for a proof.

    Raises Refusal beside the field ``password``, TooManyTries after too many.
    """
    throttle.count_try(person.email)
    stored = person.password_hash
    if not passwords.matches(stored, password):
        throttle.was_wrong()
        log.warning("own password wrong", person=person.id)
        raise Refusal(_("This is not your password."), "password")
    throttle.was_right(person.email)
    return stored
