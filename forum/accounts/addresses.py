"""E-mail addresses: what counts as one, and when two are the same."""

from __future__ import annotations

import re
import unicodedata

from email_validator import EmailNotValidError, validate_email

LONGEST = 254  # RFC 5321 4.5.3.1.3, without the angle brackets
SHORT = 64  # characters, so that neither what stands before the at sign nor a part of the domain is too long
# What nearly every address looks like. The library takes as long to find nothing wrong with it as the database takes
# for three statements; a test holds the two to each other.
PLAIN = re.compile(
    r"[a-z0-9]+(?:[._+-][a-z0-9]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+(?:com|edu|gov|net|org|us)",
    re.ASCII | re.IGNORECASE,
)


def tidy(text: str | None) -> str:
    """*text* without the blanks that a phone's keyboard leaves around an address, in NFC."""
    return unicodedata.normalize("NFC", text or "").strip()


def is_address(text: str) -> bool:
    """Whether *text* can be written to (RFC 5321, RFC 6531), also in the domain ``.test`` that trials use (RFC 6761).

    No look-up is made: it would tell others who comes here.
    """
    if len(text) <= SHORT and PLAIN.fullmatch(text):
        return True
    if len(text) > LONGEST or not text.isprintable():
        return False
    try:
        validate_email(text, check_deliverability=False, allow_smtputf8=True, test_environment=True)
    except EmailNotValidError:
        return False
    return True


def fold(text: str) -> str:
    """The form under which an address is unique: case-folded NFC, the domain in its ASCII form.

    The local part is folded too, although RFC 5321 2.4 lets it differ by case: no provider gives out two such
    mailboxes, and people type their address either way.
    """
    plain = unicodedata.normalize("NFC", tidy(text).casefold())
    local, at, domain = plain.rpartition("@")
    try:
        return f"{local}{at}{domain.encode('idna').decode()}"
    except UnicodeError:
        return plain
