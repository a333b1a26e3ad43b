"""How often somebody may try. Counted outside the request's transaction (core/limits.py), so a refusal still counts.

An account takes five wrong passwords a minute, whoever sends them and with whatever headers: a delay of at most a
minute, never a lock. So that a stranger who keeps guessing cannot keep the owner out, a browser that has stayed signed
in before carries a mark and has five tries of its own. The owner can also come in by a reset link, which no guess uses
up.
"""

from __future__ import annotations

import hmac

import structlog
from flask import Response, after_this_request, current_app, request
from flask_babel import ngettext

from forum.accounts.addresses import fold
from forum.core import limits
from forum.core.errors import Refusal
from forum.core.tokens import keyed_hash, random_token

WRONG_PER_ACCOUNT = "5 per minute"
WRONG_PER_ADDRESS = "60 per minute"  # a whole library may share one
FORMS_PER_ADDRESS = "300 per hour"  # registering and resetting
MAILS_PER_MAILBOX = "5 per hour"
KNOWN_DAYS = 180
log = structlog.get_logger("forum.security")


class TooManyTries(Refusal):
    """Words with the wait in them; views answer 429 with Retry-After."""

    def __init__(self, seconds: int) -> None:
        minutes = max(1, -(-seconds // 60))
        log.warning("too many tries", seconds=seconds)
        super().__init__(
            ngettext(
                "These were many tries in a short time. Please wait a minute and try again.",
                "These were many tries in a short time. Please wait %(num)d minutes and try again.",
                minutes,
            )
        )
        self.seconds = seconds


def count_try(email: str) -> None:
    """Count one password for *email* before it is checked: many at once are all counted. Raises TooManyTries."""
    address = limits.address_key()
    if limits.blocked("sign-in-address", address, WRONG_PER_ADDRESS):
        raise TooManyTries(limits.retry_after("sign-in-address", address, WRONG_PER_ADDRESS))
    account = _account_key(email)
    if not limits.hit("sign-in", account, WRONG_PER_ACCOUNT):
        raise TooManyTries(limits.retry_after("sign-in", account, WRONG_PER_ACCOUNT))


def was_wrong() -> None:
    """The counted password was wrong: the address it came from counts too."""
    limits.hit("sign-in-address", limits.address_key(), WRONG_PER_ADDRESS)


def was_right(email: str) -> None:
    """The counted password was right: the account's count begins anew."""
    limits.forget("sign-in", _account_key(email), WRONG_PER_ACCOUNT)


def count_form() -> None:
    """Count one registration or reset from this address. Raises TooManyTries."""
    address = limits.address_key()
    if not limits.hit("account-form", address, FORMS_PER_ADDRESS):
        raise TooManyTries(limits.retry_after("account-form", address, FORMS_PER_ADDRESS))


def may_mail(email: str) -> bool:
    """Whether this mailbox may get one more mail of ours that anyone can cause; asked for unknown addresses too."""
    return limits.hit("account-mail", fold(email), MAILS_PER_MAILBOX)


def count_mail(email: str) -> None:
    """Count a mail that a signed-in person sends to a mailbox. Raises TooManyTries."""
    if not may_mail(email):
        raise TooManyTries(limits.retry_after("account-mail", fold(email), MAILS_PER_MAILBOX))


def know_browser(email: str) -> None:
    """Mark this browser as one the owner of *email* has used. The mark says neither who nor when."""
    mark = random_token()
    value = f"{mark}.{_mark_for(mark, email)}"
    config = current_app.config["FORUM"]

    @after_this_request
    def set_mark(response: Response) -> Response:
        response.set_cookie(
            _cookie(), value, max_age=KNOWN_DAYS * 86400, secure=config.secure, httponly=True, samesite="Lax"
        )
        return response


def forget_browser() -> None:
    """Take the mark away again."""
    if _cookie() in request.cookies:

        @after_this_request
        def remove_mark(response: Response) -> Response:
            response.delete_cookie(
                _cookie(), secure=current_app.config["FORUM"].secure, httponly=True, samesite="Lax"
            )
            return response


def _account_key(email: str) -> str:
    mark, _, proof = request.cookies.get(_cookie(), "").partition(".")
    known = hmac.compare_digest(proof.encode("utf-8", "replace"), _mark_for(mark, email).encode())
    return f"{fold(email)} {mark}" if known else fold(email)


def _mark_for(mark: str, email: str) -> str:
    return keyed_hash(f"{mark}:{fold(email)}", "browser its owner knows")


def _cookie() -> str:
    return "__Host-known" if current_app.config["FORUM"].secure else "known"
